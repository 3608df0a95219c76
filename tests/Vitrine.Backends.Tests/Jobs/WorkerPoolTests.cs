using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Memory;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Jobs;

/// <summary>Workers that grow, shrink and yield while batches are in their hands.</summary>
public sealed class WorkerPoolTests : StoreSpec, IBatchHandler
{
    private readonly SemaphoreSlim _finish = new(0);
    private readonly LiveOptions _options = new(new() { Workers = 2, IdleSeconds = 1, YieldWhileViewing = true, DrainSeconds = 0 });
    private readonly Workforce _force = new();
    private readonly Telemetry _telemetry = new();
    private readonly Signals _signals = new();
    private readonly Reach _reach = new();
    private readonly Meter _meter = new("test");
    private Viewing _viewing = null!;
    private bool _drains;

    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var part in new IDisposable[] { _finish, _options, _telemetry, _signals, _reach, _meter }) part.Dispose();
    }

    /// <summary>Each batch is in hand until the test lets one go.</summary>
    async Task IBatchHandler.RunAsync(HeldLease held, DecoderLane lane)
    {
        if (_drains) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, held.Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else await _finish.WaitAsync(held.Lost);
        held.Lost.ThrowIfCancellationRequested();
        await Story.CommitAsync(held.Lease, [.. held.Lease.Items.Select(item => new ItemResult(item.Item, Outcome.Failed, Reason.Corrupt))]);
    }

    [Fact]
    public async Task The_number_of_workers_follows_the_option_and_no_batch_in_hand_is_lost()
    {
        await AddWorkAsync(batches: 8);
        await RunAsync(async () =>
        {
            await UntilAsync(() => _force is { Workers: 2, Busy: 2 });
            Assert.True(_options.Set(new(Workers: 4)));
            await UntilAsync(() => _force is { Workers: 4, Busy: 4 });

            Assert.True(_options.Set(new(Workers: 1)));
            // All have a batch in hand, and finish it: whose is done first either ends or, if it is the one that stays, takes another.
            _finish.Release();
            await UntilAsync(() => _force is { Workers: 3, Busy: 3 } || _telemetry.BatchesLeased.Value == 5);
            _finish.Release(7);
            await UntilAsync(() => _force is { Workers: 1, Busy: 0 } && _finish.CurrentCount == 0);
        });
        Assert.Equal(0, _force.Workers);
        var job = (await Store.Jobs.ListAsync(new(Handler.Derive), Cancellation)).Items.Single();
        Assert.Equal((JobStatus.Completed, 8), (job.Status, job.Failed));
        Assert.Equal(8, _telemetry.BatchesLeased.Value);
    }

    [Fact]
    public async Task Workers_begin_no_batch_while_somebody_looks_and_one_each_after_the_longest_wait()
    {
        await AddWorkAsync(batches: 5);
        _viewing = new(Store.Time);
        _viewing.Begin();
        await RunAsync(async () =>
        {
            await UntilAsync(() => _force is { Workers: 2, Yielding: 2 });
            Assert.Equal(0, _telemetry.BatchesLeased.Value);

            Store.Time.Advance(TimeSpan.FromSeconds(120));
            await UntilAsync(() => _force is { Busy: 2, Yielding: 0 });
            _finish.Release(2);
            await UntilAsync(() => _force is { Busy: 0, Yielding: 2 });
            Assert.Equal(2, _telemetry.BatchesLeased.Value);

            _viewing.End();
            Store.Time.Advance(TimeSpan.FromSeconds(5));
            await UntilAsync(() => _force is { Busy: 2, Yielding: 0 });
            _finish.Release(3);
            await UntilAsync(() => _telemetry.BatchesLeased.Value == 5);
        });
    }

    /// <summary>A job that was just added has no hold yet; nothing of it is done all the same.</summary>
    [Fact]
    public async Task Outside_of_working_hours_no_batch_of_a_job_is_begun()
    {
        await AddWorkAsync(batches: 2);
        Assert.True(_options.Set(new(Windows: ["22:00-06:00"], TimeZone: "UTC"))); // It is noon.
        await RunAsync(async () =>
        {
            var since = Store.Time.GetUtcNow();
            await UntilAsync(() => _force.Workers == 2 && Store.Time.GetUtcNow() - since > TimeSpan.FromSeconds(5));
            Assert.Equal(0, _telemetry.BatchesLeased.Value);
            Store.Time.Advance(TimeSpan.FromHours(10));
            await UntilAsync(() => _force.Busy == 2);
            _finish.Release(2);
            await UntilAsync(() => _force.Busy == 0);
        });
    }

    /// <summary>Its handler ends after the item in hand when it is asked to; what it commits then counts, and no batch is begun any more.</summary>
    [Fact]
    public async Task The_end_waits_for_the_items_in_hand()
    {
        await AddWorkAsync(batches: 3);
        _drains = true;
        await RunAsync(() => UntilAsync(() => _force is { Workers: 2, Busy: 2 }));
        Assert.Equal(0, _force.Workers);
        var job = (await Store.Jobs.ListAsync(new(Handler.Derive), Cancellation)).Items.Single();
        Assert.Equal((2, 2), (job.Failed, _telemetry.BatchesLeased.Value));
        Assert.Empty(await Store.Batches.LeasesAsync(Cancellation));
    }

    private async Task AddWorkAsync(int batches)
    {
        var tree = new Tree();
        for (var batch = 0; batch < batches; batch++) tree.With($"{batch}", Story.Pictures(1));
        await Story.ScanAsync(await Story.AddLibraryAsync(), tree);
    }

    private async Task RunAsync(Func<Task> while_)
    {
        var time = Store.Time;
        using var queue = new MemoryWorkQueue(10, time, _meter);
        using var keeper = new LeaseKeeper(Store.Batches, new("node"), new(), time, NullLogger<LeaseKeeper>.Instance);
        await using var decoders = new DecoderPool((_, _, _) => throw new NotSupportedException(), 2, time);
        var runner = new LeaseRunner(Store.Batches, keeper, new(this, this), _telemetry, time);
        var gate = new WorkGate(_options, _viewing ?? new(time), _force, _reach, time);
        var settings = new WorkerSettings(new("node"), _options.Configured, _signals, gate, time);
        using var patient = new LiveOptions(_options.Configured with { DrainSeconds = 60 });
        using var pool = new WorkerPool(
            () => new Worker(queue, Store.Batches, runner, settings, NullLogger<Worker>.Instance), new(decoders), _drains ? patient : _options, new(keeper, time, NullLogger<WorkerPool>.Instance));
        await pool.StartAsync(Cancellation);
        await while_();
        await pool.StopAsync(Cancellation);
    }

    /// <summary>Workers that were told of nothing ask the store after their idle time, which passes here as fast as it is waited for.</summary>
    private async Task UntilAsync(Func<bool> state)
    {
        for (var looks = 0; !state(); looks++)
        {
            Assert.True(looks < 1000, $"{_force.Workers} workers, {_force.Busy} busy, {_force.Yielding} yield, {_telemetry.BatchesLeased.Value} leased.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
            if (looks % 10 == 9 && _force.Yielding == 0) Store.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
