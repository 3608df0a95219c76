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
/// All images of a scope, or those drawn from it, by what is known before anything is decoded. An estimate is a sum over classes (double sampling for stratification:
/// Cochran, Sampling Techniques, 12.2).
/// </summary>
/// <param name="Images">In the scope.</param>
/// <param name="Drawn">Looked at in the catalog.</param>
/// <param name="Classes">Of the images drawn that are to be made.</param>
public sealed record Frame(long Images, int Drawn, IReadOnlyList<ImageClass> Classes)
{
    /// <summary>To be made, of the whole scope.</summary>
    public double Wanted => Drawn == 0 ? 0 : (double)Images * Classes.Count / Drawn;

    /// <summary>The sum over all that is to be made, from some that were. Where all were made it is the sum itself, without error.</summary>
    /// <param name="made">The class of the image, and what came of it.</param>
    public Estimate Sum(IReadOnlyList<(ImageClass Class, double Value)> made)
    {
        if (made.Count == 0 || Classes.Count == 0) return default;
        var seen = new ClassMoments(made);
        var (total, squares, ofSample) = (0.0, 0.0, 0.0);
        foreach (var group in Classes.GroupBy(c => c))
        {
            var (share, count) = ((double)group.Count() / Drawn, (double)Images * group.Count() / Drawn);
            var of = seen.Of(group.Key);
            total += count * of.Mean;
            squares += share * of.Mean * of.Mean;
            ofSample += count * count * of.Variance / Math.Max(1, of.Count) * Unseen(of.Count, count);
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

/// <summary>What comes of an image depends on its format and on how large its original is: by extension, and each class of sizes four times as large as the one before.</summary>
public readonly record struct ImageClass(string Extension, int Size)
{
    public static ImageClass Of(DrawnImage image) => new(image.Extension, System.Numerics.BitOperations.Log2((ulong)Math.Max(1, image.Size)) / 2);
}
