namespace Vitrine.Core.Jobs;

/// <summary>
/// The stale clocks of jobs: see <see cref="Staleness"/>. Promise: a clock runs only while its job is served or could be, by the store's own time, and
/// never over a time in which nobody looked.
/// </summary>
public interface IJobClock
{
    /// <summary>Open jobs whose stale clock runs and is over the timeout (exactly at it is not), longest first, at most 1000. Changes nothing.</summary>
    Task<IReadOnlyList<StaleJob>> StaleAsync(TimeSpan timeout, CancellationToken cancellation);

    /// <summary>
    /// Keeps the stale clocks: starts those of open jobs that are served or could be (a batch is leased, or one is due, no hold stands and a live
    /// worker has no lease), stops the others, and starts all anew after a gap longer than <see cref="EngineLook.MaxGap"/>. Renews the locks of all
    /// open jobs in one statement.
    /// </summary>
    Task LookAsync(EngineLook look, CancellationToken cancellation);
}

/// <summary>A job over the stale timeout.</summary>
/// <param name="Idle">Since its last progress, or since it is served, whichever is later.</param>
/// <param name="SinceResumed">Since it was last resumed because of this; null where it never was.</param>
public sealed record StaleJob(Job Job, TimeSpan Idle, TimeSpan? SinceResumed)
{
    public long Remaining => Job.Total - Job.Accounted;
}

/// <param name="MaxGap">A longer time since the last look says that nothing ran meanwhile, or that the clock jumped.</param>
/// <param name="NodeLife">A node that was seen within this time is alive.</param>
/// <param name="LockTime">How long from now the locks of open jobs last.</param>
public sealed record EngineLook(TimeSpan MaxGap, TimeSpan NodeLife, TimeSpan LockTime);
