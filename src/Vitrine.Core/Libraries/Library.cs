using System.Collections.Frozen;

namespace Vitrine.Core.Libraries;

/// <summary>A root folder that an admin added.</summary>
/// <param name="Root">Absolute path, without links or a trailing separator, on the node that it was added on; others may have it elsewhere.</param>
/// <param name="Mount">Where the root was when it was added or last confirmed.</param>
public sealed record Library(
    LibraryId Id, string Name, string Root, LibrarySettings Settings, MountIdentity Mount, LibraryCounters Counters,
    DateTimeOffset CreatedAt, DateTimeOffset? LastScanAt);

/// <param name="Name">Shown; 1 to 200 characters.</param>
public sealed record NewLibrary(string Name, string Root, LibrarySettings Settings, MountIdentity Mount);

/// <param name="Presets">The presets made for every image; each must exist.</param>
/// <param name="Exclude">Globs in the syntax of .gitignore, matched against paths below the root.</param>
/// <param name="AllowMetadata">Whether original bytes may be served in place of a derivative (direct mode).</param>
/// <param name="Watch">Whether changes below the root are noticed between scans.</param>
/// <param name="NodeLabels">Nodes that have one of these work on it; null or empty: all.</param>
public sealed record LibrarySettings(IReadOnlyList<string> Presets, IReadOnlyList<string> Exclude, bool AllowMetadata = false, bool Watch = false, IReadOnlyList<string>? NodeLabels = null)
{
    public static LibrarySettings Default { get; } = new([Derivatives.Preset.Thumbnail.Name, Derivatives.Preset.Display.Name], []);
}

/// <summary>
/// The mount under a root: its source and file system type, as /proc/self/mountinfo says. Device numbers are not part of it:
/// they change from start to start.
/// </summary>
public sealed record MountIdentity(string Source, string FileSystemType)
{
    private static readonly FrozenSet<string> Network = FrozenSet.Create(
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "fuse.rclone", "fuse.glusterfs", "glusterfs", "lustre", "davfs",
        "fuse.davfs2");

    /// <summary>Whether other machines may change it, and its locks and notices are not to be relied on.</summary>
    public bool IsNetwork => Network.Contains(FileSystemType);
}

/// <summary>Maintained in the ledger's transaction; equal to a recount of the rows at any time.</summary>
/// <param name="Images">Images that are not removed.</param>
/// <param name="Ready">Those whose last outcome was Done.</param>
/// <param name="Failed">Those whose last outcome was Failed.</param>
/// <param name="Skipped">Those whose last outcome was Skipped (for example <c>unsupported</c>).</param>
/// <param name="FailedContainers">Directories and archives that could not be read.</param>
/// <param name="Derivatives">Per preset name: links of images to blobs, and their bytes.</param>
public sealed record LibraryCounters(
    long Collections, long Images, long Ready, long Failed, long Skipped, long FailedContainers,
    IReadOnlyDictionary<string, DerivativeCount> Derivatives);

/// <param name="Bytes">Sum of the sizes of the blobs linked; a shared blob counts once for each link.</param>
public sealed record DerivativeCount(long Count, long Bytes);
