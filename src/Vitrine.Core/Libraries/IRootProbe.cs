namespace Vitrine.Core.Libraries;

/// <summary>Looks at a library's root on this node. Promise: it only looks, and a root that cannot be reached is an answer, not an exception.</summary>
public interface IRootProbe
{
    RootState Probe(string root);
}

/// <param name="Exists">It is there, and a directory that can be listed.</param>
/// <param name="Empty">It holds no name at all.</param>
/// <param name="Mount">What it lies on; null where it is not there.</param>
public sealed record RootState(bool Exists, bool Empty, MountIdentity? Mount)
{
    /// <summary>
    /// Whether the root is what it was when the library was added or last confirmed: there, on the same mount, and not suddenly empty.
    /// An unmounted drive leaves an empty directory on another mount: nothing may be called missing then.
    /// </summary>
    /// <param name="hadContent">Whether something was found below the root before.</param>
    public bool IsHealthy(MountIdentity recorded, bool hadContent) => Exists && Mount == recorded && !(Empty && hadContent);
}
