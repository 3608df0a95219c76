using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Vitrine.Core.Users;

namespace Vitrine.Server.Security;

/// <summary>
/// So many permits within any minute, of all servers together: the store counts them (<see cref="IRateStore"/>). Of a high limit a twentieth is taken at a time and
/// spent here within <see cref="SpentWithin"/>, so that a visitor's hundred pictures are a few writes; and who was refused is refused here until there can be a
/// permit again, so that a flood costs the store nothing.
/// </summary>
internal sealed class SharedLimiter(IRateStore store, string key, int permits, TimeProvider time) : RateLimiter
{
    private const int Takes = 20;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SpentWithin = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _asking = new(1, 1);
    private readonly Lock _changing = new();
    private readonly int _taken = Math.Max(1, permits / Takes);
    private long _used = time.GetTimestamp();
    private long _asked;
    private int _unspent;
    private TimeSpan? _refused;

    /// <summary>The framework forgets a limiter that says how long it has been idle; what counts stands in the store.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (_changing) return _asking.CurrentCount == 0 || Unspent > 0 || Refused is not null ? null : time.GetElapsedTime(_used);
        }
    }

    private int Unspent => _unspent > 0 && time.GetElapsedTime(_asked) < SpentWithin ? _unspent : 0;

    private TimeSpan? Refused => _refused is { } wait && time.GetElapsedTime(_asked) < wait ? wait - time.GetElapsedTime(_asked) : null;

    public override RateLimiterStatistics GetStatistics()
    {
        lock (_changing) return new() { CurrentAvailablePermits = Unspent };
    }

    /// <summary>What is known here. Refused here, the framework asks again and waits for the answer.</summary>
    protected override RateLimitLease AttemptAcquireCore(int permitCount) => Known() ?? new Lease(TimeSpan.Zero);

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (Known() is { } known) return known;
            // The time before the question: what is counted here is never younger than it is in the store.
            var asked = time.GetTimestamp();
            var window = _taken == 1 ? Window : Window + SpentWithin;
            return Note(asked, await store.TakeAsync(new(key, _taken, permits, window), cancellationToken));
        }
        finally
        {
            _asking.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _asking.Dispose();
        base.Dispose(disposing);
    }

    private Lease? Known()
    {
        lock (_changing)
        {
            _used = time.GetTimestamp();
            if (Refused is { } wait) return new(wait);
            if (Unspent == 0) return null;
            _unspent--;
            return new(null);
        }
    }

    private Lease Note(long asked, TimeSpan? refused)
    {
        lock (_changing)
        {
            (_asked, _refused, _unspent) = (asked, refused, refused is null ? _taken - 1 : 0);
            return new(refused);
        }
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
