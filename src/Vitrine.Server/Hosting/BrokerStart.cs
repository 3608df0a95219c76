using Vitrine.Backends.RabbitMq;
using Vitrine.Server.Cli;

namespace Vitrine.Server.Hosting;

/// <summary>
/// A broker that refuses us, or whose queues are others, will not get better by itself: that ends the start. One that is away may come back, and a node works
/// without it meanwhile.
/// </summary>
internal static class BrokerStart
{
    public static async Task CheckAsync(Settings settings, CancellationToken cancellation)
    {
        if (!settings.RabbitMq.IsOn) return;
        try
        {
            await BrokerCheck.RunAsync(settings.RabbitMq, settings.Engine.QueueLength, TimeProvider.System, cancellation);
        }
        catch (BrokerException refused) when (!refused.MayPass)
        {
            throw Refusal.CouldNotRun(refused.Message);
        }
        catch (BrokerException)
        {
            // The queue's own loop says it, and goes on trying.
        }
    }
}
