namespace Vitrine.Core.Libraries;

/// <summary>
/// What tells that an original changed. A file or an archive: <c>Size</c> in bytes, <c>Stamp</c> = mtime in ns since 1970,
/// <c>Inode</c>, or 0 where the file system numbers its files anew. An entry of an archive: <c>Size</c> unpacked, <c>Stamp</c> = CRC-32, <c>Inode</c> 0; its container's own
/// version counts beside it.
/// </summary>
public readonly record struct SourceVersion(long Size, long Stamp, long Inode)
{
    /// <summary>
    /// Whether an original recorded as this and now seen as <paramref name="seen"/> is unchanged between scans: the inode counts
    /// only while the root is on the mount that it was recorded on, and where both have one.
    /// </summary>
    public bool Matches(SourceVersion seen, bool sameMount) =>
        Size == seen.Size && Stamp == seen.Stamp && (!sameMount || Inode == seen.Inode || Inode == 0 || seen.Inode == 0);
}
