namespace Vitrine.Core.CacheFolders;

/// <summary>A directory that Vitrine manages.</summary>
/// <param name="Marker">The id in its marker file.</param>
/// <param name="Priority">Higher is filled first.</param>
/// <param name="LimitBytes">Blobs and reservations together never pass it.</param>
/// <param name="FloorBytes">Free space of the disk that stays free.</param>
/// <param name="Presets">Presets that it takes; empty for all.</param>
/// <param name="Blobs">Files with a row.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="ReservedBytes">Promised to leases.</param>
public sealed record CacheFolder(
    FolderId Id, string Path, Guid Marker, int Priority, long LimitBytes, long FloorBytes, IReadOnlyList<string> Presets, bool Active,
    long Blobs, long Bytes, long ReservedBytes);

public sealed record NewCacheFolder(string Path, Guid Marker, int Priority, long LimitBytes, long FloorBytes, IReadOnlyList<string> Presets);

/// <summary>One blob's row: what a check of the files needs.</summary>
public sealed record BlobRow(BlobId Id, FolderId Folder, string Name, long Size, string Hash, int References, string ContentType);
