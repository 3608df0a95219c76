using RabbitMQ.Client;
using Vitrine.Backends.Memory;
using Vitrine.Core;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.RabbitMq;

/// <summary>
/// Takes messages. While there is work, each worker that asks takes one, of the first class that has any; once there is none, the node subscribes and is
/// sent the next one as it comes. So a node whose workers are busy holds nothing that another could begin, and one that is idle waits for nothing.
/// </summary>
/// <param name="session">A number that no other session of this process has: a delivery is known to one channel alone.</param>
internal sealed class Consumer(IChannel channel, Broker broker, DeliveryLines lines, ulong session) : IDisposable
{
    private const int TagBits = 48;

    private static readonly BatchClass[] Classes = Enum.GetValues<BatchClass>();

    /// <summary>Who waits for it when the session ends is told so.</summary>
    private readonly Permits _turn = new(1);
    private volatile IReadOnlyList<string> _subscriptions = [];
    private long _since;

    public bool IsSubscribed => _subscriptions.Count > 0;

    /// <summary>How long it has been subscribed without a break.</summary>
    public TimeSpan SubscribedFor => IsSubscribed ? broker.Time.GetElapsedTime(Volatile.Read(ref _since)) : TimeSpan.Zero;

    /// <summary>Raised when the broker ends a subscription, because its queue is gone.</summary>
    public event Action? Cancelled;

    public bool Has(Delivery delivery) => delivery.Tag >> TagBits == session;

    /// <summary>Brings one delivery to the lines, where there is one; else the next ones come by themselves.</summary>
    public async Task AskAsync()
    {
        if (IsSubscribed) return;
        await _turn.TakeAsync(CancellationToken.None);
        try
        {
            if (IsSubscribed) return;
            foreach (var batchClass in Classes)
            {
                if (await GetAsync(batchClass)) return;
            }
            _subscriptions = await SubscribeAsync();
        }
        finally
        {
            _turn.Give();
        }
    }

    /// <summary>From here on nothing comes that nobody asked for; what came is in the lines.</summary>
    public async Task UnsubscribeAsync()
    {
        await _turn.TakeAsync(CancellationToken.None);
        try
        {
            foreach (var subscription in _subscriptions) await channel.BasicCancelAsync(subscription);
            _subscriptions = [];
        }
        finally
        {
            _turn.Give();
        }
    }

    public ValueTask AcknowledgeAsync(Delivery delivery) => channel.BasicAckAsync(delivery.Tag & ((1UL << TagBits) - 1), multiple: false);

    public void Dispose() => _turn.Dispose();

    private async Task<bool> GetAsync(BatchClass batchClass)
    {
        while (await channel.BasicGetAsync(broker.Queues.Of(batchClass).Name, autoAck: false) is { } got)
        {
            if (await AdmitAsync(batchClass, got.DeliveryTag, got.Body)) return true;
        }
        return false;
    }

    private async Task<IReadOnlyList<string>> SubscribeAsync()
    {
        Volatile.Write(ref _since, broker.Time.GetTimestamp());
        var subscriptions = new List<string>();
        foreach (var batchClass in Classes)
            subscriptions.Add(await channel.BasicConsumeAsync(broker.Queues.Of(batchClass).Name, autoAck: false, new Listener(this, channel, batchClass)));
        return subscriptions;
    }

    /// <summary>False: nobody can read it; it is a dead letter now.</summary>
    private async Task<bool> AdmitAsync(BatchClass batchClass, ulong tag, ReadOnlyMemory<byte> body)
    {
        if (OfferMessage.Read(body.Span, batchClass) is { } offer) return lines.TryAdd(new(offer, (session << TagBits) | tag));
        await channel.BasicRejectAsync(tag, requeue: false);
        return false;
    }

    private sealed class Listener(Consumer consumer, IChannel channel, BatchClass batchClass) : AsyncDefaultBasicConsumer(channel)
    {
        public override Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties,
            ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default) => consumer.AdmitAsync(batchClass, deliveryTag, body);

        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
        {
            consumer.Cancelled?.Invoke();
            return Task.CompletedTask;
        }
    }
}
