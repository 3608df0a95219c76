using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Core.Statistics;

/// <summary>
/// What is cached and what it costs. Promise: every number is a counter that is kept in the transaction that changes what it counts, so that a read costs as many
/// rows for ten images as for ten million: those of libraries, of their presets and types, and of folders.
/// </summary>
public interface IStatisticsStore
{
    /// <summary>One snapshot, without libraries that are not granted.</summary>
    Task<CacheStatistics> ReadAsync(Grants grants, CancellationToken cancellation);

    /// <summary>What making derivatives has cost, by library and preset.</summary>
    Task<IReadOnlyList<PresetCost>> CostsAsync(CancellationToken cancellation);

    /// <summary>Images of a scope, each with the same chance, all where they are not more than <paramref name="most"/>; the same ones while nothing changes.</summary>
    Task<Drawing> DrawAsync(JobScope scope, int most, CancellationToken cancellation);
}

/// <summary>Processor time of decoders. What one decode made shares its time in equal parts.</summary>
/// <param name="Made">Derivatives that it is the sum of.</param>
public sealed record PresetCost(LibraryId Library, string Preset, long Made, TimeSpan Processor);
