using Vitrine.Core.Settings;

namespace Vitrine.Core.CacheFolders;

/// <param name="Repair">Take out missing and damaged blobs and queue what they showed; count wrong counters anew.</param>
/// <param name="TimeBox">Ends after so long, and goes on there the next time. Null: all of it, from the beginning.</param>
public sealed record VerifyRequest(bool Repair = false, TimeSpan? TimeBox = null);

/// <summary>One handler for all who verify: by hand or by a schedule, in one go or a part at a time, only looking or repairing.</summary>
public sealed class VerifyRun(Verifier verifier, BlobRepair repair, IBlobRemoval removal, ISettingStore settings, TimeProvider time)
{
    /// <summary>Where the last run that ended before its end goes on; a crash loses one page of it.</summary>
    private const string CursorKey = "verify-cursor";

    /// <summary>Counters of one kind that are set at a time.</summary>
    private const int RecountLimit = 1000;

    public async Task<Verification> RunAsync(VerifyRequest request, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var lacking = new Lacking();
        var taken = 0L;
        var after = request.TimeBox is null ? null : await settings.GetAsync(CursorKey, cancellation);
        var found = await verifier.VerifyAsync(new(after, PassedAsync, FoundAsync), cancellation);
        if (!request.Repair) return found;
        var jobs = await repair.QueueAsync(lacking, cancellation);
        var counters = found.CountersEqual ? 0 : await RecountAsync(cancellation);
        return found with { Repair = new(taken, lacking.Links, counters, jobs) };

        async Task<bool> PassedAsync(string? cursor)
        {
            if (request.TimeBox is not { } limit) return true;
            await settings.SetAsync(CursorKey, cursor, cancellation);
            return time.GetElapsedTime(started) < limit;
        }

        async Task FoundAsync(CacheFolder folder, BlobRow blob)
        {
            if (request.Repair && await repair.TakeOutAsync(folder, blob, lacking, cancellation)) taken++;
        }
    }

    private async Task<long> RecountAsync(CancellationToken cancellation)
    {
        var counted = 0L;
        while (await removal.RecountAsync(RecountLimit, cancellation) is { Count: > 0 } some)
        {
            counted += some.Count;
            if (some.Count < RecountLimit) break;
        }
        return counted;
    }
}
