using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.RabbitMq;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.RabbitMq;

public sealed class RabbitMqWorkQueueSpec(PrivateBroker broker) : WorkQueueSpec
{
    private RabbitMqWorkQueue? _queue;

    /// <summary>A quorum queue tells its publishers that it is full, and takes what comes before they know.</summary>
    protected override int Slack => 3;

    protected override string Refusals => "rabbitmq.queue_full_rejections";

    protected override async Task<IWorkQueue> OpenAsync()
    {
        _queue = new(await broker.OptionsAsync(), Length, Meter, TimeProvider.System, NullLogger<RabbitMqWorkQueue>.Instance);
        await _queue.StartAsync(Cancellation);
        return _queue;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_queue is not null)
        {
            await _queue.StopAsync(CancellationToken.None);
            _queue.Dispose();
        }
        await base.DisposeAsync();
    }
}
