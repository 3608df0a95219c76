using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace Vitrine.Server.Security;

/// <summary>
/// So many permits within any window of this length, counted by the times at which they were taken: the framework's own limiters read a clock that no test can set,
/// and a fixed window lets twice as many through around its edge. What is refused takes nothing.
/// </summary>
internal sealed class SlidingLimiter(int permits, TimeSpan window, TimeProvider time) : RateLimiter
{
    private readonly Lock _changing = new();
    private readonly Queue<long> _taken = new();

    /// <summary>The framework forgets a limiter that says how long it has been idle: one that counts nothing is like a new one.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (_changing)
            {
                Forget();
                return _taken.Count == 0 ? window : null;
            }
        }
    }

    public override RateLimiterStatistics GetStatistics()
    {
        lock (_changing)
        {
            Forget();
            return new() { CurrentAvailablePermits = permits - _taken.Count };
        }
    }

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (_changing)
        {
            Forget();
            if (_taken.Count + permitCount > permits) return new Lease(_taken.Count == 0 ? window : window - time.GetElapsedTime(_taken.Peek()));
            var now = time.GetTimestamp();
            for (var taken = 0; taken < permitCount; taken++) _taken.Enqueue(now);
            return new Lease(null);
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => new(AttemptAcquireCore(permitCount));

    private void Forget()
    {
        while (_taken.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= window) _taken.Dequeue();
    }

    /// <param name="retryAfter">Null: it is acquired.</param>
    private sealed class Lease(TimeSpan? retryAfter) : RateLimitLease
    {
        public override bool IsAcquired => retryAfter is null;

        public override IEnumerable<string> MetadataNames => retryAfter is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
        {
            metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
            return metadata is not null;
        }
    }
}
