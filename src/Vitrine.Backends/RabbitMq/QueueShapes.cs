using Vitrine.Core.Jobs;

namespace Vitrine.Backends.RabbitMq;

/// <summary>A queue as it has to be.</summary>
/// <param name="Arguments">What the broker compares with those of a queue that is there.</param>
internal sealed record QueueShape(string Name, IReadOnlyDictionary<string, object?> Arguments);

/// <summary>
/// The queues of an installation. Quorum queues have no priorities, so each class has one of its own. All are bounded: a class refuses what
/// is too much, and of dead letters the oldest leave, so that nobody's rubbish keeps work out.
/// </summary>
internal sealed class QueueShapes
{
    private readonly QueueShape[] _classes;

    /// <param name="length">Of each class.</param>
    public QueueShapes(RabbitMqOptions options, int length)
    {
        Length = length;
        DeadExchange = $"{options.QueueName}.dead";
        Dead = new(DeadExchange, Bounded(options.DeadLetterLength, "drop-head"));
        _classes = [.. Enum.GetValues<BatchClass>().Select(batchClass => ClassQueue(options, batchClass))];
    }

    public int Length { get; }

    /// <summary>The exchange has the name of the one queue that is bound to it.</summary>
    public string DeadExchange { get; }

    public QueueShape Dead { get; }

    public IEnumerable<QueueShape> All => _classes.Append(Dead);

    public QueueShape Of(BatchClass batchClass) => _classes[(int)batchClass];

    private QueueShape ClassQueue(RabbitMqOptions options, BatchClass batchClass)
    {
        var arguments = Bounded(Length, "reject-publish");
        arguments["x-dead-letter-exchange"] = DeadExchange;
        arguments["x-dead-letter-strategy"] = "at-least-once";
        arguments["x-delivery-limit"] = options.DeliveryLimit;
        if (options.MessageTtlSeconds > 0) arguments["x-message-ttl"] = options.MessageTtlSeconds * 1000L;
        return new($"{options.QueueName}.{batchClass.ToString().ToLowerInvariant()}", arguments);
    }

    private static Dictionary<string, object?> Bounded(int length, string overflow) => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-max-length"] = length,
        ["x-overflow"] = overflow,
    };
}
