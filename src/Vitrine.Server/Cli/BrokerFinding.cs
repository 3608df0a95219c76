using Vitrine.Backends.RabbitMq;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Cli;

/// <summary>What doctor says of the broker that the settings name.</summary>
internal static class BrokerFinding
{
    private const string Check = "broker";

    public static async Task<Finding> ExamineAsync(Settings settings, CancellationToken cancellation)
    {
        try
        {
            return Of(await BrokerCheck.RunAsync(settings.RabbitMq, settings.Engine.QueueLength, TimeProvider.System, cancellation), settings.RabbitMq.QueueName);
        }
        catch (BrokerException unusable)
        {
            return new(Check, FindingLevel.Error, unusable.Message);
        }
    }

    private static Finding Of(BrokerFacts facts, string name) => facts.DeadLetters == 0
        ? new(Check, FindingLevel.Ok, $"RabbitMQ {facts.Version} at {facts.Address}")
        : new(Check, FindingLevel.Warning, $"{facts.DeadLetters} messages in '{name}.dead' at {facts.Address} could not be read, were lost too often or grew too old: see who else publishes there, and purge it");
}
