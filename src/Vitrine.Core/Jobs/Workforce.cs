namespace Vitrine.Core.Jobs;

/// <summary>How many workers this node has now, and what they do.</summary>
public sealed class Workforce
{
    private int _workers;
    private int _busy;
    private int _yielding;

    public int Workers => Volatile.Read(ref _workers);

    /// <summary>With a batch in hand.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>Begin no batch, because somebody is looking.</summary>
    public int Yielding => Volatile.Read(ref _yielding);

    public int Idle => Math.Max(0, Workers - Busy - Yielding);

    internal void Count(int workers) => Interlocked.Add(ref _workers, workers);

    internal void CountBusy(int workers) => Interlocked.Add(ref _busy, workers);

    internal void CountYielding(int workers) => Interlocked.Add(ref _yielding, workers);
}
