using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Vitrine.Backends.Memory;
using Vitrine.Core;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.RabbitMq;

/// <summary>
/// The queue of several nodes. As a hosted service it keeps a connection to the broker, and makes a new one when it breaks. Without one nothing is received,
/// so that workers ask the store after their usual wait, and what is published fails after <see cref="RabbitMqOptions.AnswerSeconds"/>.
/// </summary>
public sealed partial class RabbitMqWorkQueue : PeriodicService, IWorkQueue
{
    /// <summary>A worker that does not wait still gives the broker so long to answer what there is.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    /// <summary>
    /// So long a subscription is believed. The broker tells who is subscribed that the queue is gone, but not always where it is made again in the same moment:
    /// then the node would be sent nothing from the new one.
    /// </summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);

    private readonly Broker _broker;
    private readonly DeliveryLines _lines;
    private readonly Counter<long> _refusals;
    private readonly Lock _gate = new();
    private TaskCompletionSource<BrokerSession> _session = New();
    private ulong _sessions;
    private int _failures;
    private int _asking;
    private long _askedAt;

    /// <param name="length">Batches that each class holds at most.</param>
    public RabbitMqWorkQueue(RabbitMqOptions options, int length, Meter meter, TimeProvider time, ILogger<RabbitMqWorkQueue> logger)
        : base(TimeSpan.FromMilliseconds(1), new Pulse(), time, logger)
    {
        _broker = new(options, length, time);
        _lines = new(time);
        _refusals = meter.CreateCounter<long>("rabbitmq.queue_full_rejections", description: "Offers that RabbitMQ refused because their class was full.");
    }

    /// <exception cref="BrokerException">There is no connection, or the broker did not say what became of them: they stay as they are in the store.</exception>
    public async Task<PublishAnswer> PublishAsync(IReadOnlyList<Offer> offers, CancellationToken cancellation)
    {
        var session = await SessionAsync(cancellation);
        var refused = await session.PublishAsync(offers);
        if (refused.Count > 0) _refusals.Add(refused.Count);
        return new(refused);
    }

    public async Task<Delivery?> ReceiveAsync(TimeSpan wait, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _asking);
        try
        {
            if (_lines.IsEmpty && Session is { } session)
            {
                var asked = session.AskAsync();
                if (wait == TimeSpan.Zero) await Task.WhenAny(asked, Task.Delay(Glance, Time, cancellation));
            }
            return await _lines.TakeAsync(wait, cancellation);
        }
        finally
        {
            Volatile.Write(ref _askedAt, Time.GetTimestamp());
            Interlocked.Decrement(ref _asking);
        }
    }

    /// <summary>Of a connection that is gone there is nothing to acknowledge: the message comes again, and leases nothing.</summary>
    public Task AcknowledgeAsync(Delivery delivery, CancellationToken cancellation) =>
        Session is { } session && session.Has(delivery) ? session.AcknowledgeAsync(delivery) : Task.CompletedTask;

    public Task ReturnAsync(Delivery delivery, CancellationToken cancellation) =>
        Session is { } session && session.Has(delivery) ? session.ReturnAsync([delivery]) : Task.CompletedTask;

    /// <summary>One connection, from its beginning to its end.</summary>
    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (_failures > 0) await Task.Delay(ReconnectPause.After(_failures, _broker.Options.ReconnectSeconds), Time, cancellation);
        _failures++;
        await using var session = await BrokerSession.OpenAsync(_broker, _lines, ++_sessions, Logger, cancellation);
        LogConnected(Logger, _broker.Options.Address);
        Session = session;
        try
        {
            // On behalf of who waits already; all others ask by themselves.
            if (Volatile.Read(ref _asking) > 0) await session.AskAsync();
            while (!session.Ended.IsCompleted) await TendAsync(session, cancellation);
            throw await session.Ended;
        }
        finally
        {
            Session = null;
            _lines.Clear();
        }
    }

    public override void Dispose()
    {
        _lines.Dispose();
        base.Dispose();
    }

    /// <summary>Waits for a while; then a node whose workers do not ask gives back what they would have been given.</summary>
    private async Task TendAsync(BrokerSession session, CancellationToken cancellation)
    {
        var hold = TimeSpan.FromMilliseconds(_broker.Options.HoldMilliseconds);
        await Task.WhenAny(session.Ended, Task.Delay(hold, Time, cancellation));
        cancellation.ThrowIfCancellationRequested();
        if (session.Ended.IsCompleted) return;
        _failures = 0;
        var isAsked = Volatile.Read(ref _asking) > 0 || Time.GetElapsedTime(Volatile.Read(ref _askedAt)) < hold;
        if (isAsked && session.SubscribedFor < Believed) return;
        if (session.IsSubscribed) await session.UnsubscribeAsync();
        if (isAsked)
        {
            await session.AskAsync();
            return;
        }
        if (_lines.Clear() is { Count: > 0 } held) await session.ReturnAsync(held);
        // Who began to wait meanwhile took the subscription for one that lasts.
        if (Volatile.Read(ref _asking) > 0) await session.AskAsync();
    }

    /// <summary>The session that there is now.</summary>
    private BrokerSession? Session
    {
        get
        {
            lock (_gate) return _session.Task.IsCompletedSuccessfully ? _session.Task.Result : null;
        }
        set
        {
            lock (_gate)
            {
                if (_session.Task.IsCompleted) _session = New();
                if (value is not null) _session.SetResult(value);
            }
        }
    }

    private async Task<BrokerSession> SessionAsync(CancellationToken cancellation)
    {
        Task<BrokerSession> next;
        lock (_gate) next = _session.Task;
        try
        {
            return await next.WaitAsync(_broker.Answer, Time, cancellation);
        }
        catch (TimeoutException)
        {
            throw new BrokerException(BrokerProblem.NoBroker, $"There is no connection to RabbitMQ at {_broker.Options.Address}.");
        }
    }

    private static TaskCompletionSource<BrokerSession> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(280, LogLevel.Information, "Connected with RabbitMQ at {Address}.")]
    private static partial void LogConnected(ILogger logger, string address);
}
