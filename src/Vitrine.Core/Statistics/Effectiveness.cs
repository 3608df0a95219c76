using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Core.Statistics;

/// <summary>What the cache was good for in a time: hits, and the processor time that they saved.</summary>
/// <param name="Hits">Pictures that were ready.</param>
/// <param name="Misses">Pictures that had been ready once and had to be made again.</param>
/// <param name="Saved">Hits times the mean cost of making the preset in the library; where nothing was measured there, in all libraries.</param>
public readonly record struct Benefit(long Hits, long Misses, long Bytes, TimeSpan Saved)
{
    /// <summary>Hits / requests; null without any.</summary>
    public double? HitRate => Hits + Misses == 0 ? null : (double)Hits / (Hits + Misses);

    public static Benefit operator +(Benefit one, Benefit other) => one.Add(other);

    public Benefit Add(Benefit other) => new(Hits + other.Hits, Misses + other.Misses, Bytes + other.Bytes, Saved + other.Saved);
}

/// <summary>Mean costs, for what a hit saves.</summary>
public sealed class MeanCosts(IReadOnlyList<PresetCost> costs)
{
    public TimeSpan Of(LibraryId library, string preset) =>
        Mean(costs.Where(cost => cost.Library == library && cost.Preset == preset)) ?? Mean(costs.Where(cost => cost.Preset == preset)) ?? TimeSpan.Zero;

    /// <summary>Null where the job is no matter of processor time, or nothing like it was measured yet.</summary>
    public TimeSpan? TimeLeft(Job job, int workers)
    {
        if (job is not { Handler: Handler.Derive, Planned: true, IsOver: false } || workers == 0) return null;
        var each = job.Scope.Presets.Aggregate(TimeSpan.Zero, (sum, preset) => sum + Of(job.Scope.Library, preset));
        return each == TimeSpan.Zero ? null : each * (job.Total - job.Accounted) / workers;
    }

    public Benefit Of(UsageSum sum) => new(sum.Hits, sum.Misses, sum.Bytes, Of(sum.Library, sum.Preset) * sum.Hits);

    private static TimeSpan? Mean(IEnumerable<PresetCost> some)
    {
        var (made, processor) = some.Aggregate((0L, TimeSpan.Zero), (sum, cost) => (sum.Item1 + cost.Made, sum.Item2 + cost.Processor));
        return made == 0 ? null : processor / made;
    }
}

/// <summary>Puts sums and costs together.</summary>
public sealed class EffectivenessReport(IUsageStore usage, IStatisticsStore statistics)
{
    public async Task<Effectiveness> MakeAsync(Grants grants, UsageQuery query, CancellationToken cancellation)
    {
        var costs = new MeanCosts(await statistics.CostsAsync(cancellation));
        var sums = await usage.SumsAsync(grants, query, cancellation);
        var groups = sums.GroupBy(sum => sum.Key).Select(group => new BenefitOf(group.Key, group.Select(costs.Of).Aggregate((one, other) => one + other)))
            .OrderByDescending(group => group.Benefit.Hits).ThenBy(group => group.Key, StringComparer.Ordinal).ToList();
        // Collections are only those with most hits: the whole is summed over presets.
        var all = query.By == UsageGroup.Collection ? await usage.SumsAsync(grants, query with { By = UsageGroup.Preset }, cancellation) : sums;
        var never = grants.IsAll ? await usage.NeverServedAsync(cancellation) : null;
        return new(all.Select(costs.Of).Aggregate(default(Benefit), (one, other) => one + other), groups, await usage.SeriesAsync(grants, query, cancellation), never);
    }
}

public sealed record BenefitOf(string Key, Benefit Benefit);

/// <param name="Never">Null for who does not see all libraries, since a file is of no library.</param>
public sealed record Effectiveness(Benefit All, IReadOnlyList<BenefitOf> Groups, IReadOnlyList<UsagePoint> Series, IReadOnlyList<NeverServed>? Never)
{
    /// <summary>Of the files there are now, those that nobody ever asked for: 0 to 1; null without files.</summary>
    public double? NeverServedShare => Never?.Sum(folder => folder.Blobs) is > 0 and var blobs ? (double)Never.Sum(folder => folder.Never) / blobs : null;
}
