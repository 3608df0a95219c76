using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Libraries;

/// <summary>Takes away what removed libraries left in the store, a page at a time, and goes on where a former run was.</summary>
public sealed class Removals(ILibraryStore libraries, TimeProvider time, ILogger<Removals> logger)
    : PeriodicService(TimeSpan.FromSeconds(2), new Pulse(), time, logger)
{
    /// <summary>Some tens of milliseconds of the store's writer.</summary>
    private const int PageSize = 500;

    protected override Task<bool> StepAsync(CancellationToken cancellation) => libraries.SweepRemovedAsync(PageSize, cancellation);
}
