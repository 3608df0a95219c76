namespace Vitrine.Core.Jobs;

/// <summary>
/// Jobs. Promise: statuses move only as <see cref="JobStatus"/> says, by compare-and-set; every change raises the job's version.
/// </summary>
public interface IJobStore
{
    /// <summary>
    /// Adds a job. A scan gets its first item (each collection of its scope, or the root's) and its derive job in the same transaction.
    /// Null: no such library. While a scan of the same scope has not started, that one is answered instead.
    /// </summary>
    Task<Job?> AddAsync(NewJob job, CancellationToken cancellation);

    Task<Job?> GetAsync(JobId id, CancellationToken cancellation);

    /// <summary>An unknown job has nothing of all that.</summary>
    Task<JobDetails> DetailsAsync(JobId id, CancellationToken cancellation);

    /// <summary>Whose the collections and the images are that a new job shall be over. One read, whatever their number.</summary>
    Task<Owners> OwnersAsync(IReadOnlyCollection<CollectionId> collections, IReadOnlyCollection<ImageId> images, CancellationToken cancellation);

    /// <summary>Newest first, or, with <see cref="JobQuery.ToPlan"/>, those that need a planner, oldest first.</summary>
    Task<Page<Job>> ListAsync(JobQuery query, CancellationToken cancellation);

    /// <summary>Cancel, and holds. A command that does not fit the status answers false and changes nothing.</summary>
    Task<bool> ControlAsync(JobId id, JobCommand command, CancellationToken cancellation);

    /// <summary>Removes rows of finished jobs, at most <see cref="Pruning.Rows"/> in one transaction. No rows: nothing is left to remove.</summary>
    Task<Pruned> PruneAsync(Pruning pruning, CancellationToken cancellation);
}

/// <param name="Open">Only jobs that are not over.</param>
/// <param name="ToPlan">Only derive jobs that are not planned, and whose planning is not a scan's.</param>
/// <param name="Libraries">Null: all.</param>
/// <param name="Kind">Only derive jobs with such presets.</param>
/// <param name="HeldBy">Only open jobs that one of these causes holds; with <see cref="Holds.None"/>, jobs that none holds.</param>
public sealed record JobQuery(
    Handler? Handler = null, JobStatus? Status = null, bool Open = false, bool ToPlan = false, IReadOnlyCollection<LibraryId>? Libraries = null,
    JobId? Parent = null, string? After = null, int Limit = 50, DeriveKind? Kind = null, Holds? HeldBy = null);

public abstract record JobCommand
{
    private JobCommand() { }

    /// <summary>Open items get no rows; <c>total - accounted</c> is added to <c>cancelled</c>. A scan's derive job is planned by it, not cancelled.</summary>
    public sealed record Cancel : JobCommand;

    /// <summary>
    /// The class of what is not offered yet, and of what is still to be planned. Covers stay covers, unless the job's own class was theirs.
    /// False also where it has that class.
    /// </summary>
    public sealed record Prioritise(BatchClass Class) : JobCommand;

    /// <summary>Waiting retries are due now, and offers older than <paramref name="OfferAge"/> are Ready. False: there was nothing of that.</summary>
    public sealed record Recover(TimeSpan OfferAge) : JobCommand;

    /// <summary>
    /// Frees each of its leases without an accepted outcome for a timeout (a death). False where the job is not stale, or was resumed within
    /// this timeout already.
    /// </summary>
    public sealed record ResumeStale(TimeSpan Timeout, DeathLimits Limits) : JobCommand;

    /// <summary>Failed(<c>stalled</c>) after three timeouts; <c>total - accounted</c> is added to <c>failed</c>. False where the clock is not over them.</summary>
    public sealed record GiveUp(TimeSpan Timeout) : JobCommand;

    public sealed record Hold(Holds Cause) : JobCommand;

    public sealed record Lift(Holds Cause) : JobCommand;
}

/// <param name="Before">Jobs that ended before this.</param>
/// <param name="Whole">The jobs themselves, Completed and Cancelled ones; else all but their counts and failed items, of every finished job.</param>
/// <param name="Rows">Rows that one transaction removes at most; 1 or more.</param>
/// <param name="Libraries">Only jobs of these; null: all.</param>
public sealed record Pruning(DateTimeOffset Before, bool Whole, int Rows = 10_000, IReadOnlyCollection<LibraryId>? Libraries = null);

/// <param name="Rows">Rows removed, those of the jobs included.</param>
/// <param name="Jobs">Jobs that were removed themselves.</param>
public readonly record struct Pruned(int Rows, int Jobs)
{
    public static Pruned operator +(Pruned one, Pruned other) => new(one.Rows + other.Rows, one.Jobs + other.Jobs);
}
