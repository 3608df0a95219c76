using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vitrine.Core.CacheFolders;

namespace Vitrine.Core.Jobs;

/// <summary>
/// For a profile whose data folder has one owner: the lock on the folder proves the former owner dead, so its leases are freed at once,
/// before any worker starts, and what they had staged is dropped.
/// </summary>
public sealed partial class TakeOver(IBatchStore batches, CacheFolderSetup folders, EngineOptions options, ILogger<TakeOver> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var limits = new DeathLimits(Deliveries: options.Deliveries);
        var leases = await batches.LeasesAsync(cancellationToken);
        foreach (var lease in leases) await batches.ReleaseAsync(new BatchRelease.Died(lease.Token, lease.Renewals, limits), cancellationToken);
        if (leases.Count > 0) LogFreed(logger, leases.Count);
        await folders.SweepAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(115, LogLevel.Information, "{Count} batches of the former run go on.")]
    private static partial void LogFreed(ILogger logger, int count);
}
