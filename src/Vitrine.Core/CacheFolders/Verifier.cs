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
    long Images, long Rows, long Files, long Orphans, long Missing, long Damaged, bool CountersEqual, IReadOnlyList<string> Differences)
{
    /// <summary>False: its time was over before all blobs were read, and the next run goes on; files without a row and counters were not looked at.</summary>
    public bool Complete { get; init; } = true;

    /// <summary>What was repaired; null where nothing was to be.</summary>
    public VerifyRepair? Repair { get; init; }
}

/// <summary>What a verification repaired.</summary>
/// <param name="Blobs">Missing and damaged ones that were taken out.</param>
/// <param name="Derivatives">Links of images that went with them.</param>
/// <param name="Counters">Lines of counters that were counted anew.</param>
/// <param name="Jobs">Jobs that make the derivatives again.</param>
public sealed record VerifyRepair(long Blobs, long Derivatives, long Counters, long Jobs);

/// <summary>How a check of blobs goes: where it begins, how long it may go on, and what it does with what it finds.</summary>
/// <param name="After">The cursor of a former run; null for the beginning.</param>
/// <param name="PassedAsync">Told the cursor behind each page, null at the end. False: its time is over.</param>
/// <param name="FoundAsync">Told each blob whose file is no good.</param>
public sealed record VerifyPace(string? After, Func<string?, Task<bool>> PassedAsync, Func<CacheFolder, BlobRow, Task> FoundAsync)
{
    /// <summary>All of it, and nothing is changed.</summary>
    public static VerifyPace Whole { get; } = new(null, _ => Task.FromResult(true), (_, _) => Task.CompletedTask);
}

/// <summary>Reads every blob and every file, page by page, and changes nothing by itself.</summary>
public sealed class Verifier(ILedger ledger, ICacheFolderStore store, IBlobStore blobs, IBatchStore batches, IDerivativeStore files)
{
    private const int PageSize = 500;

    public Task<Verification> VerifyAsync(CancellationToken cancellation) => VerifyAsync(VerifyPace.Whole, cancellation);

    public async Task<Verification> VerifyAsync(VerifyPace pace, CancellationToken cancellation)
    {
        var folders = (await store.ListAsync(cancellation)).ToDictionary(f => f.Id);
        var (missing, damaged, complete) = await CheckBlobsAsync(folders, pace, cancellation);
        if (!complete) return new(0, 0, 0, 0, missing, damaged, true, []) { Complete = false };
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

    private async Task<(long Missing, long Damaged, bool Complete)> CheckBlobsAsync(
        Dictionary<FolderId, CacheFolder> folders, VerifyPace pace, CancellationToken cancellation)
    {
        var (missing, damaged) = (0L, 0L);
        var after = pace.After;
        do
        {
            var page = await blobs.BlobsAsync(after, PageSize, cancellation);
            foreach (var blob in page.Items)
            {
                var fault = folders.TryGetValue(blob.Folder, out var folder) ? await BlobCheck.CheckAsync(files, folder, blob, cancellation) : BlobFault.Missing;
                if (fault == BlobFault.None) continue;
                if (fault == BlobFault.Missing) missing++;
                else damaged++;
                if (folder is not null) await pace.FoundAsync(folder, blob);
            }
            after = page.Next;
            if (!await pace.PassedAsync(after) && after is not null) return (missing, damaged, false);
        }
        while (after is not null);
        return (missing, damaged, true);
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
}
