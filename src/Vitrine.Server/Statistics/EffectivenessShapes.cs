using Vitrine.Core.Statistics;

namespace Vitrine.Server.Statistics;

/// <param name="From">The time asked for.</param>
/// <param name="Groups">By what was asked for, those with most hits first.</param>
/// <param name="NeverServed">By cache folder, of the files there are now; null for who does not see all libraries.</param>
/// <param name="NeverServedShare">Of all files, 0 to 1.</param>
/// <param name="Series">By hour; hours without a request are left out.</param>
internal sealed record EffectivenessShape(
    DateTimeOffset From, DateTimeOffset To, UsageGroup By, BenefitShape All, IReadOnlyList<BenefitGroupShape> Groups, IReadOnlyList<UsagePoint> Series,
    double? NeverServedShare, IReadOnlyList<NeverServed>? NeverServed);

/// <param name="Hits">Pictures that were ready.</param>
/// <param name="Misses">Requests that waited for a picture that had been ready once.</param>
/// <param name="HitRate">0 to 1; null without requests.</param>
/// <param name="BytesServed">Of whole answers.</param>
/// <param name="SavedCpuSeconds">Hits, times the mean processor time of making one.</param>
internal sealed record BenefitShape(long Hits, long Misses, double? HitRate, long BytesServed, double SavedCpuSeconds)
{
    public static BenefitShape Of(Benefit benefit) => new(
        benefit.Hits, benefit.Misses, benefit.HitRate is { } rate ? Math.Round(rate, 4) : null, benefit.Bytes, Math.Round(benefit.Saved.TotalSeconds, 1));
}

/// <param name="Key">The preset's name, or the id.</param>
/// <param name="Name">Of the library or collection, where it is still there.</param>
internal sealed record BenefitGroupShape(string Key, string? Name, BenefitShape Benefit);
