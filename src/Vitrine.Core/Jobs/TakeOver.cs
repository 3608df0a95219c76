using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vitrine.Core.CacheFolders;

namespace Vitrine.Core.Jobs;

/// <summary>
/// The lock on the data folder proves its former owner dead, so its leases and locks are freed at once, before any worker starts, and what it had staged is
/// dropped. Leases of other nodes in the same store are theirs.
/// </summary>
public sealed partial class TakeOver(IBatchStore batches, ILockStore locks, CacheFolderSetup folders, TakeOverSettings settings) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var limits = new DeathLimits(Deliveries: settings.Options.Deliveries);
        var former = settings.Former.NamePrefix;
        var leases = (await batches.LeasesAsync(cancellationToken)).Where(lease => lease.Node.StartsWith(former, StringComparison.Ordinal)).ToList();
        foreach (var lease in leases) await batches.ReleaseAsync(new BatchRelease.Died(lease.Token, lease.Renewals, limits), cancellationToken);
        await locks.FreeAsync(former, cancellationToken);
        if (leases.Count > 0) LogFreed(settings.Logger, leases.Count);
        await folders.SweepAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(115, LogLevel.Information, "{Count} batches of the former run go on.")]
    private static partial void LogFreed(ILogger logger, int count);
}

/// <param name="NamePrefix">With which the names of all nodes begin that ever ran on this data folder, and no others.</param>
public sealed record FormerOwner(string NamePrefix);

/// <summary>What taking over needs beside its contracts.</summary>
public sealed record TakeOverSettings(FormerOwner Former, EngineOptions Options, ILogger<TakeOver> Logger);
