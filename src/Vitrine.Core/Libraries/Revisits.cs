using Microsoft.Extensions.Logging;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Libraries;

/// <summary>Starts scans of the collections that were noted for another look: an original changed while it was read, or did not settle.</summary>
public sealed class Revisits(ILibraryStore libraries, IJobStore jobs, Signals signals, TimeProvider time, ILogger<Revisits> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), new Pulse(), time, logger)
{
    private const int Limit = 1000;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var noted = await libraries.ToRevisitAsync(Limit, cancellation);
        if (noted.Count == 0) return false;
        var known = (await libraries.ListAsync(cancellation)).ToDictionary(l => l.Id);
        foreach (var group in noted.GroupBy(n => n.Library))
        {
            if (!known.TryGetValue(group.Key, out var library) || await ScanWaitsAsync(group.Key, cancellation)) continue;
            var scope = new JobScope(group.Key, library.Settings.Presets, [.. group.Select(n => n.Collection)]);
            await jobs.AddAsync(new(Handler.Scan, scope), cancellation);
        }
        signals.Work.Ring();
        return false;
    }

    /// <summary>A scan that waits for a window or a root takes none up yet: until it goes on the notes are kept, and more scans would only wait with it.</summary>
    private async Task<bool> ScanWaitsAsync(LibraryId library, CancellationToken cancellation) =>
        (await jobs.ListAsync(new(Handler.Scan, Open: true, Libraries: [library], Limit: 1), cancellation)).Items.Any(scan => (scan.Holds & ~Holds.User) != Holds.None);
}
