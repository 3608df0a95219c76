using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Schedules;

/// <summary>The work of schedules that is no job: each says in one line what it found.</summary>
public sealed class Maintenance(Verifier verifier, History history, Recovery recovery, EngineOptions options)
{
    public async Task<ActEnd> RunAsync(ScheduleKind kind, CancellationToken cancellation) => kind switch
    {
        ScheduleKind.Verify => Judge(await verifier.VerifyAsync(cancellation)),
        ScheduleKind.Clean => Tell(await history.PruneAsync(TimeSpan.FromDays(options.HistoryDays), whole: false, cancellation)),
        ScheduleKind.Recover => Tell(await recovery.RecoverStaleAsync(TimeSpan.FromMinutes(options.StaleMinutes), cancellation)),
        _ => throw new NotSupportedException($"{kind} is a job."),
    };

    /// <summary>Files without a row cost room and harm nothing.</summary>
    private static ActEnd Judge(Verification found) => new(
        found is { Missing: 0, Damaged: 0, CountersEqual: true } ? ScheduleEnd.Done : ScheduleEnd.Failed,
        $"{found.Files} files: {found.Missing} missing, {found.Damaged} damaged, {found.Orphans} orphans; counters {(found.CountersEqual ? "equal" : "differ")}");

    private static ActEnd Tell(Pruned removed) => new(ScheduleEnd.Done, $"{removed.Rows} rows removed");

    private static ActEnd Tell(StaleRecovery recovery) => new(ScheduleEnd.Done, $"{recovery.Recovered} resumed, {recovery.Failed} given up");
}
