using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using Vitrine.Backends.RabbitMq;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.RabbitMq;

/// <summary>What the settings make of the broker's queues, and what becomes of queues that others change.</summary>
public sealed class BrokerQueueTests(PrivateBroker broker)
{
    /// <summary>Far beyond what any of it takes.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_queue_has_its_limit_and_the_arguments_of_the_settings()
    {
        var options = await broker.OptionsAsync() with { DeliveryLimit = 7, MessageTtlSeconds = 90, DeadLetterLength = 30 };
        await BrokerCheck.RunAsync(options, length: 40, TimeProvider.System, Cancellation);
        var listed = await (await broker.StartedAsync()).ControlAsync(["list_queues", "name", "type", "arguments", "--formatter", "json"], Cancellation);
        var all = JsonDocument.Parse(listed).RootElement.EnumerateArray().ToDictionary(queue => queue.GetProperty("name").GetString()!, Arguments);
        Assert.All(all.Values, arguments => Assert.Contains("x-max-length=", arguments, StringComparison.Ordinal));

        var name = options.QueueName;
        var own = all.Where(queue => queue.Key.StartsWith(name + ".", StringComparison.Ordinal)).ToDictionary();
        string[] classes = ["covers", "low", "normal", "viewing"];
        Assert.Equal(classes.Append("dead").Order(StringComparer.Ordinal), own.Keys.Select(key => key[(name.Length + 1)..]).Order(StringComparer.Ordinal));
        Assert.All(classes, of => Assert.Equal(
            $"quorum x-dead-letter-exchange={name}.dead x-dead-letter-strategy=at-least-once x-delivery-limit=7 x-max-length=40 x-message-ttl=90000 x-overflow=reject-publish x-queue-type=quorum",
            own[$"{name}.{of}"]));
        Assert.Equal("quorum x-max-length=30 x-overflow=drop-head x-queue-type=quorum", own[$"{name}.dead"]);
    }

    [Fact]
    public async Task By_default_nothing_grows_too_old() =>
        Assert.DoesNotContain("x-message-ttl", new QueueShapes(await broker.OptionsAsync(), 1).Of(BatchClass.Low).Arguments.Keys);

    [Fact]
    public async Task What_nobody_can_read_is_a_dead_letter_with_its_reason_and_its_bytes_and_the_oldest_of_them_leave()
    {
        await using var nodes = new Nodes(await broker.OptionsAsync() with { DeadLetterLength = 2 });
        var queue = await nodes.StartAsync();
        await queue.PublishAsync([], Cancellation);
        var channel = await nodes.BesideAsync();
        var normal = new QueueShapes(nodes.Options, 1000).Of(BatchClass.Normal).Name;
        foreach (var body in new[] { "one", "two", "three", "four" }) await channel.BasicPublishAsync("", normal, Encoding.UTF8.GetBytes(body), Cancellation);
        var waiting = queue.ReceiveAsync(Bound, Cancellation);
        await queue.PublishAsync([Make(9)], Cancellation);
        Assert.Equal(9, (await waiting)!.Offer.Batch.Value);

        var last = await DeadAsync(nodes, dead => dead.Body == "four");
        Assert.Equal(("four", "rejected"), last);
        Assert.True((await BrokerCheck.RunAsync(nodes.Options, 1000, TimeProvider.System, Cancellation)).DeadLetters <= 2);
    }

    [Fact]
    public async Task A_message_that_is_lost_too_often_is_a_dead_letter()
    {
        await using var nodes = new Nodes(await broker.OptionsAsync() with { DeliveryLimit = 2 });
        await (await nodes.StartAsync()).PublishAsync([Make(3)], Cancellation);
        var channel = await nodes.BesideAsync();
        var normal = new QueueShapes(nodes.Options, 1000).Of(BatchClass.Normal).Name;
        for (var lost = 0; lost < 3; lost++)
        {
            var got = await channel.BasicGetAsync(normal, autoAck: false, Cancellation);
            await channel.BasicNackAsync(got!.DeliveryTag, multiple: false, requeue: true, Cancellation);
        }
        Assert.Equal(("""{"batch":3,"offer":1}""", "delivery_limit"), await DeadAsync(nodes, _ => true));
    }

