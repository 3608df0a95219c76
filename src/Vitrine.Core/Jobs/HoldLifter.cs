using Microsoft.Extensions.Logging;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Jobs;

/// <summary>Lifts the holds that no person has to lift, as soon as their cause is gone: a root that is back, a folder or disk that takes files again.</summary>
public sealed partial class HoldLifter(IJobStore jobs, ILibraryStore libraries, ICacheFolderStore folders, HoldChecks checks, ILogger<HoldLifter> logger)
    : PeriodicService(TimeSpan.FromSeconds(2), new Pulse(), checks.Time, logger)
{
    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var open = await jobs.ListAsync(new(Open: true, Limit: 200), cancellation);
        foreach (var job in open.Items.Where(job => (job.Holds & ~Holds.User) != Holds.None)) await LiftAsync(job, cancellation);
        return false;
    }

    private async Task LiftAsync(Job job, CancellationToken cancellation)
    {
        if (job.Holds.HasFlag(Holds.Root) && await RootIsBackAsync(job.Scope.Library, cancellation)) await LiftAsync(job, Holds.Root, cancellation);
        if ((job.Holds & (Holds.Folder | Holds.Disk)) == Holds.None || !await SomeFolderTakesFilesAsync(cancellation)) return;
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

    private async Task<bool> SomeFolderTakesFilesAsync(CancellationToken cancellation) =>
        (await folders.ListAsync(cancellation)).Any(folder =>
            folder.Active && folder.Bytes + folder.ReservedBytes < folder.LimitBytes
            && checks.Files.Probe(folder.Path, folder.Marker) is { Fault: FolderFault.None } health && health.FreeBytes > folder.FloorBytes);

    [LoggerMessage(120, LogLevel.Information, "Job {Job} goes on: {Cause} is over.")]
    private static partial void LogLifted(ILogger logger, JobId job, Holds cause);
}

/// <summary>What tells whether a cause is gone.</summary>
public sealed record HoldChecks(IRootProbe Roots, IDerivativeStore Files, Signals Signals, TimeProvider Time);
