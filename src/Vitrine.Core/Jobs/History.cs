using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Jobs;

/// <summary>Prunes what ended jobs leave: after <see cref="EngineOptions.HistoryDays"/> their counts and failed items stay, and the rest goes, page by page.</summary>
public sealed partial class History(IJobStore jobs, EngineOptions options, TimeProvider time, ILogger<History> logger)
    : PeriodicService(TimeSpan.FromHours(1), new Pulse(), time, logger)
{
    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var removed = await PruneAsync(TimeSpan.FromDays(options.HistoryDays), whole: false, cancellation);
        if (removed.Rows > 0) LogPruned(Logger, removed.Rows);
        return false;
    }

    /// <summary>What was removed of jobs that ended longer than <paramref name="age"/> ago; see <see cref="Pruning"/>.</summary>
    /// <param name="libraries">Only jobs of these; null: all.</param>
    public async Task<Pruned> PruneAsync(TimeSpan age, bool whole, CancellationToken cancellation, IReadOnlyCollection<LibraryId>? libraries = null)
    {
        var pruning = new Pruning(Time.GetUtcNow() - age, whole, Libraries: libraries);
        var removed = default(Pruned);
        while (await jobs.PruneAsync(pruning, cancellation) is { Rows: > 0 } page) removed += page;
        return removed;
    }

    [LoggerMessage(190, LogLevel.Information, "{Rows} rows of jobs that ended long ago are gone; their counts and failures stay.")]
    private static partial void LogPruned(ILogger logger, int rows);
}
