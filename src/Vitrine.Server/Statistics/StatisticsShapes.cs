using Vitrine.Core.CacheFolders;
using Vitrine.Core.Statistics;
using Vitrine.Server.CacheFolders;

namespace Vitrine.Server.Statistics;

/// <param name="TotalImages">Of the libraries that the caller sees; removed ones are in no number.</param>
/// <param name="CachedImages">With at least one derivative, each once.</param>
/// <param name="MissingImages">Without any.</param>
/// <param name="TotalCacheBytes">Of all derivatives; a file that images share counts for each of them.</param>
/// <param name="CollectionsWithCache">With at least one cached image.</param>
/// <param name="Derivatives">By preset and type of the bytes.</param>
/// <param name="Folders">Files by cache folder; empty for who does not see all libraries.</param>
/// <param name="Difference">Between derivatives and files; null for who does not see all libraries.</param>
internal sealed record CacheStatisticsShape(
    long TotalImages, long CachedImages, long MissingImages, long TotalCacheBytes, long Collections, long CollectionsWithCache,
    IReadOnlyList<LibraryStatisticsShape> Libraries, IReadOnlyList<DerivativeStatistics> Derivatives, IReadOnlyList<FolderFiles> Folders, BlobDifference? Difference)
{
    public static CacheStatisticsShape Of(CacheStatistics read) => new(
        read.Images, read.Cached, read.Images - read.Cached, read.Bytes, read.Collections, read.CachedCollections,
        [.. read.Libraries.Select(LibraryStatisticsShape.Of)], read.Derivatives, read.Folders, read.Difference);
}

internal sealed record LibraryStatisticsShape(
    LibraryId Id, string Name, long TotalImages, long CachedImages, long MissingImages, long TotalCacheBytes, long Collections, long CollectionsWithCache,
    IReadOnlyList<DerivativeStatistics> Derivatives)
{
    public static LibraryStatisticsShape Of(LibraryStatistics library) => new(
        library.Id, library.Name, library.Images, library.Cached, library.Images - library.Cached, library.Bytes, library.Collections, library.CachedCollections,
        library.Derivatives);
}

/// <param name="TotalCacheSize">Bytes of all files.</param>
/// <param name="AvailableSpace">Below the limits and above the floors; folders on one disk have its space once.</param>
/// <param name="UsagePercent">Used / (used + available).</param>
internal sealed record FolderStatisticsShape(long TotalCacheSize, long AvailableSpace, double UsagePercent, IReadOnlyList<FolderUseShape> Folders)
{
    public static FolderStatisticsShape Of(StorageUse use, Func<CacheFolder, CacheFolderShape> shape) => new(
        use.UsedBytes, use.AvailableBytes, Shares.Round(use.UsagePercent), [.. use.Folders.Select(folder => FolderUseShape.Of(folder, shape(folder.Folder)))]);
}

/// <param name="AverageBytes">Of a file; 0 without files.</param>
/// <param name="AvailableBytes">What can still be written there.</param>
internal sealed record FolderUseShape(
    CacheFolderShape Folder, long AvailableBytes, double UsagePercent, long AverageBytes, FolderFill Fill)
{
    public static FolderUseShape Of(FolderUse use, CacheFolderShape folder) => new(
        folder, use.AvailableBytes, Shares.Round(use.UsagePercent), use.Folder.Bytes / Math.Max(1, use.Folder.Blobs), use.Fill);
}

/// <param name="Folders">Files, with their share in all files.</param>
/// <param name="Presets">Derivatives, with their share in all derivatives.</param>
/// <param name="NearFull">Folders over their high water mark.</param>
/// <param name="Full">Folders that take no file any more, for whatever reason.</param>
internal sealed record DistributionShape(
    IReadOnlyList<FolderShareShape> Folders, IReadOnlyList<PresetShareShape> Presets, IReadOnlyList<FolderId> NearFull, IReadOnlyList<FolderId> Full)
{
    public static DistributionShape Of(StorageUse use, CacheStatistics read) => new(
        [.. use.Folders.Select(folder => FolderShareShape.Of(folder.Folder, use))], [.. PresetShareShape.Of(read)],
        [.. use.Folders.Where(folder => folder.Fill == FolderFill.NearFull).Select(folder => folder.Folder.Id)],
        [.. use.Folders.Where(folder => folder.Fill == FolderFill.Full).Select(folder => folder.Folder.Id)]);
}

/// <param name="BlobShare">0 to 1.</param>
/// <param name="ByteShare">0 to 1.</param>
internal sealed record FolderShareShape(FolderId Id, long Blobs, long Bytes, double BlobShare, double ByteShare)
{
    public static FolderShareShape Of(CacheFolder folder, StorageUse use) => new(
        folder.Id, folder.Blobs, folder.Bytes, Shares.Of(folder.Blobs, use.Folders.Sum(f => f.Folder.Blobs)), Shares.Of(folder.Bytes, use.UsedBytes));
}

/// <param name="CountShare">0 to 1.</param>
/// <param name="ByteShare">0 to 1.</param>
internal sealed record PresetShareShape(string Preset, long Count, long Bytes, double CountShare, double ByteShare)
{
    public static IEnumerable<PresetShareShape> Of(CacheStatistics read) => read.Derivatives.GroupBy(d => d.Preset).Select(group =>
    {
        var (count, bytes) = (group.Sum(d => d.Count), group.Sum(d => d.Bytes));
        return new PresetShareShape(group.Key, count, bytes, Shares.Of(count, read.Links), Shares.Of(bytes, read.Bytes));
    });
}

internal static class Shares
{
    /// <summary>0 to 1, to four digits; 0 of nothing.</summary>
    public static double Of(long part, long whole) => whole == 0 ? 0 : Math.Round((double)part / whole, 4);

    public static double Round(double percent) => Math.Round(percent, 2);
}
