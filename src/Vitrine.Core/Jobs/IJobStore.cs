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

    /// <summary>Newest first, or, with <see cref="JobQuery.ToPlan"/>, those that need a planner, oldest first.</summary>
    Task<Page<Job>> ListAsync(JobQuery query, CancellationToken cancellation);

    /// <summary>Cancel, and holds. A command that does not fit the status answers false and changes nothing.</summary>
    Task<bool> ControlAsync(JobId id, JobCommand command, CancellationToken cancellation);
}

/// <param name="Open">Only jobs that are not over.</param>
/// <param name="ToPlan">Only derive jobs that are not planned, and whose planning is not a scan's.</param>
/// <param name="Libraries">Null: all.</param>
public sealed record JobQuery(
    Handler? Handler = null, JobStatus? Status = null, bool Open = false, bool ToPlan = false, IReadOnlyCollection<LibraryId>? Libraries = null,
    JobId? Parent = null, string? After = null, int Limit = 50);

public abstract record JobCommand
{
    private JobCommand() { }

    /// <summary>Open items get no rows; <c>total - accounted</c> is added to <c>cancelled</c>. A scan's derive job is planned by it, not cancelled.</summary>
    public sealed record Cancel : JobCommand;

    public sealed record Hold(Holds Cause) : JobCommand;

    public sealed record Lift(Holds Cause) : JobCommand;
}
