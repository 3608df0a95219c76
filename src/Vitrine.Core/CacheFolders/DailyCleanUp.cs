using System.Globalization;
using Microsoft.Extensions.Logging;
using Vitrine.Core.Jobs;
using Vitrine.Core.Settings;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Cleans all cache folders once a day, with the defaults: else what changed and was forgotten would fill them. One node does it, and a start is no reason to:
/// the time of the last run is in the store.
/// </summary>
public sealed class DailyCleanUp(CleanUp cleanUp, ISettingStore settings, ILockStore locks, Node node, DailyCleanUpSettings own)
    : PeriodicService(TimeSpan.FromMinutes(30), new Pulse(), own.Time, own.Logger)
{
    private const string LockName = "clean-up";
    private const string LastKey = "clean-up-last";
    private static readonly TimeSpan Period = TimeSpan.FromDays(1);

    /// <summary>Longer than it takes to see that it is due.</summary>
    private static readonly TimeSpan LockTime = TimeSpan.FromMinutes(1);

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await LookAsync(cancellation);
        return false;
    }

    /// <summary>Cleans where a day has passed. False: it has not, or another node is at it.</summary>
    public async Task<bool> LookAsync(CancellationToken cancellation)
    {
        if (await locks.AcquireAsync(LockName, node.Name, LockTime, cancellation) is not { } grant) return false;
        var due = await IsDueAsync(cancellation);
        // The time first: a folder that makes it fail is tried again tomorrow, and not every half hour.
        if (due) await settings.SetAsync(LastKey, Text(Time.GetUtcNow()), cancellation);
        await locks.ReleaseAsync(grant, cancellation);
        if (due) await cleanUp.RunAllAsync(new(CleanUpScope.All, CleanUpRequest.Default, DryRun: false), cancellation);
        return due;
    }

    private async Task<bool> IsDueAsync(CancellationToken cancellation)
    {
        var now = Time.GetUtcNow();
        var last = long.Parse(await settings.GetOrAddAsync(LastKey, Text(now), cancellation), CultureInfo.InvariantCulture);
        return DateTimeOffset.FromUnixTimeSeconds(last) <= now - Period;
    }

    private static string Text(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the daily clean-up needs beside its contracts.</summary>
public sealed record DailyCleanUpSettings(TimeProvider Time, ILogger<DailyCleanUp> Logger);
