namespace Vitrine.Core.CacheFolders;

/// <summary>A cache folder as one lease sees it now.</summary>
/// <param name="FreeBytes">Of its disk.</param>
/// <param name="Writable">There, ours, and not read-only.</param>
/// <param name="LeftBytes">What the lease has reserved there and not used.</param>
public sealed record FolderState(CacheFolder Folder, long FreeBytes, bool Writable, long LeftBytes);

/// <summary>Where a derivative goes. Pure: the choice is stored with the blob and never computed again.</summary>
public static class Placement
{
    /// <summary>
    /// The folders that may take the file, best first: highest priority, then, among equals, by rendezvous hashing on the collection,
    /// so that a collection stays together and a new folder takes over only its share.
    /// </summary>
    public static IEnumerable<FolderState> Order(IEnumerable<FolderState> folders, CollectionId collection, string preset, long bytes) => folders
        .Where(f => IsEligible(f, preset, bytes))
        .OrderByDescending(f => f.Folder.Priority)
        .ThenByDescending(f => Score(collection, f.Folder.Marker))
        .ThenBy(f => f.Folder.Id);

    public static bool IsEligible(FolderState state, string preset, long bytes)
    {
        var folder = state.Folder;
        return folder.Active && state.Writable
            && (folder.Presets.Count == 0 || folder.Presets.Contains(preset))
            && (bytes <= state.LeftBytes || folder.Bytes + folder.ReservedBytes + bytes <= folder.LimitBytes)
            && state.FreeBytes - bytes >= folder.FloorBytes;
    }

    /// <summary>FNV-1a over both ids, then a final mix (SplitMix64): the same on every machine and in every version.</summary>
    private static ulong Score(CollectionId collection, Guid marker)
    {
        Span<byte> bytes = stackalloc byte[24];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes, collection.Value);
        marker.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        var hash = 14695981039346656037UL;
        foreach (var b in bytes) hash = (hash ^ b) * 1099511628211UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return hash ^ (hash >> 31);
    }
}
