using System.Collections.Frozen;

namespace Vitrine.Core.Statistics;

/// <summary>What a derivative takes on average, from what is there already. Pure.</summary>
public static class UsualSizes
{
    /// <summary>Fewer say nothing.</summary>
    private const int Enough = 50;

    /// <summary>Bytes and processor milliseconds of photographs of 12 to 24 megapixels, as Vitrine's own benchmarks make them.</summary>
    private static readonly FrozenDictionary<string, (double Bytes, double Milliseconds)> Photographs = new Dictionary<string, (double, double)>
    {
        ["thumbnail"] = (18_000, 40), ["medium"] = (160_000, 60), ["display"] = (400_000, 100), ["full"] = (2_500_000, 300),
    }.ToFrozenDictionary();

    /// <summary>Mean bytes, and how far they may be from those of other images: a guess, larger the further away they were seen.</summary>
    public static (double Bytes, double RelativeError, ForecastBasis Basis) Of(CacheStatistics read, LibraryId library, string preset)
    {
        if (Mean(read.Libraries.Where(l => l.Id == library), preset) is { } own) return (own, 0.25, ForecastBasis.Library);
        if (Mean(read.Libraries, preset) is { } others) return (others, 0.5, ForecastBasis.Libraries);
        return (Photographs.GetValueOrDefault(preset, Photographs["display"]).Bytes, 0.7, ForecastBasis.Usual);
    }

    public static double MillisecondsOf(MeanCosts costs, LibraryId library, string preset) =>
        costs.Of(library, preset) is var known && known > TimeSpan.Zero ? known.TotalMilliseconds : Photographs.GetValueOrDefault(preset, Photographs["display"]).Milliseconds;

    private static double? Mean(IEnumerable<LibraryStatistics> libraries, string preset)
    {
        var derivatives = libraries.SelectMany(library => library.Derivatives).Where(d => d.Preset == preset).ToList();
        var count = derivatives.Sum(d => d.Count);
        return count < Enough ? null : (double)derivatives.Sum(d => d.Bytes) / count;
    }
}
