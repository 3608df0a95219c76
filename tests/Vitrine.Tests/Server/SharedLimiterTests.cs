using System.Threading.RateLimiting;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Backends;
using Vitrine.Core.Users;
using Vitrine.Server.Security;

namespace Vitrine.Tests.Server;

/// <summary>One limit on two servers, over one store.</summary>
public sealed class SharedLimiterTests : IAsyncLifetime, IRateStore
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-test-").FullName;
    private Stores _stores = null!;
    private int _asked;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stores = await Stores.OpenSqliteAsync(_folder, _time, Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    Task<TimeSpan?> IRateStore.TakeAsync(RateTake take, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        return _stores.Rates.TakeAsync(take, cancellation);
    }

    [Fact]
    public async Task Two_servers_together_let_through_no_more_than_one_may()
    {
        using var here = new SharedLimiter(this, "key", 10, _time);
        using var there = new SharedLimiter(this, "key", 10, _time);
        for (var done = 0; done < 10; done++) Assert.True((await (done % 3 == 0 ? here : there).AcquireAsync(cancellationToken: Cancellation)).IsAcquired);
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(TimeSpan.FromSeconds(10), await RefusalAsync(here));
        Assert.Equal(TimeSpan.FromSeconds(10), await RefusalAsync(there));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True((await there.AcquireAsync(cancellationToken: Cancellation)).IsAcquired);
    }

    [Fact]
    public async Task Who_was_refused_is_refused_without_asking_the_store_until_there_can_be_a_permit()
    {
        using var limiter = new SharedLimiter(this, "key", 1, _time);
        Assert.False(limiter.AttemptAcquire().IsAcquired);
        Assert.True((await limiter.AcquireAsync(cancellationToken: Cancellation)).IsAcquired);
        Assert.Equal(TimeSpan.FromMinutes(1), await RefusalAsync(limiter));
        Assert.Null(limiter.IdleDuration);
        _time.Advance(TimeSpan.FromSeconds(59));
        for (var tries = 0; tries < 100; tries++) Assert.Equal(TimeSpan.FromSeconds(1), await RefusalAsync(limiter));
        Assert.Equal(2, _asked);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(limiter.IdleDuration);
        Assert.True((await limiter.AcquireAsync(cancellationToken: Cancellation)).IsAcquired);
        Assert.Equal(3, _asked);
    }

    [Fact]
    public async Task A_high_limit_is_taken_in_twentieths_which_are_spent_soon_or_not_at_all()
    {
        using var here = new SharedLimiter(this, "key", 100, _time);
        for (var done = 0; done < 5; done++) Assert.True((await here.AcquireAsync(cancellationToken: Cancellation)).IsAcquired);
        Assert.Equal(1, _asked);
        Assert.True((await here.AcquireAsync(cancellationToken: Cancellation)).IsAcquired);
        Assert.True(here.AttemptAcquire().IsAcquired);
        Assert.Equal((2, 3), (_asked, here.GetStatistics()!.CurrentAvailablePermits));

        // What is left of a twentieth is not spent later, when it would count for no window any more.
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(here.AttemptAcquire().IsAcquired);

        using var there = new SharedLimiter(this, "key", 100, _time);
        var let = 0;
        while ((await there.AcquireAsync(cancellationToken: Cancellation)).IsAcquired) let++;
        Assert.Equal(90, let);
    }

    private static async Task<TimeSpan> RefusalAsync(SharedLimiter limiter)
    {
        using var refused = await limiter.AcquireAsync(cancellationToken: Cancellation);
        Assert.False(refused.IsAcquired);
        Assert.True(refused.TryGetMetadata(MetadataName.RetryAfter, out var wait));
        return wait;
    }
}
