using Vitrine.Backends;
using Vitrine.Backends.RabbitMq;
using Vitrine.Server.Cli;

namespace Vitrine.Server.Hosting;

/// <summary>Which queue the settings ask for, and whether it can be used.</summary>
internal static class QueueChoice
{
    /// <summary>Of a process without an engine nobody publishes or receives, and it needs no broker.</summary>
    private static bool IsShared(Settings settings) => settings.RabbitMq.IsOn && settings.Engine.Enabled;

    public static IServiceCollection AddQueue(this IServiceCollection services, Settings settings) => IsShared(settings)
        ? services.AddRabbitQueue(settings.RabbitMq, settings.Engine.QueueLength)
        : services.AddMemoryQueue(settings.Engine.QueueLength);

    /// <summary>
    /// What only a person can put right keeps the process from starting. A broker that is not there does not: work goes on without it, and the queue
    /// says so until it is back.
    /// </summary>
    public static async Task CheckAsync(Settings settings, TimeProvider time, CancellationToken cancellation)
    {
        if (!IsShared(settings)) return;
        try
        {
            await BrokerCheck.RunAsync(settings.RabbitMq, settings.Engine.QueueLength, time, cancellation);
        }
        catch (BrokerException unusable) when (!unusable.MayPass)
        {
            throw Refusal.CouldNotRun(unusable.Message);
        }
        catch (BrokerException)
        {
            // Said by the queue itself, each minute.
        }
    }
}
