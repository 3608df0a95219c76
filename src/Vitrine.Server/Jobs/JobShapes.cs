using System.Text.Json.Serialization;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Server.Derivatives;

namespace Vitrine.Server.Jobs;

/// <summary>A job's status as people see it: one that is held for any cause is Paused.</summary>
internal enum JobStatusShape { Pending, Running, Paused, Completed, Failed, Cancelled }

/// <summary>What a derive job makes: see <see cref="DeriveKind"/>.</summary>
internal enum DeriveKindShape { Thumbnails = DeriveKind.Thumbnails, Cache = DeriveKind.Cache, Both = DeriveKind.Both }

/// <summary>High is the class of the covers; what somebody looks at still comes first.</summary>
internal enum PriorityShape { High = BatchClass.Covers, Normal = BatchClass.Normal, Low = BatchClass.Low }

/// <summary>A cause that holds a job: see <see cref="Holds"/>.</summary>
internal enum HoldShape { User = Holds.User, Window = Holds.Window, Folder = Holds.Folder, Root = Holds.Root, Disk = Holds.Disk }

/// <summary>Why a job waits.</summary>
/// <param name="Code">Stable: docs/api.md lists the codes.</param>
/// <param name="Until">When it goes on by itself, where that is known.</param>
internal sealed record WaitShape(string Code, DateTimeOffset? Until);

/// <param name="Kind">What a derive job makes: thumbnails, cache (all other presets) or both; null for a scan.</param>
/// <param name="Holds">Causes that hold it.</param>
/// <param name="Waits">Why it waits; empty where it is worked on or over.</param>
/// <param name="Recipes">How its presets are made. Those of a scan are its derive job's.</param>
/// <param name="Force">Also what is there already, anew.</param>
/// <param name="Incomplete">Without what failed for a reason that will not pass.</param>
/// <param name="Planned">Whether <c>totalImages</c> is final.</param>
/// <param name="TotalImages">Items: images of a derive job, directories and archives of a scan.</param>
/// <param name="Reason">Why it failed: a reason code. Of a scan also brake, where what it found waits for approval.</param>
/// <param name="Message">The same for people.</param>
/// <param name="SecondsLeft">Of a derive job that is planned, by what its presets have cost so far, with all workers; left out where that is not known.</param>
/// <param name="Details">With <c>includeDetails</c> alone.</param>
internal sealed record JobShape(
    JobId Id, Handler Type, DeriveKindShape? Kind, JobStatusShape Status, IReadOnlyList<HoldShape> Holds, IReadOnlyList<WaitShape> Waits,
    PriorityShape Priority, LibraryId LibraryId, JobId? ParentId, IReadOnlyList<string> Presets, IReadOnlyList<PresetShape> Recipes, bool Force,
    bool Incomplete, bool Planned, long TotalImages, long CompletedImages, long SkippedImages, long FailedImages, long CancelledImages, string? Reason, string? Message,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? LastProgressAt, long Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JobDetailsShape? Details = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? SecondsLeft = null)
{
    public bool IsOver() => Status is JobStatusShape.Completed or JobStatusShape.Failed or JobStatusShape.Cancelled;

    public static JobShape Of(Job job, IReadOnlyList<Wait> waits, PresetSet presets) => new(
        job.Id, job.Handler, KindOf(job), StatusOf(job), HoldsOf(job), [.. waits.Select(wait => new WaitShape(wait.Code, wait.Until))], PriorityOf(job.Class),
        job.Scope.Library, job.Parent, job.Scope.Presets, [.. job.Scope.Presets.Select(presets.Find).OfType<Preset>().Select(PresetShape.Of)], job.Scope.Force,
        job.Scope.Incomplete, job.Planned, job.Total, job.Completed, job.Skipped, job.Failed, job.Cancelled, job.Reason, job.Message,
        job.CreatedAt, job.StartedAt, job.FinishedAt, job.LastProgressAt, job.Version);

    public static JobStatusShape StatusOf(Job job) => job.Status switch
    {
        _ when !job.IsOver && job.Holds != Core.Jobs.Holds.None => JobStatusShape.Paused,
        JobStatus.Pending => JobStatusShape.Pending,
        JobStatus.Running => JobStatusShape.Running,
        JobStatus.Completed => JobStatusShape.Completed,
        JobStatus.Failed => JobStatusShape.Failed,
        _ => JobStatusShape.Cancelled,
    };

    private static DeriveKindShape? KindOf(Job job) => job.Handler == Handler.Derive ? (DeriveKindShape)DeriveKinds.Of(job.Scope.Presets) : null;

    private static PriorityShape PriorityOf(BatchClass jobClass) => jobClass <= BatchClass.Covers ? PriorityShape.High : (PriorityShape)jobClass;

    private static HoldShape[] HoldsOf(Job job) => [.. Enum.GetValues<HoldShape>().Where(hold => job.Holds.HasFlag((Holds)hold))];
}

/// <summary>What is counted anew each time it is asked.</summary>
/// <param name="DeadBatches">Batches that died too often; their open items are failed.</param>
/// <param name="RetryImages">Items that wait for another try.</param>
/// <param name="RetryAt">When the first of these is due.</param>
/// <param name="CollectionIds">What it is limited to; null: the whole library.</param>
/// <param name="ImageIds">What it is limited to; null: all of the collections.</param>
internal sealed record JobDetailsShape(
    BatchesShape Batches, long DeadBatches, long RetryImages, DateTimeOffset? RetryAt, IReadOnlyList<CollectionId>? CollectionIds, IReadOnlyList<ImageId>? ImageIds)
{
    public static JobDetailsShape Of(Job job, JobDetails details) => new(
        new(details.Batches.Ready, details.Batches.Offered, details.Batches.Leased, details.Batches.Done, details.Batches.Dead),
        details.Batches.Dead, details.Retries, details.RetryAt, job.Scope.Collections, job.Scope.Images);
}

/// <summary>Batches by their state.</summary>
internal sealed record BatchesShape(long Ready, long Offered, long Leased, long Done, long Dead);
