using Microsoft.Extensions.Logging;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Libraries;

/// <summary>
/// Takes away what removed libraries left in the store, a page at a time, and forgets what waited its days in the trash; goes on where a former run was.
/// </summary>
public sealed class Removals(ILibraryStore libraries, ITrashStore trash, EngineOptions options, TimeProvider time, ILogger<Removals> logger)
    : PeriodicService(TimeSpan.FromSeconds(2), new Pulse(), time, logger)
{
    /// <summary>Some tens of milliseconds of the store's writer.</summary>
    private const int PageSize = 500;

    private static readonly TimeSpan TrashPause = TimeSpan.FromMinutes(1);
    private DateTimeOffset _nextTrash;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (await libraries.SweepRemovedAsync(PageSize, cancellation)) return true;
        var now = Time.GetUtcNow();
        if (now < _nextTrash) return false;
        if (await trash.ForgetRemovedAsync(now - TimeSpan.FromDays(options.TrashDays), PageSize, cancellation)) return true;
        _nextTrash = now + TrashPause;
        return false;
    }
}
