namespace Vitrine.Core.Jobs;

/// <summary>
/// Nodes that say that they are alive. Nothing is decided by it but what people are told, and whether a stale clock may run: leases alone say who
/// may write. Times are the store's.
/// </summary>
public interface INodeStore
{
    /// <summary>The node is alive, with so many workers, and works on all libraries but these. Nodes that were not seen for a day are forgotten.</summary>
    Task BeatAsync(Node node, int workers, IReadOnlyCollection<LibraryId> unable, CancellationToken cancellation);

    /// <summary>Nodes seen within <paramref name="life"/>, by name; each with the leases that it holds.</summary>
    Task<IReadOnlyList<LiveNode>> ListAsync(TimeSpan life, CancellationToken cancellation);
}

/// <param name="Workers">Loops that lease batches; 0 for a node that only serves.</param>
/// <param name="Leases">Batches that it has leased, on-demand ones included.</param>
public sealed record LiveNode(string Name, DateTimeOffset StartedAt, DateTimeOffset SeenAt, int Workers, int Leases)
{
    /// <summary>Of its program.</summary>
    public string Version { get; init; } = "";

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Libraries that it cannot or may not work on.</summary>
    public IReadOnlyList<LibraryId> Unable { get; init; } = [];

    public bool HasIdleWorker => Leases < Workers;
}
