namespace Vitrine.Core.Schedules;

/// <summary>What is to be done with a schedule now.</summary>
public abstract record DueDecision
{
    private DueDecision() { }

    /// <summary>Its time is not here yet.</summary>
    public sealed record Wait : DueDecision;

    /// <summary>Run it once, for <paramref name="DueAt"/>; all times up to now are done with that.</summary>
    public sealed record Fire(DateTimeOffset DueAt, DateTimeOffset? NextAt) : DueDecision;

    /// <summary>The next time is another one than the row says.</summary>
    public sealed record Move(DateTimeOffset? NextAt) : DueDecision;
}

/// <summary>Decides when a schedule fires, from its row and the clock alone.</summary>
public static class DueRule
{
    /// <summary>
    /// A time fires once it is here, however late: after a time off, the first missed time stands for all of them. The last run still going on, the
    /// time passes without another. Where the clock was wrong for a while, the next time is taken anew from the present one, but never at or before a
    /// time that has had its run.
    /// </summary>
    public static DueDecision Decide(Schedule schedule, DateTimeOffset now)
    {
        if (!schedule.Enabled) return new DueDecision.Wait();
        var next = NextAt(schedule.Wanted, schedule.LastRun?.DueAt, now);
        if (schedule.NextAt is not { } due) return next is null ? new DueDecision.Wait() : new DueDecision.Move(next);
        if (due > now) return next < due ? new DueDecision.Move(next) : new DueDecision.Wait();
        return schedule.LastRun?.End == ScheduleEnd.Running ? new DueDecision.Move(next) : new DueDecision.Fire(due, next);
    }

    /// <summary>The first time after now, and after the last one that had its run; null where it is disabled or has none.</summary>
    public static DateTimeOffset? NextAt(NewSchedule schedule, DateTimeOffset? lastDueAt, DateTimeOffset now) =>
        schedule.Enabled ? CronTimes.After(schedule.Cron, schedule.TimeZone, lastDueAt > now ? lastDueAt.Value : now) : null;
}
