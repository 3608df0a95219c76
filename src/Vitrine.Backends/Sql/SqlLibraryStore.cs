using Vitrine.Core;
using System.Text;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlLibraryStore(SqlDatabase database, TimeProvider time) : ILibraryStore, ITrashStore
{
    public Task<Library?> AddAsync(NewLibrary library, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => Add(sql, library), cancellation);

    public Task<IReadOnlyList<Library>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<Library>>(LibraryRows.List, cancellation);

    public Task<bool> UpdateAsync(LibraryId id, NewLibrary changed, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            var updated = sql.Execute(
                """
                UPDATE libraries SET name = $2, root = $3, settings = $4, mount_source = $5, mount_type = $6,
                    mount_number = mount_number + CASE WHEN root <> $3 OR mount_source <> $5 OR mount_type <> $6 THEN 1 ELSE 0 END
                WHERE id = $1 AND removed = 0
                """,
                id.Value, changed.Name, changed.Root, LibraryRows.Json(changed.Settings), changed.Mount.Source, changed.Mount.FileSystemType) > 0;
            if (updated)
            {
                sql.Execute("UPDATE collections SET name = $2, search = $3, sort_key = $4 WHERE library_id = $1 AND path = $5",
                    id.Value, changed.Name, CollectionRows.Search(SourcePath.Root, changed.Name), RootSortKey(changed.Name), SourcePath.Root.Bytes);
            }
            return updated;
        }, cancellation);

    public Task<bool> RemoveAsync(LibraryId id, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => LibraryRemoval.Mark(sql, id.Value, time.GetUtcNow()), cancellation);

    public Task<bool> SweepRemovedAsync(int limit, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Bulk, sql => LibraryRemoval.Sweep(sql, limit, time.GetUtcNow()), cancellation);

    public Task<bool> ForgetRemovedAsync(DateTimeOffset before, int limit, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Bulk, sql => Trash.Forget(sql, before, limit, time.GetUtcNow()) > 0, cancellation);

    public Task<Page<RemovedImage>?> ListAsync(Grants grants, LibraryId library, string? after, int limit, CancellationToken cancellation)
    {
        var start = Cursor.Number(after);
        return database.ReadAsync(
            sql => grants.Allows(library) && LibraryRows.List(sql).Any(known => known.Id == library)
                ? Cursor.Page(Trash.List(sql, library.Value, start, limit), limit, last => last.Id.ToString())
                : null,
            cancellation);
    }

    public Task<int> ForgetAsync(LibraryId library, int limit, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Bulk, sql => Trash.ForgetLibrary(sql, library.Value, limit, time.GetUtcNow()), cancellation);

    public Task<IReadOnlyList<KnownDirectory>> DirectoriesAsync(IReadOnlyCollection<CollectionId> directories, bool below, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<KnownDirectory>>(sql => DirectoryRows.Known(sql, directories, below), cancellation);

    public Task<ScanAnswer> ApplyAsync(Lease scan, ScanStep step, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Bulk, sql => Apply(sql, scan, step), cancellation);

    private Library? Add(SqlSession sql, NewLibrary library)
    {
        if (sql.Query("SELECT root FROM libraries WHERE removed = 0", row => row.Text(0)).Exists(root => Overlap(root, library.Root))) return null;
        var now = time.GetUtcNow();
        var id = sql.Number(
            "INSERT INTO libraries (name, root, settings, mount_source, mount_type, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
            library.Name, library.Root, LibraryRows.Json(library.Settings), library.Mount.Source, library.Mount.FileSystemType, now)!.Value;
        CollectionRows.InsertRoot(sql, id, library.Name, RootSortKey(library.Name), now);
        return LibraryRows.List(sql).Find(l => l.Id.Value == id);
    }

    private ScanAnswer Apply(SqlSession sql, Lease scan, ScanStep step)
    {
        var refused = new ScanAnswer(false, [], [], 0, 0, 0);
        var batch = BatchRows.OfToken(sql, scan.Token);
        if (batch?.Job is not { } job || batch.Collection != step.Container.Value || JobRows.Get(sql, job) is not { IsOver: false } running) return refused;
        // A directory that another step has found at a new place was listed at its old one: whoever leases it next lists the new one.
        return CollectionRows.Get(sql, batch.Collection) is { } container && container.Path == scan.Path
            ? new ScanChange(new(sql, running, container, step, time.GetUtcNow())).Apply()
            : refused;
    }

    private static bool Overlap(string one, string other) =>
        $"{one.TrimEnd('/')}/".StartsWith($"{other.TrimEnd('/')}/", StringComparison.Ordinal)
        || $"{other.TrimEnd('/')}/".StartsWith($"{one.TrimEnd('/')}/", StringComparison.Ordinal);

    private static byte[] RootSortKey(string name) => Encoding.UTF8.GetBytes(name.ToLowerInvariant());
}
