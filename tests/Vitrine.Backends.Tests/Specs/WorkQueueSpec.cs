using System.Diagnostics.Metrics;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Hints: bounded, by class, refused visibly.</summary>
public abstract class WorkQueueSpec : IAsyncDisposable
{
    protected const int Length = 5;

    protected Meter Meter { get; } = new("Vitrine.Tests.Queue");

    /// <summary>So many more than its length a queue may take before it refuses.</summary>
    protected virtual int Slack => 0;

    /// <summary>The name under which it counts what it refused.</summary>
    protected abstract string Refusals { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<IWorkQueue> OpenAsync();

    [Fact]
    public async Task Classes_come_in_their_order_and_offers_of_a_class_in_theirs()
    {
        var queue = await OpenAsync();
        await queue.PublishAsync([Make(1, BatchClass.Low), Make(2, BatchClass.Normal), Make(3, BatchClass.Viewing), Make(4, BatchClass.Normal)], Cancellation);
        Assert.Equal([3, 2, 4, 1], await DrainAsync(queue));
        Assert.Null(await queue.ReceiveAsync(TimeSpan.Zero, Cancellation));
    }

    [Theory]
    [InlineData(BatchClass.Viewing)]
    [InlineData(BatchClass.Covers)]
    [InlineData(BatchClass.Normal)]
    [InlineData(BatchClass.Low)]
    public async Task A_full_class_refuses_by_name_and_keeps_what_it_has(BatchClass batchClass)
    {
        var queue = await OpenAsync();
        var taken = await FillAsync(queue, batchClass);
        Assert.InRange(taken, Length, Length + Slack);
        var other = batchClass == BatchClass.Low ? BatchClass.Normal : BatchClass.Low;
        var more = Make(100, batchClass);
        Assert.Equal([more], (await queue.PublishAsync([more, Make(200, other)], Cancellation)).Refused);
        Assert.Equal([.. Enumerable.Range(1, taken).Select(i => (long)i), 200], (await DrainAsync(queue)).Order());
        Assert.Empty((await queue.PublishAsync([more], Cancellation)).Refused);
    }

    [Fact]
    public async Task Refusals_are_counted()
    {
        var counted = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == Meter && instrument.Name == Refusals) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref counted, value));
        listener.Start();
        var queue = await OpenAsync();
        await FillAsync(queue, BatchClass.Normal);
        await queue.PublishAsync([Make(100, BatchClass.Normal), Make(101, BatchClass.Normal)], Cancellation);
        Assert.Equal(3, counted);
    }

    [Fact]
    public async Task What_was_returned_is_delivered_again()
    {
        var queue = await OpenAsync();
        await queue.PublishAsync([Make(1, BatchClass.Normal), Make(2, BatchClass.Normal)], Cancellation);
        var delivery = (await queue.ReceiveAsync(TimeSpan.Zero, Cancellation))!;
        await queue.ReturnAsync(delivery, Cancellation);
        Assert.Equal([1, 2], (await DrainAsync(queue)).Order());
    }

    [Fact]
    public async Task Whoever_waits_gets_the_next_offer()
    {
        var queue = await OpenAsync();
        var waiting = queue.ReceiveAsync(TimeSpan.FromMinutes(5), Cancellation);
        await queue.PublishAsync([Make(1, BatchClass.Normal)], Cancellation);
        Assert.Equal(1, (await waiting)!.Offer.Batch.Value);
    }

    protected static Offer Make(long batch, BatchClass batchClass) => new(new(batch), 1, batchClass);

    public virtual ValueTask DisposeAsync()
    {
        Meter.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>One by one until the first is refused. Answers how many were taken.</summary>
    private static async Task<int> FillAsync(IWorkQueue queue, BatchClass batchClass)
    {
        var taken = 0;
        while ((await queue.PublishAsync([Make(taken + 1, batchClass)], Cancellation)).Refused.Count == 0) taken++;
        return taken;
    }

    protected static async Task<List<long>> DrainAsync(IWorkQueue queue)
    {
        var batches = new List<long>();
        while (await queue.ReceiveAsync(TimeSpan.Zero, Cancellation) is { } delivery)
        {
            batches.Add(delivery.Offer.Batch.Value);
            await queue.AcknowledgeAsync(delivery, Cancellation);
        }
        return batches;
    }
}
