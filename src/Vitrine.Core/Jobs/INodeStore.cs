namespace Vitrine.Core.Jobs;

/// <summary>
/// Nodes that say that they are alive. Nothing is decided by it but what people are told, and whether a stale clock may run: leases alone say who
/// may write. Times are the store's.
/// </summary>
public interface INodeStore
{
    /// <summary>The node is alive, with so many workers. Nodes that were not seen for a day are forgotten.</summary>
    Task BeatAsync(Node node, int workers, CancellationToken cancellation);

    /// <summary>Nodes seen within <paramref name="life"/>, by name; each with the leases that it holds.</summary>
    Task<IReadOnlyList<LiveNode>> ListAsync(TimeSpan life, CancellationToken cancellation);
}

/// <param name="Workers">Loops that lease batches; 0 for a node that only serves.</param>
/// <param name="Leases">Batches that it has leased, on-demand ones included.</param>
public sealed record LiveNode(string Name, DateTimeOffset StartedAt, DateTimeOffset SeenAt, int Workers, int Leases)
{
    public bool HasIdleWorker => Leases < Workers;
}
