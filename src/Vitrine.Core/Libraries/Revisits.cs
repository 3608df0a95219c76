using Microsoft.Extensions.Logging;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries.Watching;

namespace Vitrine.Core.Libraries;

/// <summary>
/// Starts scans of the collections that were noted for another look and are due: an original changed while it was read, or did not settle.
/// Libraries that are offline keep their notes, and each library has its own turn.
/// </summary>
public sealed class Revisits(ILibraryStore libraries, IWatchStore notes, IJobStore jobs, HoldChecks checks, ILogger<Revisits> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), new Pulse(), checks.Time, logger)
{
    /// <summary>Of one library in one job.</summary>
    private const int Limit = 1000;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var started = false;
        var more = false;
        foreach (var library in await libraries.ListAsync(cancellation))
        {
            if (!checks.Reach.IsElsewhere(library.Id) && !checks.Roots.Probe(library.Root).IsHealthy(library.Mount, library.Counters.Images > 0)) continue;
            var due = await notes.ToRevisitAsync(library.Id, Time.GetUtcNow(), Limit, cancellation);
            if (due.Count == 0 || await ScanWaitsAsync(library.Id, cancellation)) continue;
            await jobs.AddAsync(new(Handler.Scan, new(library.Id, library.Settings.Presets, due)), cancellation);
            started = true;
            more |= due.Count == Limit;
        }
        if (started) checks.Signals.Work.Ring();
        return more;
    }

    /// <summary>A scan that waits for a window or a root takes none up yet: until it goes on the notes are kept, and more scans would only wait with it.</summary>
    private async Task<bool> ScanWaitsAsync(LibraryId library, CancellationToken cancellation) =>
        (await jobs.ListAsync(new(Handler.Scan, Open: true, Libraries: [library], Limit: 1), cancellation)).Items.Any(scan => (scan.Holds & ~Holds.User) != Holds.None);
}
