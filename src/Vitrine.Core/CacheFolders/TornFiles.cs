using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Vitrine.Core.Alerts;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.CacheFolders;

/// <summary>Files that a stop of the machine may have torn: read, compared with their rows, and dropped with them where they differ, to be made again.</summary>
public sealed partial class TornFiles(ICacheFolderStore folders, IBlobPlaces places, IDerivativeStore files, Remaking remaking, ILogger<TornFiles> logger)
{
    private const int PageSize = 500;

    /// <param name="only">Null for all folders.</param>
    /// <returns>How many were torn.</returns>
    public async Task<int> CheckAsync(DateTimeOffset since, FolderId? only, CancellationToken cancellation)
    {
        var known = (await folders.ListAsync(cancellation)).Where(f => only is null || f.Id == only).Where(IsThere).ToDictionary(f => f.Id);
        var (looked, torn, stuck) = (0, 0, 0);
        string? after = null;
        do
        {
            var page = await places.WrittenSinceAsync(since, after, PageSize, cancellation);
            foreach (var blob in page.Items)
            {
                if (!known.TryGetValue(blob.File.Folder, out var folder)) continue;
                looked++;
                if (await IsWholeAsync(folder, blob.File, cancellation)) continue;
                torn++;
                if (!await DropAsync(folder, blob, cancellation)) stuck++;
            }
            after = page.Next;
        }
        while (after is not null);
        LogChecked(logger, looked, torn);
        if (stuck > 0) await remaking.SayStuckAsync(stuck, cancellation);
        if (torn > stuck) await remaking.StartAsync(cancellation);
        return torn;
    }

    private bool IsThere(CacheFolder folder) => files.Probe(folder.Path, folder.Marker).Fault is not (FolderFault.Missing or FolderFault.NotOurs or FolderFault.Failing);

    private async Task<bool> DropAsync(CacheFolder folder, PlacedBlob blob, CancellationToken cancellation)
    {
        var dropped = await places.EvictAsync(folder.Id, [blob.Id], cancellation);
        foreach (var file in dropped.Files) files.Delete(folder.Path, file.Name);
        return dropped.Files.Count > 0;
    }

    private async Task<bool> IsWholeAsync(CacheFolder folder, BlobFile file, CancellationToken cancellation)
    {
        await using var stream = files.Open(folder.Path, file.Name);
        return stream is not null && stream.Length == file.Size && Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation)) == file.Hash;
    }

    [LoggerMessage(193, LogLevel.Warning, "The machine or a disk stopped without a clean end: of {Looked} files written last, {Torn} were torn.")]
    private static partial void LogChecked(ILogger logger, int looked, int torn);
}

/// <summary>Has made again what is lacking.</summary>
public sealed class Remaking(ILibraryStore libraries, IJobStore jobs, IAlertStore alerts)
{
    /// <summary>A job for each library over what it lacks of its presets.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (var library in await libraries.ListAsync(cancellation))
            await jobs.AddAsync(new(Handler.Derive, new(library.Id, library.Settings.Presets)), cancellation);
    }

    public Task SayStuckAsync(int files, CancellationToken cancellation) => alerts.RaiseAsync(
        new(AlertCode.FilesTorn, "cache", AlertSeverity.Error, $"{files} torn files stay, since they are pinned or many images share them: unpin them, or make them anew with force."), cancellation);
}
