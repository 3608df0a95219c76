namespace Vitrine.Core;

/// <summary>Wakes one waiting loop before its period is over. A ring that nobody waits for is kept, once.</summary>
public sealed class Pulse : IDisposable
{
    private readonly Permits _rung = new(0, most: 1);

    public void Ring() => _rung.Give();

    /// <summary>Until the next ring, the period or the cancellation, whichever is first; never throws.</summary>
    public async Task WaitAsync(TimeSpan period, TimeProvider time, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), ended, period, Timeout.InfiniteTimeSpan);
        await _rung.TryTakeAsync(ended.Token);
    }

    public void Dispose() => _rung.Dispose();
}
