using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Jobs;

/// <summary>Says that this node is alive, as often as leases are renewed, and at its end that it has no workers any more.</summary>
public sealed class NodeBeat(INodeStore nodes, Node node, LiveOptions live, TimeProvider time, ILogger<NodeBeat> logger)
    : PeriodicService(TimeSpan.FromSeconds(live.Configured.LeaseSeconds / 3.0), new Pulse(), time, logger)
{
    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var options = live.Current;
        await nodes.BeatAsync(node, options.Enabled ? options.WorkerCount : 0, cancellation);
        return false;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await nodes.BeatAsync(node, workers: 0, cancellationToken);
    }
}
