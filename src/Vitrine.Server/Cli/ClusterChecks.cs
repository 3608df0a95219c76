using Vitrine.Backends.RabbitMq;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>What nodes that work together need beside themselves.</summary>
internal static class ClusterChecks
{
    private const string Broker = "broker";

    public static async Task<Finding?> BrokerAsync(Settings settings, CancellationToken cancellation)
    {
        if (!settings.RabbitMq.IsOn) return null;
        try
        {
            var facts = await BrokerCheck.RunAsync(settings.RabbitMq, settings.Engine.QueueLength, TimeProvider.System, cancellation);
            return facts.DeadLetters == 0
                ? new(Broker, FindingLevel.Ok, $"RabbitMQ {facts.Version} at {facts.Address}")
                : new(Broker, FindingLevel.Warning, $"RabbitMQ {facts.Version} at {facts.Address} keeps {facts.DeadLetters} messages that nobody could read: two versions of Vitrine on one broker, or another program that publishes there");
        }
        catch (BrokerException unusable)
        {
            // Without a broker nodes ask the database, every two seconds.
            return new(Broker, unusable.MayPass ? FindingLevel.Warning : FindingLevel.Error, unusable.Message);
        }
    }
}
