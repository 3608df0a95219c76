using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Jobs;

/// <summary>
/// For a profile whose data folder has one owner: the lock on the folder proves the former owner dead, so its leases are freed at once,
/// before any worker starts.
/// </summary>
public sealed partial class TakeOver(IBatchStore batches, EngineOptions options, ILogger<TakeOver> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var limits = new DeathLimits(Deliveries: options.Deliveries);
        var leases = await batches.LeasesAsync(cancellationToken);
        foreach (var lease in leases) await batches.ReleaseAsync(new BatchRelease.Died(lease.Token, lease.Renewals, limits), cancellationToken);
        if (leases.Count > 0) LogFreed(logger, leases.Count);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(115, LogLevel.Information, "{Count} batches of the former run go on.")]
    private static partial void LogFreed(ILogger logger, int count);
}
