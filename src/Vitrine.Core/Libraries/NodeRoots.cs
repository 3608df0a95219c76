using System.Collections.Concurrent;

namespace Vitrine.Core.Libraries;

/// <summary>
/// Roots as they are on this node: at the place that it has for them. Where its mount is another one than the store has recorded, because another machine sees it
/// by another way, it is said to be the recorded one once the node has found the library's originals there.
/// </summary>
public sealed class NodeRoots(IRootProbe disk, RootMap map) : IRootProbe
{
    private readonly ConcurrentDictionary<string, Confirmed> _confirmed = new();

    public RootState Probe(string root)
    {
        var here = map.Here(root);
        var state = disk.Probe(here);
        return _confirmed.TryGetValue(here, out var confirmed) && state.Mount == confirmed.Found ? state with { Mount = confirmed.Recorded } : state;
    }

    /// <summary>Where the root is.</summary>
    public string Here(string root) => map.Here(root);

    /// <summary>
    /// Whether a mount that is not the recorded one may be the library all the same: the settings name its root. Who finds its originals there says so with
    /// <see cref="Confirm"/>.
    /// </summary>
    public bool MayConfirm(Library library) =>
        map.Names(library.Root) && disk.Probe(map.Here(library.Root)) is { Exists: true, Empty: false, Mount: { } mount } && mount != library.Mount;

    public void Confirm(Library library)
    {
        var here = map.Here(library.Root);
        if (disk.Probe(here).Mount is { } found) _confirmed[here] = new(found, library.Mount);
    }

    private sealed record Confirmed(MountIdentity Found, MountIdentity Recorded);
}
