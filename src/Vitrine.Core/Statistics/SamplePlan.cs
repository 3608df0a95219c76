namespace Vitrine.Core.Statistics;

/// <summary>
/// Which image is made next for a sample: within a class of size by chance, and of the classes the one where one more lowers the error most (Neyman's allocation, from
/// the variances seen so far). What costs unpacking a whole archive comes last in its class. Pure: the same images give the same order.
/// </summary>
public sealed class SamplePlan
{
    /// <summary>Before that a class says nothing of its variance.</summary>
    private const int LeastOfClass = 3;

    private readonly List<SizeClass> _classes;

    public SamplePlan(IReadOnlyList<DrawnImage> wanted)
    {
        var shuffled = wanted.ToArray();
        new Random(wanted.Count).Shuffle(shuffled);
        _classes = [.. shuffled.GroupBy(image => Frame.ClassOf(image.Size)).OrderBy(group => group.Key).Select(group => new SizeClass(group.Count(), new(group.OrderBy(i => i.Sequential))))];
    }

    /// <summary>Null where all were taken.</summary>
    public DrawnImage? Next() => _classes.Where(c => c.Left.Count > 0).MaxBy(Gain)?.Left.Dequeue();

    /// <summary>What came of an image.</summary>
    public void Add(DrawnImage image, double value) => _classes.Find(c => c.Holds(image))!.Values.Add(value);

    private static double Gain(SizeClass c)
    {
        if (c.Values.Count < LeastOfClass) return double.MaxValue;
        var variance = Moments.Of(c.Values).Variance;
        return (double)c.Size * c.Size * variance / (c.Values.Count * (c.Values.Count + 1.0));
    }

    private sealed record SizeClass(int Size, Queue<DrawnImage> Left)
    {
        private readonly int _number = Frame.ClassOf(Left.Peek().Size);

        public List<double> Values { get; } = [];

        public bool Holds(DrawnImage image) => Frame.ClassOf(image.Size) == _number;
    }
}
