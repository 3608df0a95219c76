namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Directories that are, or are to be, cache folders. Promise: looking changes nothing; a directory is marked only where it is empty or carries our marker;
/// only files with names of ours are removed, and only beneath our marker.
/// </summary>
public interface IFolderDisk
{
    /// <summary>What stands at a path.</summary>
    /// <exception cref="CacheFolderException"><c>path-refused</c>: it is no path of a folder.</exception>
    FolderSight Look(string path);

    /// <summary>Whether two paths are the same directory under two names.</summary>
    bool IsSame(string one, string other);

    /// <summary>Writes the marker, with this installation's id, whole or not at all.</summary>
    void Mark(string path, Guid marker);

    /// <summary>The folder is given up: files of ours go, then empty directories and the marker. Answers how many files of others are left.</summary>
    int Release(string path, Guid marker);

    /// <summary>All that was written to the folder's disk is safe against a stop of the machine when this returns.</summary>
    void Sync(string path);
}

/// <param name="Real">The path with every link resolved, also where its last part does not exist yet; null where its parent does not.</param>
/// <param name="Exists">It is a directory.</param>
/// <param name="IsFile">It is something else.</param>
/// <param name="Marker">Whose cache folder it is; null for nobody's.</param>
public sealed record FolderSight(string? Real, bool Exists, bool IsFile, bool IsEmpty, bool Writable, FolderMarker? Marker);

/// <param name="Installation">Null in a folder that an earlier version marked.</param>
public sealed record FolderMarker(Guid Id, Guid? Installation);
