using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Hints: bounded, by class, refused visibly.</summary>
public abstract class WorkQueueSpec
{
    protected const int Length = 5;

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
        var offers = Enumerable.Range(1, Length + 2).Select(i => Make(i, batchClass)).ToList();
        Assert.Equal(offers[Length..], (await queue.PublishAsync(offers, Cancellation)).Refused);
        Assert.Equal(Enumerable.Range(1, Length).Select(i => (long)i), await DrainAsync(queue));
        Assert.Empty((await queue.PublishAsync([offers[0]], Cancellation)).Refused);
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

    private static async Task<List<long>> DrainAsync(IWorkQueue queue)
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
