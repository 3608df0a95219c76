using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>A cache folder as one lease sees it now.</summary>
/// <param name="FreeBytes">Of its disk.</param>
/// <param name="Writable">There, ours, and taking files.</param>
/// <param name="LeftBytes">What the lease has reserved there for the preset and not used.</param>
public sealed record FolderState(CacheFolder Folder, long FreeBytes, bool Writable, long LeftBytes)
{
    /// <summary>What is wrong with it now, or was at the last write.</summary>
    public FolderFault Fault { get; init; }

    /// <summary>A write to it failed a moment ago: it takes a file only where no other folder does.</summary>
    public bool FailedLately { get; init; }

    /// <summary>Bytes that a preset may still take there, without what is reserved.</summary>
    public long RoomFor(string preset)
    {
        if (!Placement.TakesFiles(this, preset)) return 0;
        var below = Math.Min(Folder.LimitBytes - Folder.Bytes - Folder.ReservedBytes, FreeBytes - Folder.FloorBytes);
        var budget = Folder.UseOf(preset) is { BudgetBytes: { } most } use ? most - use.Bytes - use.ReservedBytes : long.MaxValue;
        return Math.Max(0, Math.Min(below, budget));
    }
}

/// <summary>Where a derivative goes. Pure: the choice is stored with the blob and never computed again.</summary>
public static class Placement
{
    /// <summary>
    /// The folders that may take the file, best first: highest priority, then, among equals, by rendezvous hashing on the collection,
    /// so that a collection stays together and a new folder takes over only its share.
    /// </summary>
    /// <param name="owedBytes">Room that is kept for thumbnails which are still to come: larger presets are placed only beyond it.</param>
    public static IEnumerable<FolderState> Order(
        IReadOnlyCollection<FolderState> folders, CollectionId collection, string preset, long bytes, long owedBytes = 0) =>
        Ranked(folders.Where(f => IsEligible(f, preset, bytes) && LeavesRoom(folders, f, preset, bytes, owedBytes)), collection);

    /// <summary>Folders that would take the preset if they had room, best first.</summary>
    public static IEnumerable<FolderState> Ranked(IEnumerable<FolderState> folders, CollectionId collection) => folders
        .OrderBy(f => f.FailedLately)
        .ThenByDescending(f => f.Folder.Priority)
        .ThenByDescending(f => Score(collection, f.Folder.Marker))
        .ThenBy(f => f.Folder.Id);

    public static bool IsEligible(FolderState state, string preset, long bytes) =>
        TakesFiles(state, preset) && state.FreeBytes - bytes >= state.Folder.FloorBytes && bytes <= state.LeftBytes + state.RoomFor(preset);

    /// <summary>Whether it would take files of the preset, with room.</summary>
    public static bool TakesFiles(FolderState state, string preset) => state.Writable && state.Folder is { Active: true, Draining: false } && state.Folder.Takes(preset);

    /// <summary>
    /// Whether folders are there for the preset, and none of them can be written: what would go there waits, and is not left out as if there were no room.
    /// </summary>
    public static bool IsAway(IEnumerable<FolderState> folders, string preset)
    {
        var meant = folders.Where(f => f.Folder is { Active: true, Draining: false } && f.Folder.Takes(preset)).ToList();
        return meant.Count > 0 && meant.TrueForAll(f => !f.Writable);
    }

    /// <summary>Whether all folders together still hold the thumbnails to come, after this file.</summary>
    private static bool LeavesRoom(IReadOnlyCollection<FolderState> folders, FolderState target, string preset, long bytes, long owedBytes)
    {
        var thumbnail = Preset.Thumbnail.Name;
        if (owedBytes == 0 || preset == thumbnail || !TakesFiles(target, thumbnail)) return true;
        var room = folders.Sum(f => f.RoomFor(thumbnail));
        var after = room - target.RoomFor(thumbnail) + (target with { Folder = target.Folder with { Bytes = target.Folder.Bytes + bytes } }).RoomFor(thumbnail);
        return after >= owedBytes;
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
