using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Sql;

internal sealed class SqlBlobRemoval(SqlDatabase database, TimeProvider time) : IBlobRemoval
{
    public Task<Page<BlobRow>> UnreferencedAsync(FolderId folder, DateTimeOffset before, string? after, int limit, CancellationToken cancellation)
    {
        var (since, id) = Cursor.Pair(after);
        return database.ReadAsync(sql =>
        {
            var found = sql.Query(
                """
                SELECT id, folder_id, name, size, hash, refs, content_type, unreferenced_at FROM blobs
                WHERE folder_id = $1 AND unreferenced_at < $2 AND (unreferenced_at, id) > ($3, $4) ORDER BY unreferenced_at, id LIMIT $5
                """, row => (Blob: SqlBlobStore.Map(row), Since: row.Long(7)), folder.Value, before, since, id, limit);
            var next = found.Count < limit ? null : Cursor.Of(found[^1].Since, found[^1].Blob.Id.Value);
            return new Page<BlobRow>([.. found.Select(f => f.Blob)], next);
        }, cancellation);
    }

    public Task<IReadOnlyList<BlobFile>> RemoveUnreferencedAsync(
        FolderId folder, IReadOnlyCollection<BlobId> blobs, DateTimeOffset before, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlyList<BlobFile>>(Lane.Bulk, sql =>
        {
            var removed = sql.Query(
                """
                DELETE FROM blobs WHERE id IN (SELECT value FROM json_each($2)) AND folder_id = $1 AND refs = 0 AND unreferenced_at < $3
                RETURNING name, size, hash, preset
                """, row => (File: new BlobFile(folder, row.Text(0), row.Long(1), row.Hex(2)), Preset: row.Text(3)), folder.Value, SqlSession.List(blobs.Select(blob => blob.Value)), before);
            foreach (var preset in removed.GroupBy(blob => blob.Preset)) FolderRoom.Count(sql, folder.Value, preset.Key, -preset.Count(), -preset.Sum(blob => blob.File.Size));
            return [.. removed.Select(blob => blob.File)];
        }, cancellation);

    public Task<TakenOut> TakeOutAsync(BlobRow blob, CancellationToken cancellation) => database.WriteAsync(Lane.Bulk, sql =>
    {
        var row = sql.First($"{SqlBlobStore.Select} WHERE id = $1", found => SqlBlobStore.Map(found), blob.Id.Value);
        return row is null || row.Folder != blob.Folder || row.Name != blob.Name ? new TakenOut(TakeOutEnd.Other, []) : TakeOut(sql, row);
    }, cancellation);

    public Task<string?> RecountAsync(FolderId folder, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Bulk, sql => Recount.Folder(sql, folder.Value), cancellation);

    public Task<IReadOnlyList<string>> RecountAsync(int limit, CancellationToken cancellation) =>
        new Recount(database).RunAsync(limit, time.GetUtcNow(), cancellation);

    private TakenOut TakeOut(SqlSession sql, BlobRow blob)
    {
        var now = time.GetUtcNow();
        var links = sql.Query(
            """
            SELECT d.image_id, d.preset, i.library_id FROM derivatives d JOIN images i ON i.id = d.image_id WHERE d.blob_id = $1 ORDER BY d.image_id LIMIT $2
            """, row => new LackingImage(new(row.Long(2)), new(row.Long(0)), row.Text(1)), blob.Id.Value, IBlobRemoval.MaxLinks);
        var counters = new Counters();
        foreach (var link in links) Links.Drop(sql, ImageRows.Get(sql, link.Image.Value)!, link.Preset, counters, now);
        DropFromTrash(sql, blob.Id.Value, IBlobRemoval.MaxLinks - links.Count, counters, now);
        counters.Write(sql);
        if (sql.First("DELETE FROM blobs WHERE id = $1 AND refs = 0 RETURNING preset", row => row.Text(0), blob.Id.Value) is not { } preset) return new(TakeOutEnd.More, links);
        FolderRoom.Count(sql, blob.Folder.Value, preset, -1, -blob.Size);
        return new(TakeOutEnd.Removed, links);
    }

    /// <summary>What waits in the trash would come back with a picture that is no good.</summary>
    private static void DropFromTrash(SqlSession sql, long blob, int limit, Counters counters, DateTimeOffset now)
    {
        var links = sql.Query(
            "SELECT image_id, preset FROM removed_derivatives WHERE blob_id = $1 LIMIT $2", row => (Image: row.Long(0), Preset: row.Text(1)), blob, limit);
        foreach (var (image, preset) in links) Links.DropRemoved(sql, image, preset, counters, now);
    }
}
