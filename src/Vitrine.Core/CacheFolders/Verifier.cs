using System.Security.Cryptography;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>What a check of rows and files found.</summary>
/// <param name="Images">Rows of images.</param>
/// <param name="Rows">Derivatives: links of images to blobs.</param>
/// <param name="Files">Files in the cache folders, without their markers and what live leases have staged.</param>
/// <param name="Orphans">Files without a row.</param>
/// <param name="Missing">Blobs without their file.</param>
/// <param name="Damaged">Blobs whose file has another size or hash.</param>
/// <param name="CountersEqual">Every counter equals the rows that it counts.</param>
public sealed record Verification(
    long Images, long Rows, long Files, long Orphans, long Missing, long Damaged, bool CountersEqual, IReadOnlyList<string> Differences);

/// <summary>Reads every blob and every file, page by page, and changes nothing.</summary>
public sealed class Verifier(ILedger ledger, ICacheFolderStore store, IBlobStore blobs, IBatchStore batches, IDerivativeStore files)
{
    private const int PageSize = 500;

    public async Task<Verification> VerifyAsync(CancellationToken cancellation)
    {
        var folders = (await store.ListAsync(cancellation)).ToDictionary(f => f.Id);
        var (missing, damaged) = await CheckBlobsAsync(folders, cancellation);
        var (found, orphans) = (0L, 0L);
        foreach (var folder in folders.Values)
        {
            foreach (var group in files.Files(folder.Path).Where(f => !StagedNames.IsJournal(f.Name)).Chunk(PageSize))
            {
                var (inFlight, without) = await CheckFilesAsync(folder.Id, group, cancellation);
                found += group.Length - inFlight;
                orphans += without;
            }
        }
        var audit = await ledger.AuditAsync(cancellation);
        return new(audit.Images, audit.Rows, found, orphans, missing, damaged, audit.Differences.Count == 0, audit.Differences);
    }

    private async Task<(long Missing, long Damaged)> CheckBlobsAsync(Dictionary<FolderId, CacheFolder> folders, CancellationToken cancellation)
    {
        var (missing, damaged) = (0L, 0L);
        string? after = null;
        do
        {
            var page = await blobs.BlobsAsync(after, PageSize, cancellation);
            foreach (var blob in page.Items)
            {
                await using var stream = folders.TryGetValue(blob.Folder, out var folder) ? files.Open(folder.Path, blob.Name) : null;
                if (stream is null) missing++;
                else if (stream.Length != blob.Size || await HashAsync(stream, cancellation) != blob.Hash) damaged++;
            }
            after = page.Next;
        }
        while (after is not null);
        return (missing, damaged);
    }

    /// <summary>
    /// A file is renamed to its name just before its row is committed. So what has no row is looked at twice, with the leases between: made by a
    /// lease that lives it is in flight; else it has its row by now, or never will.
    /// </summary>
    private async Task<(long InFlight, long Orphans)> CheckFilesAsync(FolderId folder, StoredFile[] group, CancellationToken cancellation)
    {
        var without = await WithoutRowAsync(folder, group, cancellation);
        if (without.Count == 0) return (0, 0);
        var live = (await batches.LeasesAsync(cancellation)).Select(l => l.Token).ToHashSet();
        var (inFlight, dead) = (without.Where(f => IsOf(live, f)).ToList(), without.Where(f => !IsOf(live, f)).ToArray());
        return (inFlight.Count, (await WithoutRowAsync(folder, dead, cancellation)).Count);
    }

    private async Task<List<StoredFile>> WithoutRowAsync(FolderId folder, IReadOnlyCollection<StoredFile> group, CancellationToken cancellation)
    {
        var known = await blobs.KnownAsync(folder, [.. group.Where(f => !f.Staged).Select(f => f.Name)], cancellation);
        return [.. group.Where(f => !known.Contains(f.Name))];
    }

    private static bool IsOf(HashSet<LeaseToken> live, StoredFile file) =>
        (file.Staged ? StagedNames.TokenOf(file.Name) : StagedNames.MakerOf(file.Name)) is { } token && live.Contains(token);

    private static async Task<string> HashAsync(Stream stream, CancellationToken cancellation) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
}
