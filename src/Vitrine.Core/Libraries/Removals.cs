using Microsoft.Extensions.Logging;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Libraries;

/// <summary>
/// Takes away what removed libraries left in the store, and what scans found gone and was decided, a page at a time; forgets what waited its days in the
/// trash. Goes on where a former run was.
/// </summary>
public sealed class Removals(ILibraryStore libraries, ITrashStore trash, IBrakeStore brakes, RemovalSettings settings)
    : PeriodicService(TimeSpan.FromSeconds(2), new Pulse(), settings.Time, settings.Logger)
{
    /// <summary>Some tens of milliseconds of the store's writer.</summary>
    private const int PageSize = 500;

    private static readonly TimeSpan TrashPause = TimeSpan.FromMinutes(1);
    private DateTimeOffset _nextTrash;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (await libraries.SweepRemovedAsync(PageSize, cancellation) || await brakes.ApplyAsync(PageSize, cancellation)) return true;
        var now = Time.GetUtcNow();
        if (now < _nextTrash) return false;
        if (await trash.ForgetRemovedAsync(now - TimeSpan.FromDays(settings.Options.TrashDays), PageSize, cancellation)) return true;
        _nextTrash = now + TrashPause;
        return false;
    }
}

/// <summary>What the removals need beside their contracts.</summary>
public sealed record RemovalSettings(EngineOptions Options, TimeProvider Time, ILogger<Removals> Logger);
