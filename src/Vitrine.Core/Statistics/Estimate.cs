namespace Vitrine.Core.Statistics;

/// <summary>A sum that was not counted whole, with its standard error.</summary>
public readonly record struct Estimate(double Total, double StandardError)
{
    /// <summary>Nineteen of twenty sums lie within so many standard errors.</summary>
    private const double Deviations = 1.96;

    public double Low => Math.Max(0, Total - (Deviations * StandardError));

    public double High => Total + (Deviations * StandardError);

    /// <summary>Standard error / sum; 0 of nothing.</summary>
    public double RelativeError => Total > 0 ? StandardError / Total : 0;
}

/// <summary>
/// All images of a scope, or those drawn from it, by the size of their originals: what comes of one depends on it, and sizes are known before anything is decoded. An
/// estimate is a sum over classes of size (double sampling for stratification: Cochran, Sampling Techniques, 12.2).
/// </summary>
/// <param name="Images">In the scope.</param>
/// <param name="Drawn">Looked at in the catalog.</param>
/// <param name="Sizes">Of the originals drawn that are to be made, bytes.</param>
public sealed record Frame(long Images, int Drawn, IReadOnlyList<long> Sizes)
{
    /// <summary>To be made, of the whole scope.</summary>
    public double Wanted => Drawn == 0 ? 0 : (double)Images * Sizes.Count / Drawn;

    /// <summary>Each four times as large as the one before.</summary>
    public static int ClassOf(long size) => System.Numerics.BitOperations.Log2((ulong)Math.Max(1, size)) / 2;

    /// <summary>The sum over all that is to be made, from some that were. Where all were made it is the sum itself, without error.</summary>
    /// <param name="made">Size of the original, and what came of it.</param>
    public Estimate Sum(IReadOnlyList<(long Size, double Value)> made)
    {
        if (made.Count == 0 || Sizes.Count == 0) return default;
        var all = Moments.Of(made.Select(m => m.Value));
        var seen = made.GroupBy(m => ClassOf(m.Size)).ToDictionary(group => group.Key, group => Moments.Of(group.Select(m => m.Value)));
        var (total, squares, ofSample) = (0.0, 0.0, 0.0);
        foreach (var group in Sizes.GroupBy(ClassOf))
        {
            var (share, count) = ((double)group.Count() / Drawn, (double)Images * group.Count() / Drawn);
            var of = seen.GetValueOrDefault(group.Key, all with { Count = 0 });
            total += count * of.Mean;
            squares += share * of.Mean * of.Mean;
            // One alone says nothing of how far the others are from it.
            var variance = of.Count > 1 ? of.Variance : all.Variance;
            ofSample += count * count * variance / Math.Max(1, of.Count) * Unseen(of.Count, count);
        }
        var mean = total / Images;
        var ofShares = (double)Images * Images * Math.Max(0, squares - (mean * mean)) / Drawn * Unseen(Drawn, Images);
        return new(total, Math.Sqrt(ofSample + ofShares));
    }

    /// <summary>A sum from a mean that was seen elsewhere, with an error that is a guess.</summary>
    public Estimate Times(double mean, double relativeError) => new(Wanted * mean, Wanted * mean * relativeError);

    /// <summary>The part that was not looked at: what was seen whole has no error.</summary>
    private static double Unseen(double seen, double all) => Math.Max(0, 1 - (seen / Math.Max(1, all)));
}

internal readonly record struct Moments(int Count, double Mean, double Variance)
{
    public static Moments Of(IEnumerable<double> values)
    {
        var (count, mean, squares) = (0, 0.0, 0.0);
        foreach (var value in values)
        {
            // Welford's way.
            var off = value - mean;
            mean += off / ++count;
            squares += off * (value - mean);
        }
        return new(count, mean, squares / Math.Max(1, count - 1));
    }
}
