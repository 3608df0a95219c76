using System.Globalization;
using Vitrine.Core;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;

namespace Vitrine.Backends.Sql;

internal sealed class SqlWatchStore(SqlDatabase database, TimeProvider time) : IWatchStore
{
    public async Task<Page<WatchedContainer>> ContainersAsync(LibraryId library, string? after, int limit, CancellationToken cancellation)
    {
        var page = await database.ReadAsync(sql => Cursor.Page(
            sql.Query("SELECT id, kind, path, size, stamp, inode FROM collections WHERE library_id = $1 AND id > $2 ORDER BY id LIMIT $3", Map,
                library.Value, Cursor.Number(after), limit),
            limit, last => last.Id.ToString(CultureInfo.InvariantCulture)), cancellation);
        return new([.. page.Items.Select(row => row.Container)], page.Next);
    }

    public Task<int> NoteAsync(LibraryId library, IReadOnlyCollection<SourcePath> places, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Bulk, sql => places.Sum(place => Note(sql, library.Value, place)), cancellation);

    public Task<IReadOnlyList<CollectionId>> ToRevisitAsync(LibraryId library, DateTimeOffset dueBy, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<CollectionId>>(sql => sql.Query(
            "SELECT id FROM collections WHERE library_id = $1 AND revisit = 1 AND revisit_at <= $2 ORDER BY revisit_at LIMIT $3",
            row => new CollectionId(row.Long(0)), library.Value, dueBy, limit), cancellation);

    private int Note(SqlSession sql, long library, SourcePath place)
    {
        for (SourcePath? at = place; at is { } path; at = path.Parent)
        {
            if (sql.Number("SELECT id FROM collections WHERE library_id = $1 AND path = $2", library, path.Bytes) is { } id)
                return CollectionRows.NoteForRevisitNow(sql, id, time.GetUtcNow()) ? 1 : 0;
        }
        return 0;
    }

    private static (long Id, WatchedContainer Container) Map(Row row) => (
        row.Long(0), new((ContainerKind)row.Int(1), SourcePath.FromBytes(row.Bytes(2)), row.IsNull(3) ? null : row.Version(3)));
}
