using Microsoft.Extensions.Logging;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Deletes what a cache folder holds for nothing: files without a row, blobs that nothing refers to, and what dead leases were writing. Only within a folder with
/// our marker, only names that are ours, and nothing younger than the grace time (a file that was moved is as old as its blob). Memory does not grow with the folder.
/// </summary>
public sealed partial class CleanUp(ICacheFolderStore folders, IBlobStore blobs, IBlobRemoval removal, IBatchStore batches, CleanUpSettings settings)
{
    private const int PageSize = 1000;

    /// <summary>Null: there is no such folder, and nothing was touched.</summary>
    public async Task<CleanUpReport?> RunAsync(FolderId id, CleanUpRequest request, CancellationToken cancellation)
    {
        var folder = (await folders.ListAsync(cancellation)).FirstOrDefault(known => known.Id == id);
        return folder is null ? null : await RunAsync(folder, request, cancellation);
    }

    public async Task<IReadOnlyList<CleanUpReport>> RunAllAsync(CleanUpRequest request, CancellationToken cancellation)
    {
        var reports = new List<CleanUpReport>();
        foreach (var folder in await folders.ListAsync(cancellation)) reports.Add(await RunAsync(folder, request, cancellation));
        return reports;
    }

    private async Task<CleanUpReport> RunAsync(CacheFolder folder, CleanUpRequest request, CancellationToken cancellation)
    {
        var tally = new CleanUpTally(folder.Id, request.DryRun);
        var fault = settings.Files.Probe(folder.Path, folder.Marker).Fault;
        if (fault != FolderFault.None && !(request.DryRun && fault == FolderFault.ReadOnly)) return tally.End(fault);
        var run = new Run(folder, request, request.Before(settings.Time.GetUtcNow()), tally);
        await SweepStagedAsync(run, cancellation);
        await RemoveUnreferencedAsync(run, cancellation);
        await DeleteOrphansAsync(run, cancellation);
        var report = tally.End();
        if (report is { DryRun: false, Files: > 0 }) LogCleaned(settings.Logger, report.Files, report.Bytes, folder.Path);
        return report;
    }

    /// <summary>Of every scope: what was never finished is no derivative yet. Leases are read after the places: tokens only grow, so one that is none is dead.</summary>
    private async Task SweepStagedAsync(Run run, CancellationToken cancellation)
    {
        var places = settings.Listing.Staged(run.Folder.Path).ToList();
        if (places.Count == 0) return;
        var live = await LiveAsync(cancellation);
        foreach (var place in places.Where(place => place.WrittenAt < run.Before && !live.Contains(place.Lease)))
        {
            if (TryDelete(run, folder => settings.Files.DropStaged(folder, place.Lease)))
                run.Tally.Add(CleanUpCause.Staged, $"tmp/{place.Lease}/", place.Files, place.Bytes);
        }
    }

    /// <summary>The row first, then its file: a crash between the two leaves a file without a row, and never a row without its file.</summary>
    private async Task RemoveUnreferencedAsync(Run run, CancellationToken cancellation)
    {
        string? after = null;
        do
        {
            var page = await removal.UnreferencedAsync(run.Folder.Id, run.Before, after, PageSize, cancellation);
            var some = page.Items.Where(blob => run.Request.Takes(BlobName.Parse(blob.Name)?.Preset)).ToList();
            if (run.Request.DryRun) foreach (var blob in some) run.Tally.Add(CleanUpCause.Unreferenced, blob.Name, 1, blob.Size);
            else if (some.Count > 0) await RemoveAsync(run, [.. some.Select(blob => blob.Id)], cancellation);
            after = page.Next;
        }
        while (after is not null);
    }

    private async Task RemoveAsync(Run run, IReadOnlyCollection<BlobId> some, CancellationToken cancellation)
    {
        foreach (var file in await removal.RemoveUnreferencedAsync(run.Folder.Id, some, run.Before, cancellation))
        {
            TryDelete(run, folder => settings.Files.Delete(folder, file.Name));
            run.Tally.Add(CleanUpCause.Unreferenced, file.Name, 1, file.Size);
        }
    }

