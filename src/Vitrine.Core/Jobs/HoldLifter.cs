using Microsoft.Extensions.Logging;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Jobs;

/// <summary>Lifts the holds that no person has to lift, as soon as their cause is gone: a root that is back, a folder or disk that takes files again.</summary>
public sealed partial class HoldLifter(IJobStore jobs, ILibraryStore libraries, ICacheFolderStore folders, HoldChecks checks, ILogger<HoldLifter> logger)
    : PeriodicService(TimeSpan.FromSeconds(2), new Pulse(), checks.Time, logger)
{
    /// <summary>Less room than this below a limit or above a floor would be gone with the first group, and the job held again.</summary>
    private const long Enough = 4L << 20;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        string? after = null;
        do
        {
            var open = await jobs.ListAsync(new(Open: true, After: after, Limit: 200), cancellation);
            foreach (var job in open.Items.Where(job => (job.Holds & ~Holds.User) != Holds.None)) await LiftAsync(job, cancellation);
            after = open.Next;
        }
        while (after is not null);
        return false;
    }

    private async Task LiftAsync(Job job, CancellationToken cancellation)
    {
        if (job.Holds.HasFlag(Holds.Root) && await RootIsBackAsync(job.Scope.Library, cancellation)) await LiftAsync(job, Holds.Root, cancellation);
        if ((job.Holds & (Holds.Folder | Holds.Disk)) == Holds.None || !await SomeFolderTakesThumbnailsAsync(cancellation)) return;
        await LiftAsync(job, job.Holds & (Holds.Folder | Holds.Disk), cancellation);
    }

    private async Task LiftAsync(Job job, Holds cause, CancellationToken cancellation)
    {
        if (!await jobs.ControlAsync(job.Id, new JobCommand.Lift(cause), cancellation)) return;
        LogLifted(Logger, job.Id, cause);
        checks.Signals.Work.Ring();
    }

    private async Task<bool> RootIsBackAsync(LibraryId id, CancellationToken cancellation) =>
        (await libraries.ListAsync(cancellation)).FirstOrDefault(l => l.Id == id) is { } library
        && checks.Roots.Probe(library.Root).IsHealthy(library.Mount, library.Counters.Images > 0);

    private async Task<bool> SomeFolderTakesThumbnailsAsync(CancellationToken cancellation) =>
        (await folders.ListAsync(cancellation)).Any(folder =>
            checks.Files.Probe(folder.Path, folder.Marker) is var health
            && Placement.IsEligible(new(folder, health.FreeBytes, health.Fault == FolderFault.None, 0), Preset.Thumbnail.Name, Enough));

    [LoggerMessage(120, LogLevel.Information, "Job {Job} goes on: {Cause} is over.")]
    private static partial void LogLifted(ILogger logger, JobId job, Holds cause);
}

/// <summary>What tells whether a cause is gone.</summary>
public sealed record HoldChecks(IRootProbe Roots, IDerivativeStore Files, Signals Signals, TimeProvider Time);
