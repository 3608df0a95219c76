namespace Vitrine.Core.Statistics;

/// <summary>
/// Which image is made next for a sample: within a class by chance, and of the classes the one where one more lowers the error most (Neyman's allocation, from the
/// variances seen so far). What costs unpacking a whole archive comes last in its class. Pure: the same images give the same order.
/// </summary>
public sealed class SamplePlan
{
    /// <summary>Before that a class says nothing of itself.</summary>
    private const int LeastOfClass = 3;

    private readonly Dictionary<ImageClass, (int Count, Queue<DrawnImage> Left)> _classes;
    private readonly List<(ImageClass Class, double Value)> _made = [];

    public SamplePlan(IReadOnlyList<DrawnImage> wanted)
    {
        var shuffled = wanted.ToArray();
        new Random(wanted.Count).Shuffle(shuffled);
        _classes = shuffled.GroupBy(ImageClass.Of).ToDictionary(group => group.Key, group => (group.Count(), new Queue<DrawnImage>(group.OrderBy(image => image.Sequential))));
    }

    /// <summary>Null where all were taken.</summary>
    public DrawnImage? Next()
    {
        var seen = new ClassMoments(_made);
        var open = _classes.Where(c => c.Value.Left.Count > 0).ToList();
        return open.Count == 0 ? null : open.MaxBy(c => Gain(c.Value.Count, seen.Of(c.Key))).Value.Left.Dequeue();
    }

    /// <summary>What came of an image.</summary>
    public void Add(DrawnImage image, double value) => _made.Add((ImageClass.Of(image), value));

    private static double Gain(double count, Moments seen) => seen.Count < LeastOfClass
        ? double.MaxValue
        : count * count * seen.Variance / (seen.Count * (seen.Count + 1.0));
}
