using System.Text;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

internal sealed class SqlLibraryStore(SqlDatabase database, TimeProvider time) : ILibraryStore
{
    public Task<Library?> AddAsync(NewLibrary library, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => Add(sql, library), cancellation);

    public Task<IReadOnlyList<Library>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<Library>>(LibraryRows.List, cancellation);

    public Task<bool> UpdateAsync(LibraryId id, NewLibrary changed, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            var updated = sql.Execute(
                "UPDATE libraries SET name = $2, root = $3, settings = $4, mount_source = $5, mount_type = $6 WHERE id = $1",
                id.Value, changed.Name, changed.Root, LibraryRows.Json(changed.Settings), changed.Mount.Source, changed.Mount.FileSystemType) > 0;
            if (updated)
            {
                sql.Execute("UPDATE collections SET name = $2, search = $3, sort_key = $4 WHERE library_id = $1 AND path = x''",
                    id.Value, changed.Name, CollectionRows.Search(SourcePath.Root, changed.Name), RootSortKey(changed.Name));
            }
            return updated;
        }, cancellation);

    public Task<bool> RemoveAsync(LibraryId id, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => Remove(sql, id.Value), cancellation);

    public Task<ScanAnswer> ApplyAsync(Lease scan, ScanStep step, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Bulk, sql => Apply(sql, scan, step), cancellation);

    public Task<IReadOnlyList<CollectionId>> ToRevisitAsync(LibraryId library, DateTimeOffset dueBy, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<CollectionId>>(sql => sql.Query(
            "SELECT id FROM collections WHERE library_id = $1 AND revisit = 1 AND revisit_at <= $2 ORDER BY revisit_at LIMIT $3",
            row => new CollectionId(row.Long(0)), library.Value, dueBy, limit), cancellation);

    private Library? Add(SqlSession sql, NewLibrary library)
    {
        if (sql.Query("SELECT root FROM libraries", row => row.Text(0)).Exists(root => Overlap(root, library.Root))) return null;
        var now = time.GetUtcNow();
        var id = sql.Number(
            "INSERT INTO libraries (name, root, settings, mount_source, mount_type, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
            library.Name, library.Root, LibraryRows.Json(library.Settings), library.Mount.Source, library.Mount.FileSystemType, now)!.Value;
        CollectionRows.Insert(sql, id, null, ContainerKind.Directory, SourcePath.Root, library.Name, RootSortKey(library.Name), now);
        return LibraryRows.List(sql).Find(l => l.Id.Value == id);
    }

    private ScanAnswer Apply(SqlSession sql, Lease scan, ScanStep step)
    {
        var refused = new ScanAnswer(false, [], [], 0, 0, 0);
        var batch = BatchRows.OfToken(sql, scan.Token);
        if (batch?.Job is not { } job || batch.Collection != step.Container.Value || JobRows.Get(sql, job) is not { IsOver: false } running) return refused;
        return CollectionRows.Get(sql, batch.Collection) is { } container
            ? new ScanChange(sql, running, container, step, time.GetUtcNow()).Apply()
            : refused;
    }

    /// <summary>By whole tables, not row by row: a library may have millions of images.</summary>
    private bool Remove(SqlSession sql, long id)
    {
        var now = time.GetUtcNow();
        foreach (var job in sql.Query("SELECT id FROM jobs WHERE library_id = $1 AND status < 2", row => row.Long(0), id)) JobRows.Cancel(sql, job, now);
        foreach (var batch in sql.Query("SELECT id FROM batches WHERE library_id = $1 AND state < 3", row => row.Long(0), id))
        {
            BatchRows.Close(sql, BatchRows.Get(sql, batch)!);
        }
        sql.Execute(
            """
            UPDATE blobs SET refs = refs - gone.n, unreferenced_at = CASE refs - gone.n WHEN 0 THEN $2 END
            FROM (SELECT d.blob_id AS id, count(*) AS n FROM images i JOIN derivatives d ON d.image_id = i.id WHERE i.library_id = $1 GROUP BY d.blob_id) AS gone
            WHERE blobs.id = gone.id
            """, id, now);
        sql.Execute("DELETE FROM derivatives WHERE image_id IN (SELECT id FROM images WHERE library_id = $1)", id);
        sql.Execute("DELETE FROM images WHERE library_id = $1", id);
        sql.Execute("UPDATE collections SET parent_id = NULL WHERE library_id = $1", id);
        sql.Execute("DELETE FROM collections WHERE library_id = $1", id);
        return sql.Execute("DELETE FROM libraries WHERE id = $1", id) > 0;
    }

    private static bool Overlap(string one, string other) =>
        $"{one.TrimEnd('/')}/".StartsWith($"{other.TrimEnd('/')}/", StringComparison.Ordinal)
        || $"{other.TrimEnd('/')}/".StartsWith($"{one.TrimEnd('/')}/", StringComparison.Ordinal);

    private static byte[] RootSortKey(string name) => Encoding.UTF8.GetBytes(name.ToLowerInvariant());
}
