namespace Vitrine.Core.Jobs;

/// <summary>Which libraries this node cannot or may not work on, and so leaves to other nodes.</summary>
public sealed class Reach : IDisposable
{
    private readonly Lock _changing = new();
    private volatile ReachView _now = ReachView.Alone;

    /// <summary>Out of reach, or for nodes with other labels.</summary>
    public IReadOnlyCollection<LibraryId> Unable => _now.Unable;

    /// <summary>Not to be leased here: another node works on them, or only others may. What nobody reaches is leased all the same, and its job held, so that people are told.</summary>
    public IReadOnlyCollection<LibraryId> Left => _now.Left;

    /// <summary>Workers of the other nodes that are alive.</summary>
    public int WorkersElsewhere => _now.WorkersElsewhere;

    /// <summary>Rung when what can be reached changes: the other nodes are to know.</summary>
    public Pulse Changed { get; } = new();

    /// <summary>Whether another node that is alive can work on it.</summary>
    public bool IsElsewhere(LibraryId library) => _now.Elsewhere.Contains(library);

    /// <summary>Its root is not what it was. Answers the hold that its job needs: none where another node can go on.</summary>
    public Holds Lose(LibraryId library)
    {
        lock (_changing) Set(_now.Without(library));
        return IsElsewhere(library) ? Holds.None : Holds.Root;
    }

    internal void See(ReachView view)
    {
        lock (_changing) Set(view);
    }

    private void Set(ReachView view)
    {
        var changed = !_now.Unable.SetEquals(view.Unable);
        _now = view;
        if (changed) Changed.Ring();
    }

    public void Dispose() => Changed.Dispose();
}

/// <summary>What a look at roots and nodes has shown. Pure.</summary>
/// <param name="OutOfReach">Their roots are not here, or not what they were.</param>
/// <param name="Foreign">For nodes with other labels.</param>
/// <param name="Elsewhere">Another node that is alive, with workers, can work on them.</param>
internal sealed record ReachView(HashSet<LibraryId> OutOfReach, HashSet<LibraryId> Foreign, HashSet<LibraryId> Elsewhere, int WorkersElsewhere)
{
    public static ReachView Alone { get; } = new([], [], [], 0);

    public HashSet<LibraryId> Unable { get; } = [.. OutOfReach, .. Foreign];

    public HashSet<LibraryId> Left { get; } = [.. Foreign, .. OutOfReach.Where(Elsewhere.Contains)];

    public ReachView Without(LibraryId library) => new([.. OutOfReach, library], Foreign, Elsewhere, WorkersElsewhere);

    /// <param name="libraries">All of the store.</param>
    /// <param name="others">The other nodes that are alive.</param>
    public static ReachView Of(IReadOnlyList<LibraryId> libraries, HashSet<LibraryId> outOfReach, HashSet<LibraryId> foreign, IEnumerable<LiveNode> others)
    {
        var working = others.Where(node => node.Workers > 0).ToList();
        var elsewhere = libraries.Where(library => working.Exists(node => !node.Unable.Contains(library))).ToHashSet();
        return new(outOfReach, foreign, elsewhere, working.Sum(node => node.Workers));
    }
}
