using Microsoft.Extensions.Logging;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Jobs;

/// <summary>
/// Sets and lifts the holds that no person has to: the working hours' at their end and beginning, and lifts those that work has met with as soon as
/// their cause is gone (a root that is back, a folder or disk that takes files again). Work on demand is of no job, and is held by none of them.
/// </summary>
public sealed partial class HoldKeeper(IJobStore jobs, ILibraryStore libraries, ICacheFolderStore folders, HoldChecks checks, ILogger<HoldKeeper> logger)
    : PeriodicService(TimeSpan.FromSeconds(2), new Pulse(), checks.Time, logger)
{
    /// <summary>Less room than this below a limit or above a floor would be gone with the first group, and the job held again. Small folders count by less.</summary>
    private const long Enough = 4L << 20;
    private const long EnoughOfSmall = 64L << 10;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var working = checks.Options.Current.HoursIn(Time.LocalTimeZone).IsOpen(Time.GetUtcNow());
        string? after = null;
        do
        {
            var open = await jobs.ListAsync(new(Open: true, After: after, Limit: 200), cancellation);
            foreach (var job in open.Items)
            {
                if (HoldRule.ForHours(job.Holds, working) is { } command) await ApplyAsync(job, command, cancellation);
                if ((job.Holds & HoldRule.Met) != Holds.None) await LiftAsync(job, cancellation);
            }
            after = open.Next;
        }
        while (after is not null);
        return false;
    }

    private async Task LiftAsync(Job job, CancellationToken cancellation)
    {
        if (job.Holds.HasFlag(Holds.Root) && await RootIsBackAsync(job.Scope.Library, cancellation)) await LiftAsync(job, Holds.Root, cancellation);
        if ((job.Holds & (Holds.Folder | Holds.Disk)) == Holds.None || !await FoldersTakeAsync(job, cancellation)) return;
        await LiftAsync(job, job.Holds & (Holds.Folder | Holds.Disk), cancellation);
    }

    private Task LiftAsync(Job job, Holds cause, CancellationToken cancellation) => ApplyAsync(job, new JobCommand.Lift(cause), cancellation);

    private async Task ApplyAsync(Job job, JobCommand command, CancellationToken cancellation)
    {
        if (!await jobs.ControlAsync(job.Id, command, cancellation)) return;
        if (command is JobCommand.Hold hold) LogHeld(Logger, job.Id, hold.Cause);
        if (command is not JobCommand.Lift lift) return;
        LogLifted(Logger, job.Id, lift.Cause);
        checks.Signals.Work.Ring();
    }

    /// <summary>Said by a node that works on it: one without workers may see what they do not.</summary>
    private async Task<bool> RootIsBackAsync(LibraryId id, CancellationToken cancellation) =>
        checks.Options.Current.WorkerCount > 0 && !checks.Reach.Left.Contains(id) && (await libraries.ListAsync(cancellation)).FirstOrDefault(l => l.Id == id) is { } library
        && checks.Roots.Probe(library.Root).IsHealthy(library.Mount, library.Counters.Images > 0);

    /// <summary>Thumbnails have room somewhere, and no preset of the job waits for a disk: what failed while it was written has to take a file first.</summary>
    private async Task<bool> FoldersTakeAsync(Job job, CancellationToken cancellation)
    {
        var states = new List<FolderState>();
        foreach (var folder in await folders.ListAsync(cancellation))
        {
            var health = checks.Files.Probe(folder.Path, folder.Marker);
            var writable = health.Fault == FolderFault.None && (!job.Holds.HasFlag(Holds.Disk) || await checks.Files.TakesFilesAsync(folder.Path, cancellation));
            states.Add(new(folder, health.FreeBytes, writable, 0));
        }
        return states.Exists(state => Placement.IsEligible(state, Preset.Thumbnail.Name, EnoughIn(state.Folder)))
            && !job.Scope.Presets.Any(preset => Placement.IsAway(states, preset));
    }

    private static long EnoughIn(CacheFolder folder) => Math.Clamp(folder.LimitBytes / 64, EnoughOfSmall, Enough);

    [LoggerMessage(120, LogLevel.Information, "Job {Job} goes on: {Cause} is over.")]
    private static partial void LogLifted(ILogger logger, JobId job, Holds cause);

    [LoggerMessage(121, LogLevel.Information, "Job {Job} waits: {Cause}.")]
    private static partial void LogHeld(ILogger logger, JobId job, Holds cause);
}

/// <summary>Decides on the holds that no person sets.</summary>
public static class HoldRule
{
    /// <summary>Causes that work meets with: it sets them itself, and they are looked at until they are gone.</summary>
    public const Holds Met = Holds.Folder | Holds.Root | Holds.Disk;

    /// <summary>What the working hours ask of a job with these holds; null where nothing.</summary>
    public static JobCommand? ForHours(Holds holds, bool working) => (working, holds.HasFlag(Holds.Window)) switch
    {
        (true, true) => new JobCommand.Lift(Holds.Window),
        (false, false) => new JobCommand.Hold(Holds.Window),
        _ => null,
    };
}

/// <summary>What tells whether a cause is there or gone.</summary>
public sealed record HoldChecks(IRootProbe Roots, Reach Reach, IDerivativeStore Files, LiveOptions Options, Signals Signals, TimeProvider Time);
