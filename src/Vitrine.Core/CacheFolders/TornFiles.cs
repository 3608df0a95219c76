using Microsoft.Extensions.Logging;
using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>Files that a stop of the machine may have torn: read, compared with their rows, and taken out where they differ, to be made again.</summary>
public sealed partial class TornFiles(ICacheFolderStore folders, IBlobStore blobs, IDerivativeStore files, BlobRepair repair, ILogger<TornFiles> logger)
{
    private const int PageSize = 500;

    /// <param name="only">Null for all folders.</param>
    /// <returns>How many were torn.</returns>
    public async Task<int> CheckAsync(DateTimeOffset since, FolderId? only, CancellationToken cancellation)
    {
        var known = (await folders.ListAsync(cancellation)).Where(f => only is null || f.Id == only).Where(IsThere).ToDictionary(f => f.Id);
        var (looked, torn, lacking) = (0, 0, new Lacking());
        string? after = null;
        do
        {
            var page = await blobs.WrittenSinceAsync(since, after, PageSize, cancellation);
            foreach (var blob in page.Items)
            {
                if (!known.TryGetValue(blob.Folder, out var folder)) continue;
                looked++;
                if (await repair.TakeOutAsync(folder, blob, lacking, cancellation)) torn++;
            }
            after = page.Next;
        }
        while (after is not null);
        LogChecked(logger, looked, torn);
        await repair.QueueAsync(lacking, cancellation);
        return torn;
    }

    /// <summary>In another one nothing can be taken out now; when it is back it is looked at then.</summary>
    private bool IsThere(CacheFolder folder) => files.Probe(folder.Path, folder.Marker).Fault == FolderFault.None;

    [LoggerMessage(193, LogLevel.Warning, "The machine or a disk stopped without a clean end: of {Looked} files written last, {Torn} were torn.")]
    private static partial void LogChecked(ILogger logger, int looked, int torn);
}
