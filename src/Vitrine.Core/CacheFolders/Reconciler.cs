using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>How a folder's disk, rows and counters compared.</summary>
/// <param name="Fault">Not None: the folder could not be looked at, and nothing was changed.</param>
/// <param name="Files">Files on disk with a name of ours, without those in <c>tmp/</c>.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Rows">Rows of blobs of this folder, before anything was repaired.</param>
/// <param name="Dangling">Rows without their file.</param>
/// <param name="Repaired">Dangling rows that were taken out: their derivatives are missing now, and are made again on demand or by the next job.</param>
/// <param name="Damaged">Files of another size than their row says: <c>verify --repair</c> has them made again.</param>
/// <param name="Orphans">Files without a row: clean-up takes them when they are old enough.</param>
/// <param name="Foreign">Files whose names are none of ours.</param>
/// <param name="Differences">What the folder's counters were and are: empty where they were right.</param>
public sealed record Reconciliation(
    FolderId Folder, FolderFault Fault, long Files, long Bytes, long Rows, long RowBytes, long Dangling, long Repaired, long Damaged, CleanUpCount Orphans,
    long Foreign, IReadOnlyList<string> Differences);

/// <summary>Makes a folder's rows and counters agree with its disk.</summary>
public sealed class Reconciler(ICacheFolderStore folders, IBlobStore blobs, IBlobRemoval removal, BlobRepair repair, CleanUpSettings settings)
{
    private const int PageSize = 1000;

    /// <summary>Null: there is no such folder, and nothing was touched.</summary>
    public async Task<Reconciliation?> RunAsync(FolderId id, CancellationToken cancellation)
    {
        if ((await folders.ListAsync(cancellation)).FirstOrDefault(known => known.Id == id) is not { } folder) return null;
        var fault = settings.Files.Probe(folder.Path, folder.Marker).Fault;
        if (fault != FolderFault.None) return new(id, fault, 0, 0, 0, 0, 0, 0, 0, default, 0, []);
        var rows = await CompareRowsAsync(folder, cancellation);
        var (orphans, foreign) = await CountOrphansAsync(folder, cancellation);
        var difference = await removal.RecountAsync(id, cancellation);
        return new(
            id, FolderFault.None, rows.Files + orphans.Files, rows.FileBytes + orphans.Bytes, rows.Rows, rows.RowBytes, rows.Dangling, rows.Repaired, rows.Damaged,
            orphans, foreign, difference is null ? [] : [difference]);
    }

    private async Task<Compared> CompareRowsAsync(CacheFolder folder, CancellationToken cancellation)
    {
        var compared = default(Compared);
        var lacking = new Lacking();
        string? after = null;
        do
        {
            var page = await blobs.BlobsAsync(after, PageSize, cancellation);
            foreach (var blob in page.Items.Where(blob => blob.Folder == folder.Id))
            {
                var file = settings.Listing.Look(folder.Path, blob.Name);
                compared = compared.With(blob, file);
                if (file is null && await repair.TakeOutAsync(folder, blob, lacking, cancellation)) compared = compared with { Repaired = compared.Repaired + 1 };
            }
            after = page.Next;
        }
        while (after is not null);
        return compared;
    }

    private async Task<(CleanUpCount Orphans, long Foreign)> CountOrphansAsync(CacheFolder folder, CancellationToken cancellation)
    {
        var (orphans, foreign) = (default(CleanUpCount), 0L);
        foreach (var names in settings.Listing.Names(folder.Path).Chunk(PageSize))
        {
            var ours = names.Where(name => BlobName.Parse(name) is not null).ToList();
            foreign += names.Length - ours.Count;
            var known = await blobs.KnownAsync(folder.Id, ours, cancellation);
            foreach (var name in ours.Where(name => !known.Contains(name)))
            {
                if (settings.Listing.Look(folder.Path, name) is { } file) orphans = orphans.With(1, file.Size);
            }
        }
        return (orphans, foreign);
    }

    private readonly record struct Compared(long Rows, long RowBytes, long Files, long FileBytes, long Dangling, long Repaired, long Damaged)
    {
        public Compared With(BlobRow blob, StoredFile? file)
        {
            var counted = this with { Rows = Rows + 1, RowBytes = RowBytes + blob.Size };
            if (file is null) return counted with { Dangling = Dangling + 1 };
            return counted with { Files = Files + 1, FileBytes = FileBytes + file.Size, Damaged = Damaged + (file.Size == blob.Size ? 0 : 1) };
        }
    }
}
