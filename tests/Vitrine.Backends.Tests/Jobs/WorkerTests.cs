using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Memory;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Jobs;

public sealed class WorkerTests : StoreSpec, IBatchHandler
{
    private readonly TaskCompletionSource _third = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _leased;

    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    async Task IBatchHandler.RunAsync(HeldLease held, DecoderLane lane)
    {
        var lease = held.Lease;
        await Story.CommitAsync(lease, [.. lease.Items.Select(item => new ItemResult(item.Item, Outcome.Failed, Reason.Corrupt))]);
        if (++_leased == 3) _third.SetResult();
    }

    /// <summary>The messages of the former process died with it, and its offers stand in the store: no time passes in this test.</summary>
    [Fact]
    public async Task Work_without_messages_is_taken_from_the_store_one_after_another()
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("a", Story.Pictures(1)).With("b", Story.Pictures(1)).With("c", Story.Pictures(1)));
        Assert.Equal(3, (await Store.Batches.OfferAsync(new(10, TimeSpan.FromMinutes(1)), Cancellation)).Count);

        using var telemetry = new Telemetry();
        using var signals = new Signals();
        using var meter = new Meter("test");
        using var queue = new MemoryWorkQueue(10, Store.Time, meter);
        using var keeper = new LeaseKeeper(Store.Batches, new("node"), new(), Store.Time, NullLogger<LeaseKeeper>.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var runner = new LeaseRunner(Store.Batches, keeper, new(this, this), telemetry, Store.Time);
        using var options = new LiveOptions(new());
        using var reach = new Reach();
        var gate = new WorkGate(options, new(Store.Time), new(), reach, Store.Time);
        var settings = new WorkerSettings(new("node"), new(), signals, gate, Store.Time);
        var worker = new Worker(queue, Store.Batches, runner, settings, NullLogger<Worker>.Instance).RunAsync(stop.Token, stop.Token);

        await _third.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await stop.CancelAsync();
        await worker;
    }
}
