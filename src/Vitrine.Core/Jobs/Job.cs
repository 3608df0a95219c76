namespace Vitrine.Core.Jobs;

public enum Handler
{
    /// <summary>Items are containers (ids of collections).</summary>
    Scan,

    /// <summary>Items are images.</summary>
    Derive,
}

public enum JobStatus
{
    /// <summary>Nothing accounted yet. The first accepted outcome moves it to Running; cancel to Cancelled.</summary>
    Pending,

    /// <summary>Moves to Completed in the commit that accounts the last item once planned, to Failed when it is given up, to Cancelled by a person.</summary>
    Running,

    /// <summary>Planned, and all is accounted. Nothing moves it out.</summary>
    Completed,

    /// <summary>Given up, for its reason. A retry is a new job.</summary>
    Failed,

    /// <summary>By a person. What had not started has no outcome.</summary>
    Cancelled,
}

/// <summary>Causes for which a job waits; a job with any is shown as Paused. Each cause lifts only its own.</summary>
[Flags]
public enum Holds
{
    None = 0,

    /// <summary>A person paused it.</summary>
    User = 1,

    /// <summary>Outside its time window.</summary>
    Window = 2,

    /// <summary>No cache folder takes thumbnails: read-only, below its floor, or full.</summary>
    Folder = 4,

    /// <summary><c>library-offline</c>: the root is not what it was.</summary>
    Root = 8,

    /// <summary>A disk answered with an error while writing.</summary>
    Disk = 16,
}

/// <summary>What a derive job works on.</summary>
/// <param name="Collections">Null: all of the library.</param>
/// <param name="Images">Null: all of the collections.</param>
/// <param name="Force">Also what is there already, anew.</param>
/// <param name="Failures">Only what failed so: a job that tries again. Read while it is planned, page by page.</param>
public sealed record JobScope(
    LibraryId Library, IReadOnlyList<string> Presets, IReadOnlyList<CollectionId>? Collections = null,
    IReadOnlyList<ImageId>? Images = null, bool Force = false, FailureQuery? Failures = null);

/// <summary>
/// A job to add. A scan adds its own derive job with it (its child, whose planning ends with the scan).
/// </summary>
/// <param name="Scope">A scan looks at <c>Collections</c> and below, or at the whole root; the presets are its derive job's.</param>
/// <param name="IdempotencyKey">A second job with the same key is not added; the first one is answered.</param>
public sealed record NewJob(Handler Handler, JobScope Scope, BatchClass Class = BatchClass.Normal, string? IdempotencyKey = null, JobId? Parent = null);

/// <summary>A job as people see it. <c>Completed + Skipped + Failed + Cancelled</c> never passes <c>Total</c>, and equals it at the end.</summary>
/// <param name="Total">Grows until <c>Planned</c>.</param>
/// <param name="PlanCursor">Where its planner goes on; null at the start.</param>
/// <param name="Reason">Why it failed or waits: a code of <see cref="Reason"/>, or null.</param>
/// <param name="Version">From one sequence of the store; raised with every change.</param>
public sealed record Job(
    JobId Id, Handler Handler, JobStatus Status, Holds Holds, JobScope Scope, BatchClass Class, JobId? Parent, bool Planned, string? PlanCursor,
    long Total, long Completed, long Skipped, long Failed, long Cancelled, string? Reason,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? LastProgressAt, long Version)
{
    public bool IsOver => Status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;
    public long Accounted => Completed + Skipped + Failed + Cancelled;
}
