namespace Vitrine.Core.Jobs;

/// <summary>What this node makes now for somebody who looks at it.</summary>
public sealed class Viewing(TimeProvider time)
{
    private int _inFlight;
    private long _lastEnd;

    public void Begin() => Interlocked.Increment(ref _inFlight);

    public void End()
    {
        Interlocked.Exchange(ref _lastEnd, time.GetTimestamp());
        Interlocked.Decrement(ref _inFlight);
    }

    /// <summary>Since somebody looked last; zero while something is made, null where nothing was.</summary>
    public TimeSpan? Quiet
    {
        get
        {
            if (Volatile.Read(ref _inFlight) > 0) return TimeSpan.Zero;
            var last = Interlocked.Read(ref _lastEnd);
            return last == 0 ? null : time.GetElapsedTime(last);
        }
    }
}

/// <summary>Decides whether a worker may begin a batch while somebody is looking.</summary>
public static class YieldRule
{
    /// <param name="quiet">See <see cref="Viewing.Quiet"/>.</param>
    /// <param name="waited">How long this worker has yielded since its last batch.</param>
    public static bool MustWait(EngineOptions options, TimeSpan? quiet, TimeSpan waited) =>
        options.YieldWhileViewing
        && quiet < TimeSpan.FromSeconds(options.YieldSeconds)
        && waited < TimeSpan.FromSeconds(options.YieldAtMostSeconds);
}
