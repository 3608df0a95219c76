using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Vitrine.Backends.Memory;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.RabbitMq;

/// <summary>
/// One connection with its two channels. It is never mended: the first thing that goes wrong ends it, and whatever it had taken is the queue's again, since
/// nobody acknowledged it.
/// </summary>
internal sealed class BrokerSession : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<BrokerException> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Broker _broker;
    private readonly IConnection _connection;
    private readonly Publisher _publisher;
    private readonly Consumer _consumer;

    private BrokerSession(Broker broker, IConnection connection, Publisher publisher, Consumer consumer)
    {
        (_broker, _connection, _publisher, _consumer) = (broker, connection, publisher, consumer);
        _consumer.Cancelled += () => End(new BrokerException(BrokerProblem.NoAnswer, $"A queue of RabbitMQ at {broker.Options.Address} was deleted; it is made again."));
        _connection.ConnectionShutdownAsync += (_, reason) => EndAsync(reason);
    }

    /// <summary>Why it ended, once it has.</summary>
    public Task<BrokerException> Ended => _ended.Task;

    public bool IsSubscribed => _consumer.IsSubscribed;

    /// <inheritdoc cref="Consumer.SubscribedFor"/>
    public TimeSpan SubscribedFor => _consumer.SubscribedFor;

    /// <exception cref="BrokerException">The broker cannot be used.</exception>
    public static async Task<BrokerSession> OpenAsync(Broker broker, DeliveryLines lines, ulong number, ILogger logger, CancellationToken cancellation)
    {
        var connection = await broker.ConnectAsync(cancellation);
        try
        {
            await broker.DeclareAsync(connection, cancellation);
            var published = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation);
            var consumed = await connection.CreateChannelAsync(cancellationToken: cancellation);
            await consumed.BasicQosAsync(prefetchSize: 0, (ushort)broker.Options.Prefetch, global: false, cancellation);
            var session = new BrokerSession(broker, connection, new(connection, published, broker, logger), new(consumed, broker, lines, number));
            published.ChannelShutdownAsync += (_, reason) => session.EndAsync(reason);
            consumed.ChannelShutdownAsync += (_, reason) => session.EndAsync(reason);
            return session;
        }
        catch (Exception failed) when (BrokerException.IsOfBroker(failed))
        {
            await connection.DisposeAsync();
            cancellation.ThrowIfCancellationRequested();
            throw BrokerException.Of(failed, broker.Options);
        }
    }

    public bool Has(Delivery delivery) => _consumer.Has(delivery);

    /// <exception cref="BrokerException">It is not known what became of them; the session has ended.</exception>
    public async Task<IReadOnlyList<Offer>> PublishAsync(IReadOnlyList<Offer> offers)
    {
        IReadOnlyList<Offer>? refused = null;
        await RunAsync(async () => refused = await _publisher.PublishAsync(offers));
        return refused ?? throw await _ended.Task;
    }

    public Task AskAsync() => RunAsync(_consumer.AskAsync);

    public Task AcknowledgeAsync(Delivery delivery) => RunAsync(() => _consumer.AcknowledgeAsync(delivery).AsTask());

    public Task UnsubscribeAsync() => RunAsync(_consumer.UnsubscribeAsync);

    /// <summary>
    /// Gives deliveries back as messages that are new: as rejected ones they would count as lost with their node, and be dead letters after some pauses. What a
    /// full queue does not take again is only a hint less.
    /// </summary>
    public Task ReturnAsync(IReadOnlyList<Delivery> deliveries) => RunAsync(async () =>
    {
        await _publisher.PublishAsync([.. deliveries.Select(delivery => delivery.Offer)]);
        foreach (var delivery in deliveries) await _consumer.AcknowledgeAsync(delivery);
    });

    public async ValueTask DisposeAsync()
    {
        await _connection.AbortAsync(Farewell);
        await _connection.DisposeAsync();
        _consumer.Dispose();
    }

    /// <summary>What goes wrong at the broker ends the session, and is no error of who asked.</summary>
    private async Task RunAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception failed) when (BrokerException.IsOfBroker(failed))
        {
            End(failed);
        }
    }

    private void End(Exception failed) => _ended.TrySetResult(BrokerException.Of(failed, _broker.Options));

    private Task EndAsync(ShutdownEventArgs reason)
    {
        _ended.TrySetResult(BrokerException.Of(reason, _broker.Options));
        return Task.CompletedTask;
    }
}
