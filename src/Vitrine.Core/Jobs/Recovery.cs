using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Jobs;

/// <summary>
/// Finds stale jobs: resumes each once in a timeout, and gives up those over three. Every node may run it, and people may ask for it: each step is a
/// compare-and-set, so that two at once do the work of one.
/// </summary>
public sealed partial class Recovery(IJobStore jobs, IJobClock clock, Signals signals, RecoverySettings settings)
    : PeriodicService(TimeSpan.FromSeconds(settings.Options.RecoverySeconds), new Pulse(), settings.Time, settings.Logger)
{
    /// <summary>Locks of bulk jobs last so long when nobody renews them: as long as a crash of everything holds them up.</summary>
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(5);

    private readonly EngineOptions _options = settings.Options;

    private TimeSpan Timeout => TimeSpan.FromMinutes(_options.StaleMinutes);

    private EngineLook Look => new(
        MaxGap: TimeSpan.FromSeconds(3 * _options.RecoverySeconds), NodeLife: TimeSpan.FromSeconds(2 * _options.LeaseSeconds), LockTime);

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await RecoverStaleAsync(Timeout, cancellation);
        return false;
    }

    /// <summary>Looks after the stale clocks, then resumes or gives up what is stale by this timeout.</summary>
    /// <param name="libraries">Only jobs of these; null: all.</param>
    public async Task<StaleRecovery> RecoverStaleAsync(TimeSpan timeout, CancellationToken cancellation, IReadOnlyCollection<LibraryId>? libraries = null)
    {
        await clock.LookAsync(Look, cancellation);
        var (resumed, failed) = (0, 0);
        foreach (var stale in await clock.StaleAsync(timeout, cancellation))
        {
            if (libraries?.Contains(stale.Job.Scope.Library) == false) continue;
            var verdict = Staleness.Judge(stale.Idle, stale.SinceResumed, timeout);
            if (verdict == StaleVerdict.Leave || !await jobs.ControlAsync(stale.Job.Id, Command(verdict, timeout), cancellation)) continue;
            LogStale(Logger, stale.Job.Id, stale.Idle, verdict, stale.Remaining);
            if (verdict == StaleVerdict.Resume) resumed++;
            else failed++;
        }
        if (resumed > 0) signals.Work.Ring();
        return new(resumed, failed);
    }

    /// <summary>Every open job that no person paused: waiting retries are due now, and offers that nobody took are offered anew. Answers how many had any.</summary>
    /// <param name="libraries">Only jobs of these; null: all.</param>
    public async Task<int> RecoverAllAsync(CancellationToken cancellation, IReadOnlyCollection<LibraryId>? libraries = null)
    {
        var recovered = 0;
        string? after = null;
        do
        {
            var page = await jobs.ListAsync(new(Open: true, Libraries: libraries, After: after, Limit: 200), cancellation);
            foreach (var job in page.Items.Where(job => !job.Holds.HasFlag(Holds.User)))
            {
                if (await jobs.ControlAsync(job.Id, new JobCommand.Recover(TimeSpan.FromSeconds(_options.IdleSeconds)), cancellation)) recovered++;
            }
            after = page.Next;
        }
        while (after is not null);
        signals.RingAll();
        return recovered;
    }

    private JobCommand Command(StaleVerdict verdict, TimeSpan timeout) => verdict == StaleVerdict.GiveUp
        ? new JobCommand.GiveUp(timeout)
        : new JobCommand.ResumeStale(timeout, new(Deliveries: _options.Deliveries));

    [LoggerMessage(180, LogLevel.Warning, "Job {Job} made no progress for {Idle}: {Verdict}, {Remaining} items remain.")]
    private static partial void LogStale(ILogger logger, JobId job, TimeSpan idle, StaleVerdict verdict, long remaining);
}

/// <param name="Recovered">Jobs that were resumed; those given up are not among them.</param>
public sealed record StaleRecovery(int Recovered, int Failed);

/// <summary>What recovery needs beside its contracts.</summary>
public sealed record RecoverySettings(EngineOptions Options, TimeProvider Time, ILogger<Recovery> Logger);
