using Vitrine.Core.Jobs;
using Vitrine.Server.Jobs;

namespace Vitrine.Server.Cli;

/// <summary>
/// How long jobs have been held while nothing moved. A hold that is lifted and set again, as on a disk that takes the trial file but not the
/// pictures, adds up; only an item that is found or accounted starts it anew.
/// </summary>
internal sealed class HoldWait(TimeProvider time)
{
    private TimeSpan _held;
    private long _moved = -1;
    private long? _heldAt;

    /// <summary>Takes in what is open now, and answers the sum so far. Between two looks a job counts as held where both saw it so.</summary>
    public TimeSpan Look(IReadOnlyCollection<JobShape> open)
    {
        var moved = open.Sum(job => job.TotalImages + Accounted(job));
        if (moved != _moved) (_moved, _held, _heldAt) = (moved, TimeSpan.Zero, null);
        if (!IsHeld(open))
        {
            _heldAt = null;
            return _held;
        }
        var now = time.GetTimestamp();
        if (_heldAt is { } before) _held += time.GetElapsedTime(before, now);
        _heldAt = now;
        return _held;
    }

    /// <summary>A derive job that has nothing to do yet, as that of a held scan, keeps nothing going.</summary>
    private static bool IsHeld(IReadOnlyCollection<JobShape> open) =>
        open.Any(job => job.Status == JobStatusShape.Paused)
        && !open.Any(job => job.Status != JobStatusShape.Paused && job.Type == Handler.Derive && Accounted(job) < job.TotalImages);

    private static long Accounted(JobShape job) => job.CompletedImages + job.SkippedImages + job.FailedImages + job.CancelledImages;
}
