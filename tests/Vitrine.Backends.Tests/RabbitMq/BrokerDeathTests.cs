using Vitrine.Backends.RabbitMq;
using Vitrine.Core.Jobs;
using Vitrine.Tests.Shared;

namespace Vitrine.Backends.Tests.RabbitMq;

/// <summary>A broker of its own that dies at once and comes back (./test long).</summary>
public sealed class BrokerDeathTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_connection_and_the_messages_come_back_with_the_broker()
    {
        await using var broker = await StartAsync();
        await using var nodes = new Nodes(new() { Uri = broker.Uri, ReconnectSeconds = 1, AnswerSeconds = 2 });
        var queue = await nodes.StartAsync();
        await queue.PublishAsync([Make(1)], Cancellation);
        await queue.ReceiveAsync(Bound, Cancellation);
        await broker.KillAsync();
        Assert.True((await Assert.ThrowsAsync<BrokerException>(() => queue.PublishAsync([Make(2)], Cancellation))).MayPass);
        await broker.StartAgainAsync(Cancellation);
        Assert.True(await TakesAsync(queue), "Nothing was taken after the broker came back.");
        Assert.NotNull(await queue.ReceiveAsync(Bound, Cancellation));
    }

    /// <summary>A quorum queue whose broker dies right after it was declared takes nothing any more; so it is made anew.</summary>
    [Fact]
    public async Task Queues_that_came_back_broken_are_made_anew()
    {
        await using var broker = await StartAsync();
        await using var nodes = new Nodes(new() { Uri = broker.Uri, ReconnectSeconds = 1 });
        var queue = await nodes.StartAsync();
        await queue.PublishAsync([.. Enum.GetValues<BatchClass>().Select(batchClass => Make(1, batchClass))], Cancellation);
        await broker.KillAsync();
        await broker.StartAgainAsync(Cancellation);
        foreach (var batchClass in Enum.GetValues<BatchClass>()) Assert.True(await TakesAsync(queue, batchClass), $"{batchClass} took nothing.");
    }

    private static Offer Make(long batch, BatchClass batchClass = BatchClass.Normal) => new(new(batch), 1, batchClass);

    private static async Task<RabbitBroker> StartAsync()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("VITRINE_LONG") == "1", "Four starts of a broker: ./test long.");
        Assert.SkipWhen(RabbitBroker.Missing is not null, RabbitBroker.Missing ?? "");
        return await RabbitBroker.StartAsync(Cancellation);
    }

    /// <summary>As the dispatcher does: a step that fails is made again.</summary>
    private static async Task<bool> TakesAsync(RabbitMqWorkQueue queue, BatchClass batchClass = BatchClass.Normal)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Bound)
        {
            try
            {
                return (await queue.PublishAsync([Make(9, batchClass)], Cancellation)).Refused.Count == 0;
            }
            catch (BrokerException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancellation);
            }
        }
        return false;
    }
}
