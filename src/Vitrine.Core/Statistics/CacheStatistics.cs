namespace Vitrine.Core.Statistics;

/// <summary>What is cached, as one snapshot of counters. An image is cached while it has at least one derivative; removed ones are in no number but <see cref="CacheTotals"/>.</summary>
/// <param name="Libraries">Those granted, by name.</param>
/// <param name="Folders">Files of cache folders; empty for who does not see all libraries, since a file is of no library.</param>
/// <param name="Totals">Null for who does not see all libraries.</param>
public sealed record CacheStatistics(IReadOnlyList<LibraryStatistics> Libraries, IReadOnlyList<FolderFiles> Folders, CacheTotals? Totals)
{
    public long Images => Libraries.Sum(library => library.Images);
    public long Cached => Libraries.Sum(library => library.Cached);
    public long Collections => Libraries.Sum(library => library.Collections);
    public long CachedCollections => Libraries.Sum(library => library.CachedCollections);
    public long Links => Libraries.Sum(library => library.Derivatives.Sum(derivatives => derivatives.Count));
    public long Bytes => Libraries.Sum(library => library.Bytes);

    /// <summary>By preset and type of the bytes, over all libraries.</summary>
    public IReadOnlyList<DerivativeStatistics> Derivatives =>
    [
        .. Libraries.SelectMany(library => library.Derivatives).GroupBy(d => (d.Preset, d.ContentType)).OrderBy(group => group.Key)
            .Select(group => new DerivativeStatistics(group.Key.Preset, group.Key.ContentType, group.Sum(d => d.Count), group.Sum(d => d.Bytes))),
    ];

    /// <summary>Why files and derivatives differ; null where the caller does not see both.</summary>
    public BlobDifference? Difference => Totals is null ? null : BlobDifference.Of(
        Links, Bytes, Folders.Sum(folder => folder.Blobs), Folders.Sum(folder => folder.Bytes), Totals);
}

/// <param name="Cached">Images with at least one derivative, each once.</param>
/// <param name="CachedCollections">Collections with at least one such image.</param>
public sealed record LibraryStatistics(
    LibraryId Id, string Name, long Images, long Cached, long Collections, long CachedCollections, IReadOnlyList<DerivativeStatistics> Derivatives)
{
    public long Bytes => Derivatives.Sum(derivatives => derivatives.Bytes);
}

/// <summary>Links of images to blobs of one type. A blob that is shared counts once for each link.</summary>
public sealed record DerivativeStatistics(string Preset, string ContentType, long Count, long Bytes);

public sealed record FolderFiles(FolderId Id, long Blobs, long Bytes);

/// <param name="SharedLinks">Links to blobs beyond the first link of each.</param>
/// <param name="RemovedLinks">Links of images whose originals are gone and that are not forgotten yet.</param>
public sealed record CacheTotals(long SharedLinks, long SharedBytes, long RemovedLinks, long RemovedBytes);

/// <summary>
/// Each blob has its first link, further ones (shared), or none (unreferenced); each link is of an image or of a removed one. So blobs = derivatives + removed -
/// shared + unreferenced, in numbers and in bytes.
/// </summary>
/// <param name="UnreferencedBlobs">Files that nothing refers to; a clean-up removes them after its time of grace.</param>
public sealed record BlobDifference(
    long Derivatives, long DerivativeBytes, long Blobs, long BlobBytes, long SharedLinks, long SharedBytes, long RemovedLinks, long RemovedBytes,
    long UnreferencedBlobs, long UnreferencedBytes)
{
    public static BlobDifference Of(long links, long bytes, long blobs, long blobBytes, CacheTotals totals) => new(
        links, bytes, blobs, blobBytes, totals.SharedLinks, totals.SharedBytes, totals.RemovedLinks, totals.RemovedBytes,
        blobs + totals.SharedLinks - links - totals.RemovedLinks, blobBytes + totals.SharedBytes - bytes - totals.RemovedBytes);
}