    private async Task DeleteOrphansAsync(Run run, CancellationToken cancellation)
    {
        foreach (var names in settings.Listing.Names(run.Folder.Path).Chunk(PageSize))
        {
            run.Tally.Examined += names.Length;
            var ours = names.Select(name => (Name: name, Parsed: BlobName.Parse(name))).Where(file => file.Parsed is not null).ToList();
            run.Tally.Foreign += names.Length - ours.Count;
            var asked = ours.Where(file => run.Request.Takes(file.Parsed!.Value.Preset)).Select(file => file.Name).ToList();
            var old = await OldAsync(run, await WithoutRowAsync(run.Folder, asked, cancellation), cancellation);
            foreach (var file in old)
            {
                if (TryDelete(run, folder => settings.Files.Delete(folder, file.Name))) run.Tally.Add(CleanUpCause.Orphan, file.Name, 1, file.Size);
            }
        }
    }

    /// <summary>
    /// Those that are old enough, and of no living lease: a file gets its name just before its row. So rows are looked at once more after the leases: what was
    /// committed meanwhile has its row by then, and a dead lease commits nothing any more.
    /// </summary>
    private async Task<IReadOnlyList<StoredFile>> OldAsync(Run run, IReadOnlyCollection<string> orphans, CancellationToken cancellation)
    {
        var looked = orphans.Select(name => settings.Listing.Look(run.Folder.Path, name)).OfType<StoredFile>().ToList();
        var old = looked.Where(file => file.WrittenAt < run.Before).ToList();
        if (old.Count > 0)
        {
            var live = await LiveAsync(cancellation);
            old = old.FindAll(file => !live.Contains(BlobName.Parse(file.Name)!.Value.Lease));
            var still = (await WithoutRowAsync(run.Folder, [.. old.Select(file => file.Name)], cancellation)).ToHashSet();
            old = old.FindAll(file => still.Contains(file.Name));
        }
        run.Tally.Young += looked.Count - old.Count;
        return old;
    }

    private async Task<IReadOnlyCollection<string>> WithoutRowAsync(CacheFolder folder, List<string> names, CancellationToken cancellation)
    {
        if (names.Count == 0) return [];
        var known = await blobs.KnownAsync(folder.Id, names, cancellation);
        return [.. names.Where(name => !known.Contains(name))];
    }

    private async Task<HashSet<LeaseToken>> LiveAsync(CancellationToken cancellation) =>
        (await batches.LeasesAsync(cancellation)).Select(lease => lease.Token).ToHashSet();

    /// <summary>False where the disk refused. A dry run deletes nothing, and tells it all the same.</summary>
    private bool TryDelete(Run run, Action<string> delete)
    {
        if (run.Request.DryRun) return true;
        try
        {
            delete(run.Folder.Path);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            run.Tally.Undeleted++;
            LogRefused(settings.Logger, run.Folder.Path, refused.Message);
            return false;
        }
    }

    [LoggerMessage(260, LogLevel.Information, "Clean-up: {Files} files with {Bytes} bytes are gone from {Folder}.")]
    private static partial void LogCleaned(ILogger logger, long files, long bytes, string folder);

    [LoggerMessage(261, LogLevel.Warning, "Clean-up: a file in {Folder} could not be deleted; the next one tries again: {Problem}")]
    private static partial void LogRefused(ILogger logger, string folder, string problem);

    private sealed record Run(CacheFolder Folder, CleanUpRequest Request, DateTimeOffset Before, CleanUpTally Tally);
}

/// <summary>What clean-up needs beside its contracts.</summary>
public sealed record CleanUpSettings(IDerivativeStore Files, IFolderListing Listing, TimeProvider Time, ILogger<CleanUp> Logger);
