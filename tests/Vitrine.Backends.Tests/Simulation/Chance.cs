namespace Vitrine.Backends.Tests.Simulation;

/// <summary>All chance of one history: the seed decides everything. SplitMix64, so that a seed means the same on every machine and in every version.</summary>
internal sealed class Chance(long seed)
{
    private ulong _state = (ulong)seed * 0x9E3779B97F4A7C15UL;

    /// <summary>From 0 to <paramref name="below"/> - 1.</summary>
    public int Next(int below) => (int)(Draw() % (ulong)below);

    /// <summary>Both included.</summary>
    public int Between(int least, int most) => least + Next(most - least + 1);

    public bool Is(double probability) => (Draw() >> 11) * (1.0 / (1UL << 53)) < probability;

    public TimeSpan Time(double leastSeconds, double mostSeconds) =>
        TimeSpan.FromMilliseconds(Between((int)(leastSeconds * 1000), (int)(mostSeconds * 1000)));

    public T Of<T>(IReadOnlyList<T> some) => some[Next(some.Count)];

    private ulong Draw()
    {
        var mixed = _state += 0x9E3779B97F4A7C15UL;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }
}
