using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.RabbitMq;

/// <summary>
/// Publishes in groups, each with one wait for all its confirms. A queue that is gone is made again, and so is one that takes nothing although it is empty:
/// that is what becomes of a quorum queue whose broker dies a moment after it was declared. What it held is in the store.
/// </summary>
internal sealed partial class Publisher(IConnection connection, IChannel channel, Broker broker, ILogger logger)
{
    private enum Answer { Taken, Refused, NoQueue }

    /// <summary>Answers the offers that were refused because their class is full.</summary>
    public async Task<IReadOnlyList<Offer>> PublishAsync(IReadOnlyList<Offer> offers)
    {
        var left = await SendAsync(offers);
        if (left.Count == 0) return [];
        var refused = new List<Offer>();
        foreach (var ofClass in left.ToLookup(refusal => refusal.Offer.Class)) refused.AddRange(await AgainAsync(broker.Queues.Of(ofClass.Key), [.. ofClass]));
        return refused;
    }

    private async Task<IReadOnlyList<(Offer Offer, Answer Answer)>> SendAsync(IReadOnlyList<Offer> offers)
    {
        var answers = await Task.WhenAll(offers.Select(SendAsync)).WaitAsync(broker.Answer, broker.Time);
        return [.. offers.Zip(answers).Where(sent => sent.Second != Answer.Taken)];
    }

    private async Task<Answer> SendAsync(Offer offer)
    {
        try
        {
            // Mandatory: a message for a queue that is gone comes back, where it would be confirmed otherwise.
            await channel.BasicPublishAsync(
                exchange: "", broker.Queues.Of(offer.Class).Name, mandatory: true,
                new BasicProperties { Persistent = true, ContentType = "application/json" }, OfferMessage.Write(offer));
            return Answer.Taken;
        }
        catch (PublishException refused)
        {
            return refused.IsReturn ? Answer.NoQueue : Answer.Refused;
        }
    }

    /// <summary>What one queue did not take: sent once more where that may help.</summary>
    private async Task<IEnumerable<Offer>> AgainAsync(QueueShape queue, IReadOnlyList<(Offer Offer, Answer Answer)> left)
    {
        if (left.Any(refusal => refusal.Answer == Answer.NoQueue))
        {
            await broker.DeclareAsync(connection, CancellationToken.None);
            LogMade(logger, queue.Name);
            return Offers(await SendAsync(Offers(left)));
        }
        // On a channel of its own, which an error closes.
        await using var trial = await connection.CreateChannelAsync();
        if (await trial.MessageCountAsync(queue.Name) > 0) return Offers(left);
        // It may have been emptied since.
        left = await SendAsync(Offers(left));
        if (left.Count == 0 || await trial.MessageCountAsync(queue.Name) > 0) return Offers(left);
        await trial.QueueDeleteAsync(queue.Name, ifUnused: false, ifEmpty: false);
        await Broker.DeclareAsync(trial, queue, CancellationToken.None);
        LogRebuilt(logger, queue.Name);
        return Offers(await SendAsync(Offers(left)));
    }

    private static List<Offer> Offers(IReadOnlyList<(Offer Offer, Answer Answer)> left) => [.. left.Select(refusal => refusal.Offer)];

    [LoggerMessage(281, LogLevel.Warning, "The queue '{Queue}' was gone and is made again; what it held is offered anew.")]
    private static partial void LogMade(ILogger logger, string queue);

    [LoggerMessage(282, LogLevel.Warning, "The queue '{Queue}' took nothing although it was empty: it is made anew, and what it held is offered again.")]
    private static partial void LogRebuilt(ILogger logger, string queue);
}
