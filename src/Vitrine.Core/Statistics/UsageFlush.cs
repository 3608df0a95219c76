using Microsoft.Extensions.Logging;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Statistics;

/// <summary>Stores what <see cref="Usage"/> counted: at most one transaction in ten seconds, and none where nothing was asked for. The last one goes with the end.</summary>
public sealed class UsageFlush(Usage usage, IUsageStore store, EngineOptions options, TimeProvider time, ILogger<UsageFlush> logger)
    : PeriodicService(Period, new Pulse(), time, logger)
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Taken out and not stored yet: a store that refuses gets it again.</summary>
    private UsageCounts? _pending;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    public async Task FlushAsync(CancellationToken cancellation)
    {
        _pending ??= usage.Take();
        if (!_pending.IsEmpty) await store.AddAsync(_pending, Time.GetUtcNow(), TimeSpan.FromDays(options.UsageDays), cancellation);
        _pending = null;
    }

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        return false;
    }
}
