using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
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
        using var meter = new Meter("test");
        using var queue = new MemoryWorkQueue(10, Store.Time, meter);
        await OfferThreeAsync();

        await WorkAsync(queue);
    }

    [Fact]
    public async Task Losing_every_message_costs_no_more_than_three_seconds()
    {
        var start = Store.Time.GetUtcNow();
        var queue = new LosingQueue(Store.Time, OfferThreeAsync);

        await WorkAsync(queue);

        Assert.Equal(1, queue.Waits);
        Assert.InRange(Store.Time.GetUtcNow() - start, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(3));
    }

    private async Task OfferThreeAsync()
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("a", Story.Pictures(1)).With("b", Story.Pictures(1)).With("c", Story.Pictures(1)));
        Assert.Equal(3, (await Store.Batches.OfferAsync(new(10, TimeSpan.FromMinutes(1)), Cancellation)).Count);
    }

    /// <summary>One worker, until it has done three batches.</summary>
    private async Task WorkAsync(IWorkQueue queue)
    {
        using var telemetry = new Telemetry();
        using var signals = new Signals();
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

    /// <summary>Delivers nothing, however long a worker waits: the wait passes at once. Work comes when a worker has just begun to wait.</summary>
    private sealed class LosingQueue(FakeTimeProvider time, Func<Task> workComes) : IWorkQueue
    {
        public int Waits { get; private set; }

        public async Task<Delivery?> ReceiveAsync(TimeSpan wait, CancellationToken cancellation)
        {
            // A worker that has done everything waits until it is stopped.
            if (wait > TimeSpan.Zero && Waits == 1) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            if (wait > TimeSpan.Zero && ++Waits == 1) await workComes();
            time.Advance(wait);
            return null;
        }

        public Task<PublishAnswer> PublishAsync(IReadOnlyList<Offer> offers, CancellationToken cancellation) => throw new NotSupportedException();

        public Task AcknowledgeAsync(Delivery delivery, CancellationToken cancellation) => throw new NotSupportedException();

        public Task ReturnAsync(Delivery delivery, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
