using System.Globalization;
using Microsoft.Extensions.Logging;
using Vitrine.Core.Alerts;
using Vitrine.Core.Users;

namespace Vitrine.Core.Statistics;

/// <summary>When the cache is an alert. Pure.</summary>
public static class CacheAlertRules
{
    public const double LowHitRate = 0.80;
    public const double FullPercent = 90;

    /// <summary>Fewer requests say nothing.</summary>
    public const int MinRequests = 1000;

    /// <summary>Requests of the last whole hour and the one that runs count.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public static bool IsHitRateLow(long hits, long misses) => hits + misses >= MinRequests && hits < LowHitRate * (hits + misses);

    public static bool IsNearlyFull(StorageUse use) => use.Folders.Count > 0 && use.UsagePercent > FullPercent;
}

/// <summary>Raises and clears the alerts of a cache that is nearly full, or that is asked for what it no longer has.</summary>
public sealed class CacheAlerts(StorageLook storage, IUsageStore usage, IAlertStore alerts, TimeProvider time, ILogger<CacheAlerts> logger)
    : PeriodicService(TimeSpan.FromMinutes(1), new Pulse(), time, logger)
{
    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var use = await storage.TakeAsync(cancellation);
        await SetAsync(CacheAlertRules.IsNearlyFull(use), FullAlert(use), cancellation);

        var now = Time.GetUtcNow();
        var points = await usage.SeriesAsync(Grants.All, new(now - CacheAlertRules.Window, now), cancellation);
        var (hits, misses) = (points.Sum(point => point.Hits), points.Sum(point => point.Misses));
        await SetAsync(CacheAlertRules.IsHitRateLow(hits, misses), LowAlert(hits, misses), cancellation);
        return false;
    }

    private Task<bool> SetAsync(bool stands, NewAlert alert, CancellationToken cancellation) =>
        stands ? alerts.RaiseAsync(alert, cancellation) : alerts.ClearAsync(alert.Code, alert.Subject, cancellation);

    private static NewAlert FullAlert(StorageUse use) => new(AlertCode.StorageNearlyFull, "", AlertSeverity.Error, string.Create(CultureInfo.InvariantCulture,
        $"The cache folders are {use.UsagePercent:0.0}% full, {use.AvailableBytes} bytes are left: add a folder, raise a limit, or make fewer presets."));

    private static NewAlert LowAlert(long hits, long misses) => new(AlertCode.LowHitRate, "", AlertSeverity.Warning, string.Create(CultureInfo.InvariantCulture,
        $"{misses} of {hits + misses} pictures asked for in the last hours had been ready and had to be made again: the cache is too small for what is looked at."));
}
