using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;
using Vitrine.Backends.RabbitMq;
using Vitrine.Tests.Shared;

[assembly: AssemblyFixture(typeof(Vitrine.Backends.Tests.RabbitMq.PrivateBroker))]

namespace Vitrine.Backends.Tests.RabbitMq;

/// <summary>The one broker of this assembly's tests, begun by the first that needs it. Each test has queues of its own name in it.</summary>
public sealed class PrivateBroker : IAsyncDisposable
{
    private readonly Lazy<Task<RabbitBroker>> _broker = new(() => RabbitBroker.StartAsync(CancellationToken.None));
    private int _names;

    /// <summary>Skips the test where there can be none.</summary>
    public Task<RabbitBroker> StartedAsync()
    {
        Assert.SkipWhen(RabbitBroker.Missing is not null, RabbitBroker.Missing ?? "");
        return _broker.Value;
    }

    /// <summary>Settings that lead to it, with a name of queues that no other test has.</summary>
    public async Task<RabbitMqOptions> OptionsAsync() =>
        new() { Uri = (await StartedAsync()).Uri, QueueName = $"test{Interlocked.Increment(ref _names)}", ReconnectSeconds = 1 };

    public async ValueTask DisposeAsync()
    {
        if (_broker.IsValueCreated) await (await _broker.Value).DisposeAsync();
    }
}

/// <summary>Nodes of one installation at the broker, and a client beside them that sees what they do.</summary>
internal sealed class Nodes(RabbitMqOptions options, int length = 1000) : IAsyncDisposable
{
    private readonly Meter _meter = new("Vitrine.Tests.Queue");
    private readonly List<RabbitMqWorkQueue> _queues = [];
    private IConnection? _beside;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public RabbitMqOptions Options => options;

    public async Task<RabbitMqWorkQueue> StartAsync()
    {
        var queue = new RabbitMqWorkQueue(options, length, _meter, TimeProvider.System, NullLogger<RabbitMqWorkQueue>.Instance);
        _queues.Add(queue);
        await queue.StartAsync(Cancellation);
        return queue;
    }

    /// <summary>A channel as any other client has it.</summary>
    public async Task<IChannel> BesideAsync()
    {
        _beside ??= await new Broker(options, length, TimeProvider.System).ConnectAsync(Cancellation);
        // What is published on it is in its queue before the next call, which may be another connection's.
        return await _beside.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in _queues)
        {
            await queue.StopAsync(CancellationToken.None);
            queue.Dispose();
        }
        if (_beside is not null) await _beside.DisposeAsync();
        _meter.Dispose();
    }
}
