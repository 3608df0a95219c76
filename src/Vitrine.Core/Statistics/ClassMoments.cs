namespace Vitrine.Core.Statistics;

/// <summary>Number, mean and variance of what was seen.</summary>
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

/// <summary>
/// What was seen in each class of images. Three equal values do not prove that all are equal: the variance of a class is drawn towards what all classes vary by, in
/// proportion to their means, as if some more had been seen.
/// </summary>
internal sealed class ClassMoments
{
    /// <summary>How many more.</summary>
    private const double Weight = 2;

    private readonly Dictionary<ImageClass, Moments> _classes;
    private readonly Moments _all;

    /// <summary>Variance within classes / square of their means.</summary>
    private readonly double _usual;

    public ClassMoments(IEnumerable<(ImageClass Class, double Value)> made)
    {
        var list = made.ToList();
        _all = Moments.Of(list.Select(m => m.Value));
        _classes = list.GroupBy(m => m.Class).ToDictionary(group => group.Key, group => Moments.Of(group.Select(m => m.Value)));
        var squares = _classes.Values.Sum(c => (c.Count - 1) * c.Mean * c.Mean);
        _usual = squares > 0 ? _classes.Values.Sum(c => (c.Count - 1) * c.Variance) / squares : 1;
    }

    /// <summary>A class of which nothing was seen is like all of them together.</summary>
    public Moments Of(ImageClass key)
    {
        if (!_classes.TryGetValue(key, out var seen)) return _all with { Count = 0 };
        return seen with { Variance = (((seen.Count - 1) * seen.Variance) + (Weight * _usual * seen.Mean * seen.Mean)) / (seen.Count - 1 + Weight) };
    }
}