    [Fact]
    public async Task What_is_too_old_is_a_dead_letter_where_the_settings_say_so()
    {
        await using var nodes = new Nodes(await broker.OptionsAsync() with { MessageTtlSeconds = 1 });
        await (await nodes.StartAsync()).PublishAsync([Make(4)], Cancellation);
        Assert.Equal(("""{"batch":4,"offer":1}""", "expired"), await DeadAsync(nodes, _ => true));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_node_that_waits_is_sent_ahead_what_the_settings_allow(int prefetch)
    {
        await using var nodes = new Nodes(await broker.OptionsAsync() with { Prefetch = prefetch, HoldMilliseconds = 60_000 });
        var (waits, other) = (await nodes.StartAsync(), await nodes.StartAsync());
        await SubscribedAsync(waits);
        await other.PublishAsync([.. Enumerable.Range(1, 6).Select(i => Make(i))], Cancellation);
        Assert.Equal(6 - prefetch, (await TakeAllAsync(other)).Count);
    }

    [Fact]
    public async Task A_node_whose_workers_ask_no_more_gives_back_what_it_was_sent_and_that_is_no_loss()
    {
        await using var nodes = new Nodes(await broker.OptionsAsync() with { HoldMilliseconds = 300, DeliveryLimit = 1 });
        var (waits, other) = (await nodes.StartAsync(), await nodes.StartAsync());
        for (var turn = 0; turn < 3; turn++)
        {
            await SubscribedAsync(waits);
            await other.PublishAsync([Make(1), Make(2)], Cancellation);
            List<long> came = [];
            while (came.Count < 2)
            {
                var delivery = (await other.ReceiveAsync(Bound, Cancellation))!;
                came.Add(delivery.Offer.Batch.Value);
                await other.AcknowledgeAsync(delivery, Cancellation);
            }
            Assert.Equal([1, 2], came.Order());
        }
    }

    [Fact]
    public async Task A_node_that_ends_leaves_what_it_had_to_the_others()
    {
        await using var nodes = new Nodes(await broker.OptionsAsync());
        var (ends, other) = (await nodes.StartAsync(), await nodes.StartAsync());
        await other.PublishAsync([Make(1)], Cancellation);
        var taken = (await ends.ReceiveAsync(Bound, Cancellation))!;
        await ends.StopAsync(Cancellation);
        await ends.AcknowledgeAsync(taken, Cancellation);
        Assert.Equal(taken.Offer, (await other.ReceiveAsync(Bound, Cancellation))!.Offer);
    }

    [Fact]
    public async Task A_queue_that_is_gone_is_made_again_and_takes_what_is_published()
    {
        await using var nodes = new Nodes(await broker.OptionsAsync());
        var queue = await nodes.StartAsync();
        await queue.PublishAsync([Make(1)], Cancellation);
        await DeleteAsync(nodes);
        Assert.Empty((await queue.PublishAsync([Make(2)], Cancellation)).Refused);
        Assert.Equal(2, (await queue.ReceiveAsync(Bound, Cancellation))!.Offer.Batch.Value);
    }

    [Fact]
    public async Task A_node_that_waits_at_a_queue_that_goes_waits_at_the_next_one()
    {
        await using var nodes = new Nodes(await broker.OptionsAsync());
        var (waits, other) = (await nodes.StartAsync(), await nodes.StartAsync());
        await SubscribedAsync(waits);
        var waiting = waits.ReceiveAsync(Bound, Cancellation);
        await DeleteAsync(nodes);
        // As the dispatcher does: what was refused or lost while the queue was made again is offered once more.
        while (!waiting.IsCompleted)
        {
            await other.PublishAsync([Make(5)], Cancellation);
            await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Cancellation));
        }
        Assert.Equal(5, (await waiting)?.Offer.Batch.Value);
    }

    [Fact]
    public async Task The_heartbeat_is_that_of_the_settings()
    {
        await using var connection = await new Broker(await broker.OptionsAsync() with { HeartbeatSeconds = 3 }, 10, TimeProvider.System).ConnectAsync(Cancellation);
        Assert.Equal(TimeSpan.FromSeconds(3), connection.Heartbeat);
    }

    private static Offer Make(long batch) => new(new(batch), 1, BatchClass.Normal);

    private static string Arguments(JsonElement queue) => string.Join(' ', queue.GetProperty("arguments").EnumerateArray()
        .Select(argument => $"{argument[0]}={argument[2]}").Order(StringComparer.Ordinal).Prepend(queue.GetProperty("type").GetString()!));

    /// <summary>The first node found nothing, and is sent messages as they come.</summary>
    private static async Task SubscribedAsync(RabbitMqWorkQueue waits)
    {
        await waits.PublishAsync([], Cancellation);
        Assert.Null(await waits.ReceiveAsync(TimeSpan.Zero, Cancellation));
    }

    private static async Task<IReadOnlyList<Delivery>> TakeAllAsync(RabbitMqWorkQueue queue)
    {
        var taken = new List<Delivery>();
        while (await queue.ReceiveAsync(TimeSpan.Zero, Cancellation) is { } delivery) taken.Add(delivery);
        return taken;
    }

    private static async Task DeleteAsync(Nodes nodes) =>
        await (await nodes.BesideAsync()).QueueDeleteAsync(new QueueShapes(nodes.Options, 1000).Of(BatchClass.Normal).Name, ifUnused: false, ifEmpty: false, cancellationToken: Cancellation);

    /// <summary>The first dead letter that is wanted: its body and why it is one.</summary>
    private static async Task<(string Body, string Reason)> DeadAsync(Nodes nodes, Func<(string Body, string Reason), bool> isWanted)
    {
        var found = new TaskCompletionSource<(string, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var channel = await nodes.BesideAsync();
        var listener = new RabbitMQ.Client.Events.AsyncEventingBasicConsumer(channel);
        listener.ReceivedAsync += (_, letter) =>
        {
            var died = (Dictionary<string, object?>)((List<object?>)letter.BasicProperties.Headers!["x-death"]!)[0]!;
            var dead = (Encoding.UTF8.GetString(letter.Body.Span), Encoding.UTF8.GetString((byte[])died["reason"]!));
            if (isWanted(dead)) found.TrySetResult(dead);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(new QueueShapes(nodes.Options, 1000).Dead.Name, autoAck: false, listener, Cancellation);
        return await found.Task.WaitAsync(Bound, Cancellation);
    }
}
