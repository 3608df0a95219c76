using RabbitMQ.Client;

namespace Vitrine.Backends.RabbitMq;

/// <summary>What a broker said of itself.</summary>
/// <param name="Address">Host and port.</param>
/// <param name="DeadLetters">Messages that nobody could read, that were lost too often, or that were too old.</param>
public sealed record BrokerFacts(string Address, string Version, long DeadLetters);

/// <summary>Whether the broker can be used with these settings. At a start and for <c>doctor</c>.</summary>
public static class BrokerCheck
{
    /// <summary>Connects once, makes the queues that are missing, and has the broker compare those that are there.</summary>
    /// <exception cref="BrokerException">It cannot be used; the message says why and what to do.</exception>
    public static async Task<BrokerFacts> RunAsync(RabbitMqOptions options, int length, TimeProvider time, CancellationToken cancellation)
    {
        var broker = new Broker(options, length, time);
        await using var connection = await broker.ConnectAsync(cancellation);
        try
        {
            await broker.DeclareAsync(connection, cancellation);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
            return new(options.Address, Broker.VersionOf(connection)?.ToString() ?? "unknown", await channel.MessageCountAsync(broker.Queues.Dead.Name, cancellation));
        }
        catch (Exception failed) when (BrokerException.IsOfBroker(failed) && !cancellation.IsCancellationRequested)
        {
            throw BrokerException.Of(failed, options);
        }
    }
}
