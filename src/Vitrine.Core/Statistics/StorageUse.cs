using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Statistics;

/// <summary>How full a cache folder is. The numbers of a folder that cannot be written leave no room in it.</summary>
public enum FolderFill
{
    /// <summary>It takes files.</summary>
    Room,

    /// <summary>Over the high water mark of its limit, or of what its disk leaves.</summary>
    NearFull,

    /// <summary>No file of usual size fits any more.</summary>
    Full,
}

/// <summary>A cache folder with what its disk says now.</summary>
/// <param name="Disk">Folders on the same one share its free space.</param>
public sealed record FolderUse(CacheFolder Folder, FolderHealth Health, string Disk)
{
    private const long SmallestRoom = 4L << 20;
    private const double HighWater = 85;

    /// <summary>What can still be written: below the limit, and above the floor of the disk.</summary>
    public long AvailableBytes => TakesFiles ? Math.Max(0, Math.Min(BelowLimit, Health.FreeBytes - Folder.FloorBytes)) : 0;

    public double UsagePercent => StorageUse.Percent(Folder.Bytes, AvailableBytes);

    public FolderFill Fill => AvailableBytes < SmallestRoom ? FolderFill.Full : UsagePercent > HighWater ? FolderFill.NearFull : FolderFill.Room;

    public bool TakesFiles => Folder.Active && Health.Fault == FolderFault.None;

    internal long BelowLimit => Math.Max(0, Folder.LimitBytes - Folder.Bytes - Folder.ReservedBytes);
}

/// <summary>The room in all cache folders.</summary>
public sealed record StorageUse(IReadOnlyList<FolderUse> Folders)
{
    public long UsedBytes => Folders.Sum(folder => folder.Folder.Bytes);

    public long AvailableBytes => RoomIn(Folders);

    public double UsagePercent => Percent(UsedBytes, AvailableBytes);

    /// <summary>What folders that take this preset can still hold.</summary>
    public long AvailableFor(string preset) => RoomIn(Folders.Where(folder => folder.Folder.Presets.Count == 0 || folder.Folder.Presets.Contains(preset)));

    /// <summary>Used / (used + available): 450 and 550 GB are 45.</summary>
    public static double Percent(long used, long available) => used + available == 0 ? 0 : 100.0 * used / (used + (double)available);

    /// <summary>Folders on one disk have its free space once, above the highest of their floors.</summary>
    private static long RoomIn(IEnumerable<FolderUse> folders) => folders.Where(folder => folder.TakesFiles).GroupBy(folder => folder.Disk).Sum(disk => Math.Min(
        disk.Sum(folder => folder.AvailableBytes), Math.Max(0, disk.Min(folder => folder.Health.FreeBytes) - disk.Max(folder => folder.Folder.FloorBytes))));
}

/// <summary>Looks at all cache folders and their disks.</summary>
public sealed class StorageLook(ICacheFolderStore folders, IDerivativeStore files, IRootProbe roots)
{
    public async Task<StorageUse> TakeAsync(CancellationToken cancellation) => new(
        [.. (await folders.ListAsync(cancellation)).Select(folder => new FolderUse(folder, files.Probe(folder.Path, folder.Marker), DiskOf(folder)))]);

    private string DiskOf(CacheFolder folder) => roots.Probe(folder.Path).Mount is { } mount ? $"{mount.FileSystemType} {mount.Source}" : folder.Path;
}
