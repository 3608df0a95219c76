namespace Vitrine.Core.Schedules;

/// <summary>
/// Schedules and their last runs. Promise: a schedule's next time moves only by compare-and-set, so that of all who see a time due one fires it;
/// schedules of a library go with it.
/// </summary>
public interface IScheduleStore
{
    /// <summary>Null: no such library, or there are <see cref="ScheduleService.MaxSchedules"/> already.</summary>
    Task<Schedule?> AddAsync(NewSchedule schedule, DateTimeOffset? nextAt, CancellationToken cancellation);

    /// <summary>All, oldest first (their number is bounded, so they are not paged). A run that is a job ends as the job does.</summary>
    Task<IReadOnlyList<Schedule>> ListAsync(CancellationToken cancellation);

    /// <summary>Sets cron, time zone, enabled and the next time; kind and library stay. False: no such schedule.</summary>
    Task<bool> ChangeAsync(ScheduleId id, NewSchedule changed, DateTimeOffset? nextAt, CancellationToken cancellation);

    Task<bool> RemoveAsync(ScheduleId id, CancellationToken cancellation);

    /// <summary>Moves it one step; see <see cref="ScheduleStep"/>. False: it has moved meanwhile, or is gone, and nothing was changed.</summary>
    Task<bool> ApplyAsync(ScheduleId id, ScheduleStep step, CancellationToken cancellation);
}

public abstract record ScheduleStep
{
    private ScheduleStep() { }

    /// <summary>Its time has come: the next one takes its place, and the run is Running. Only while <paramref name="DueAt"/> is its next time.</summary>
    public sealed record Fire(DateTimeOffset DueAt, DateTimeOffset? NextAt, JobId? Job) : ScheduleStep;

    /// <summary>Another next time, without a run. Only while <paramref name="From"/> is its next time.</summary>
    public sealed record Move(DateTimeOffset? From, DateTimeOffset? NextAt) : ScheduleStep;

    /// <summary>The run that has no job is over. Only while that run is the last one, and Running.</summary>
    public sealed record End(DateTimeOffset DueAt, ScheduleEnd How, string? Message) : ScheduleStep;
}
