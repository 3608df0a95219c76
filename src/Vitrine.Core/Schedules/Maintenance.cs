using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Schedules;

/// <summary>The work of schedules that is no job: each says in one line what it found.</summary>
public sealed class Maintenance(VerifyRun verify, CleanUp cleanUp, History history, Recovery recovery, EngineOptions options)
{
    public async Task<ActEnd> RunAsync(ScheduleKind kind, CancellationToken cancellation) => kind switch
    {
        ScheduleKind.Verify => Judge(await verify.RunAsync(new(TimeBox: TimeSpan.FromMinutes(options.VerifyMinutes)), cancellation)),
        ScheduleKind.Clean => Tell(
            await history.PruneAsync(TimeSpan.FromDays(options.HistoryDays), whole: false, cancellation),
            await cleanUp.RunAllAsync(new(CleanUpScope.All, CleanUpRequest.Default, DryRun: false), cancellation)),
        ScheduleKind.Recover => Tell(await recovery.RecoverStaleAsync(TimeSpan.FromMinutes(options.StaleMinutes), cancellation)),
        _ => throw new NotSupportedException($"{kind} is a job."),
    };

    /// <summary>Files without a row cost room and harm nothing.</summary>
    private static ActEnd Judge(Verification found)
    {
        var end = found is { Missing: 0, Damaged: 0, CountersEqual: true } ? ScheduleEnd.Done : ScheduleEnd.Failed;
        return found.Complete
            ? new(end, $"{found.Files} files: {found.Missing} missing, {found.Damaged} damaged, {found.Orphans} orphans; counters {(found.CountersEqual ? "equal" : "differ")}")
            : new(end, $"{found.Missing} missing, {found.Damaged} damaged; the next run goes on from here");
    }

    private static ActEnd Tell(Pruned removed, IReadOnlyList<CleanUpReport> cleaned)
    {
        var unavailable = cleaned.Count(report => report.Fault != FolderFault.None);
        var left = unavailable == 0 ? "" : $"; {unavailable} cache folders were not there or not writable";
        return new(
            unavailable == 0 ? ScheduleEnd.Done : ScheduleEnd.Failed,
            $"{removed.Rows} rows and {cleaned.Sum(report => report.Files)} files with {cleaned.Sum(report => report.Bytes)} bytes removed{left}");
    }

    private static ActEnd Tell(StaleRecovery recovery) => new(ScheduleEnd.Done, $"{recovery.Recovered} resumed, {recovery.Failed} given up");
}
