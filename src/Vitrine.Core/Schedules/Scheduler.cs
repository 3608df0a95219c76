using Microsoft.Extensions.Logging;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Schedules;

/// <summary>
/// Fires schedules whose time has come. One node does so at a time, under a lock; where two ever thought so, the job's idempotency key and the
/// compare-and-set on the schedule's row leave one run for one time.
/// </summary>
public sealed partial class Scheduler(IScheduleStore schedules, SchedulerActs acts, ILockStore locks, SchedulerSettings settings)
    : PeriodicService(TimeSpan.FromSeconds(5), new Pulse(), settings.Time, settings.Logger)
{
    private const string LockName = "scheduler";

    /// <summary>After this another node fires in the place of one that died; each step takes the lock anew.</summary>
    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(30);

    /// <summary>A run whose node did not renew its lock for so long is over.</summary>
    private static readonly TimeSpan RunTime = TimeSpan.FromMinutes(1);

    private readonly Dictionary<ScheduleId, Act> _running = [];

    /// <summary>The locks of runs, apart from those that this node holds for other ends.</summary>
    private string RunOwner => $"{settings.Node.Name}/schedules";

    /// <summary>One look at all schedules.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        await EndActsAsync(cancellation);
        if (await locks.AcquireAsync(LockName, settings.Node.Name, LockTime, cancellation) is not { } grant) return;
        using var held = Duty.Hold(grant);
        foreach (var schedule in await schedules.ListAsync(cancellation))
        {
            if (!await IsInterruptedAsync(schedule, cancellation)) await StepAsync(schedule, cancellation);
        }
    }

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await LookAsync(cancellation);
        return false;
    }

    private async Task StepAsync(Schedule schedule, CancellationToken cancellation)
    {
        switch (DueRule.Decide(schedule, Time.GetUtcNow()))
        {
            case DueDecision.Move move:
                if (await schedules.ApplyAsync(schedule.Id, new ScheduleStep.Move(schedule.NextAt, move.NextAt), cancellation))
                    LogMoved(Logger, schedule.Id, schedule.NextAt, move.NextAt);
                break;
            case DueDecision.Fire fire when schedule.Kind == ScheduleKind.Scan:
                await ScanAsync(schedule, fire, cancellation);
                break;
            case DueDecision.Fire fire:
                await BeginActAsync(schedule, fire, cancellation);
                break;
        }
    }

    /// <summary>The job first: a node that dies before it moved the row adds the same job again, which its key keeps to one.</summary>
    private async Task ScanAsync(Schedule schedule, DueDecision.Fire fire, CancellationToken cancellation)
    {
        if (await acts.ScanAsync(schedule.Library!.Value, schedule.Mode, KeyOf(schedule, fire.DueAt), cancellation) is not { } job) return;
        if (!await schedules.ApplyAsync(schedule.Id, new ScheduleStep.Fire(fire.DueAt, fire.NextAt, job.Id), cancellation)) return;
        LogFired(Logger, schedule.Id, schedule.Kind, fire.DueAt);
        settings.Signals.RingAll();
    }

    /// <summary>The row first: what was begun for a time is not begun again for it. The lock tells whether the run still has a node.</summary>
    private async Task BeginActAsync(Schedule schedule, DueDecision.Fire fire, CancellationToken cancellation)
    {
        if (await locks.AcquireAsync(RunLock(schedule.Id), RunOwner, RunTime, cancellation) is not { } grant) return;
        if (!await schedules.ApplyAsync(schedule.Id, new ScheduleStep.Fire(fire.DueAt, fire.NextAt, null), cancellation))
        {
            await locks.ReleaseAsync(grant, cancellation);
            return;
        }
        LogFired(Logger, schedule.Id, schedule.Kind, fire.DueAt);
        _running[schedule.Id] = new(fire.DueAt, grant, Task.Run(() => acts.RunAsync(schedule.Kind, cancellation), cancellation));
    }

    private async Task EndActsAsync(CancellationToken cancellation)
    {
        if (_running.Count == 0) return;
        await locks.RenewAsync(RunOwner, RunTime, cancellation);
        foreach (var (id, act) in _running.Where(running => running.Value.Work.IsCompleted).ToList())
        {
            if (act.Work.IsFaulted) LogActFailed(Logger, id, act.Work.Exception);
            var end = act.Work.IsCompletedSuccessfully
                ? await act.Work
                : new ActEnd(ScheduleEnd.Failed, act.Work.Exception?.InnerException?.Message.ReplaceLineEndings(" "));
            await schedules.ApplyAsync(id, new ScheduleStep.End(act.DueAt, end.How, end.Message), cancellation);
            await locks.ReleaseAsync(act.Lock, cancellation);
            _running.Remove(id);
        }
    }

    /// <summary>A run without a job whose lock is free has lost its node.</summary>
    private async Task<bool> IsInterruptedAsync(Schedule schedule, CancellationToken cancellation)
    {
        if (schedule.LastRun is not { End: ScheduleEnd.Running, Job: null } run || _running.ContainsKey(schedule.Id)) return false;
        if (await locks.AcquireAsync(RunLock(schedule.Id), RunOwner, RunTime, cancellation) is not { } grant) return false;
        var ended = await schedules.ApplyAsync(schedule.Id, new ScheduleStep.End(run.DueAt, ScheduleEnd.Interrupted, null), cancellation);
        await locks.ReleaseAsync(grant, cancellation);
        return ended;
    }

    private static string RunLock(ScheduleId id) => $"schedule/{id}";

    private static string KeyOf(Schedule schedule, DateTimeOffset dueAt) => $"schedule/{schedule.Id}/{dueAt.ToUnixTimeMilliseconds()}";

    [LoggerMessage(200, LogLevel.Information, "Schedule {Schedule} runs its {Kind} of {DueAt:u}.")]
    private static partial void LogFired(ILogger logger, ScheduleId schedule, ScheduleKind kind, DateTimeOffset dueAt);

    [LoggerMessage(201, LogLevel.Information, "Schedule {Schedule} is due at {Next:u} and not at {Former:u}: its last run goes on, or the clock or its time zone was set.")]
    private static partial void LogMoved(ILogger logger, ScheduleId schedule, DateTimeOffset? former, DateTimeOffset? next);

    [LoggerMessage(202, LogLevel.Error, "The run of schedule {Schedule} ended with an error.")]
    private static partial void LogActFailed(ILogger logger, ScheduleId schedule, Exception failure);

    private sealed record Act(DateTimeOffset DueAt, LockGrant Lock, Task<ActEnd> Work);
}

/// <summary>What the scheduler needs beside its contracts.</summary>
public sealed record SchedulerSettings(Node Node, Signals Signals, TimeProvider Time, ILogger<Scheduler> Logger);
