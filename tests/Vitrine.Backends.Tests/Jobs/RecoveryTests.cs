using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Jobs;

/// <summary>Recovery as it runs by itself, over the real store and a clock of the test's own.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private static readonly EngineOptions Options = new();
    private readonly Signals _signals = new();
    private Store _store = null!;
    private Story _story = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FakeTimeProvider Time => _store.Time;

    public async ValueTask InitializeAsync()
    {
        _store = await SqliteStore.OpenAsync();
        _story = new(_store);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _signals.Dispose();
    }

    /// <summary>R14: a worker that renews and does nothing more, whether it heeds the loss of its lease or not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_a_worker_that_does_nothing_a_job_ends_within_three_timeouts_and_a_period(bool leasesAgain)
    {
        var job = await _story.PlanOneBatchAsync(3);
        var lease = await _story.LeaseAsync();
        using var recovery = New();
        var started = Time.GetUtcNow();
        var period = TimeSpan.FromSeconds(Options.RecoverySeconds);
        while (!(await _story.JobAsync(job)).IsOver && Time.GetUtcNow() - started < TimeSpan.FromHours(3))
        {
            await _store.Nodes.BeatAsync(new("node"), 1, [], Cancellation);
            if (lease is not null && (await _store.Batches.RenewAsync("node", [lease.Token], Cancellation)).Count == 0) lease = leasesAgain ? await _story.LeaseAsync() : null;
            Time.Advance(period);
            await recovery.RecoverStaleAsync(TimeSpan.FromMinutes(Options.StaleMinutes), Cancellation);
        }
        Assert.Equal((JobStatus.Failed, 3), ((await _story.JobAsync(job)).Status, (await _story.JobAsync(job)).Failed));
        Assert.InRange(Time.GetUtcNow() - started, TimeSpan.FromMinutes(90), TimeSpan.FromMinutes(90) + period);
    }

    /// <summary>R18: of three stale jobs one is beyond three timeouts.</summary>
    [Fact]
    public async Task Those_given_up_are_not_counted_as_recovered()
    {
        await _story.PlanOneBatchAsync(1, "a");
        await _story.LeaseAsync();
        using var recovery = New();
        await PassAsync(recovery, TimeSpan.FromMinutes(60));
        foreach (var name in new[] { "b", "c" })
        {
            await _story.PlanOneBatchAsync(1, name);
            await _story.LeaseAsync();
        }
        await PassAsync(recovery, TimeSpan.FromMinutes(45));

        Assert.Equal(new StaleRecovery(2, 1), await recovery.RecoverStaleAsync(TimeSpan.FromMinutes(30), Cancellation));
    }

    [Fact]
    public async Task A_recovery_keeps_to_the_libraries_that_are_given()
    {
        var (one, two) = (await _story.PlanOneBatchAsync(1, "one"), await _story.PlanOneBatchAsync(1, "two"));
        await _story.LeaseAsync();
        await _story.LeaseAsync();
        using var recovery = New();
        await PassAsync(recovery, TimeSpan.FromMinutes(40));
        var timeout = TimeSpan.FromMinutes(30);
        Assert.Equal(new StaleRecovery(0, 0), await recovery.RecoverStaleAsync(timeout, Cancellation, []));
        Assert.Equal(new StaleRecovery(1, 0), await recovery.RecoverStaleAsync(timeout, Cancellation, [one.Scope.Library]));

        await _store.Batches.OfferAsync(new(4, TimeSpan.FromMinutes(1)), Cancellation);
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await recovery.RecoverAllAsync(Cancellation, [two.Scope.Library]));
        Assert.Equal(1, await recovery.RecoverAllAsync(Cancellation, [one.Scope.Library]));
    }

    /// <summary>Looks as its period would, with a timeout that nothing reaches.</summary>
    private async Task PassAsync(Recovery recovery, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMinutes(1))
        {
            await recovery.RecoverStaleAsync(TimeSpan.FromDays(1), Cancellation);
            Time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task By_its_own_schedule_a_stale_job_is_recovered_without_being_asked()
    {
        await _story.PlanOneBatchAsync(1);
        var lease = await _story.MustLeaseAsync();
        using var recovery = New();
        await recovery.StartAsync(Cancellation);
        while ((await _store.Batches.RenewAsync("node", [lease.Token], Cancellation)).Count > 0)
        {
            Time.Advance(TimeSpan.FromSeconds(Options.RecoverySeconds));
            await Task.Yield();
        }
        await recovery.StopAsync(Cancellation);
        Assert.True(Time.GetUtcNow() - Time.Start >= TimeSpan.FromMinutes(Options.StaleMinutes));
    }

    private Recovery New() => new(_store.Jobs, _store.Clock, _signals, new(Options, Time, NullLogger<Recovery>.Instance));
}
