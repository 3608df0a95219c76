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
    /// <summary>
    /// Nothing accounted yet. The first accepted outcome moves it to Running; planning that finds nothing to Completed; three stale timeouts to Failed;
    /// a person to Cancelled.
    /// </summary>
    Pending,

    /// <summary>
    /// Something is accounted. Moves to Completed in the commit that accounts the last item once planned, or in the planner's last step; to Failed
    /// after three stale timeouts; to Cancelled by a person.
    /// </summary>
    Running,

    /// <summary>Planned, and all is accounted. Nothing moves it out.</summary>
    Completed,

    /// <summary>Given up (<c>stalled</c>): what was open counts as failed, without rows. Nothing moves it out; a retry is a new job.</summary>
    Failed,

    /// <summary>By a person. What had not started counts as cancelled, without rows. Nothing moves it out.</summary>
    Cancelled,
}

/// <summary>Causes for which a job waits; a job with any is shown as Paused. Each cause lifts only its own (docs/job-states.md).</summary>
[Flags]
public enum Holds
{
    None = 0,

    /// <summary>A person paused it. Lifted by a person alone.</summary>
    User = 1,

    /// <summary>Outside the working hours. Set and lifted by <see cref="HoldKeeper"/>, at their end and beginning.</summary>
    Window = 2,

    /// <summary>No cache folder takes thumbnails: read-only, below its floor, or full. Lifted by <see cref="HoldKeeper"/> when one does.</summary>
    Folder = 4,

    /// <summary><c>library-offline</c>: the root is not what it was. Lifted by <see cref="HoldKeeper"/> when it is again.</summary>
    Root = 8,

    /// <summary>A disk answered with an error while writing. Lifted by <see cref="HoldKeeper"/> when a folder can be written.</summary>
    Disk = 16,

    Any = User | Window | Folder | Root | Disk,
}

/// <summary>What a derive job works on.</summary>
/// <param name="Collections">Null: all of the library.</param>
/// <param name="Images">Null: all of the collections.</param>
/// <param name="Force">Also what is there already, anew. A scan then lists everything and puts all images into its derive job.</param>
/// <param name="Incomplete">Without what stands as failed or skipped for good; with what failed otherwise, whatever was made of it.</param>
/// <param name="Failures">Only what failed so: a job that tries again. Read while it is planned, page by page.</param>
public sealed record JobScope(
    LibraryId Library, IReadOnlyList<string> Presets, IReadOnlyList<CollectionId>? Collections = null,
    IReadOnlyList<ImageId>? Images = null, bool Force = false, FailureQuery? Failures = null, bool Incomplete = false);

/// <summary>
/// A job to add. A scan adds its own derive job with it (its child, whose planning ends with the scan).
/// </summary>
/// <param name="Scope">A scan looks at <c>Collections</c> and below, or at the whole root; the presets are its derive job's.</param>
/// <param name="IdempotencyKey">A second job with the same key is not added; the first one is answered.</param>
public sealed record NewJob(Handler Handler, JobScope Scope, BatchClass Class = BatchClass.Normal, string? IdempotencyKey = null, JobId? Parent = null);

/// <summary>A job as people see it. <c>Completed + Skipped + Failed + Cancelled</c> never passes <c>Total</c>, and equals it at the end.</summary>
/// <param name="Total">Grows until <c>Planned</c>.</param>
/// <param name="PlanCursor">Where its planner goes on; null at the start.</param>
/// <param name="Reason">Why it failed: a code of <see cref="Reason"/>, or null. Of a scan that is over also <see cref="Reason.Brake"/>.</param>
/// <param name="Version">From one sequence of the store; raised with every change.</param>
/// <param name="Message">The same for people.</param>
/// <param name="ServedSince">Since when it is served, or could be: see <see cref="Staleness"/>. Null while it waits.</param>
/// <param name="Work">What its batches do now; null once it is over.</param>
public sealed record Job(
    JobId Id, Handler Handler, JobStatus Status, Holds Holds, JobScope Scope, BatchClass Class, JobId? Parent, bool Planned, string? PlanCursor,
    long Total, long Completed, long Skipped, long Failed, long Cancelled, string? Reason,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? LastProgressAt, long Version,
    string? Message = null, DateTimeOffset? ServedSince = null, JobWork? Work = null)
{
    public bool IsOver => Status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;
    public long Accounted => Completed + Skipped + Failed + Cancelled;
}

/// <summary>What the batches of an open job do.</summary>
/// <param name="Leased">At least one is leased.</param>
/// <param name="Ready">At least one could be leased now, but for holds and other work.</param>
/// <param name="RetryAt">When the first batch that waits for a retry is due.</param>
public sealed record JobWork(bool Leased, bool Ready, DateTimeOffset? RetryAt);
