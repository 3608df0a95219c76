using Microsoft.Extensions.Time.Testing;
using Vitrine.Backends.Sql.Postgres;

namespace Vitrine.Backends.Tests.Postgres;

/// <summary>Nodes whose clocks are five minutes apart agree on what is over: they go by the database's.</summary>
public sealed class ClockSkewTests
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_lock_lasts_as_long_for_a_node_with_another_clock(int sign)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var options = await (await PostgresServer.UseAsync()).CreateAsync(PostgresServer.Template);
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var one = await OpenAsync(options, time);
        await using var other = await OpenAsync(options, new(TimeProvider.System.GetUtcNow() + sign * Skew));

        Assert.NotNull(await one.Locks.AcquireAsync("long", "one", Skew / 2, cancellation));
        Assert.Null(await other.Locks.AcquireAsync("long", "other", Skew / 2, cancellation));
        Assert.NotNull(await other.Locks.AcquireAsync("short", "other", TimeSpan.Zero, cancellation));
        // What two nodes think that the database's clock shows differs by an answer's way at most.
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await one.Locks.AcquireAsync("short", "one", Skew / 2, cancellation));
    }

    private static Task<Stores> OpenAsync(PostgresOptions options, FakeTimeProvider time) =>
        Stores.OpenPostgresAsync(options, new DatabaseClock(time), TestContext.Current.CancellationToken);
}
