using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Jobs;

/// <summary>
/// Says that this node is alive and what it cannot work on: as often as leases are renewed, and at once when that changes. At its end it says that it has no
/// workers any more.
/// </summary>
public sealed class NodeBeat(INodeStore nodes, Node node, Reach reach, LiveOptions live, BeatSettings settings)
    : PeriodicService(TimeSpan.FromSeconds(live.Configured.LeaseSeconds / 3.0), reach.Changed, settings.Time, settings.Logger)
{
    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var options = live.Current;
        await nodes.BeatAsync(node, options.Enabled ? options.WorkerCount : 0, reach.Unable, cancellation);
        return false;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await nodes.BeatAsync(node, workers: 0, reach.Unable, cancellationToken);
    }
}

/// <summary>What the beat needs beside its contracts.</summary>
public sealed record BeatSettings(TimeProvider Time, ILogger<NodeBeat> Logger);
