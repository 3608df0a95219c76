using System.Globalization;
using Vitrine.Core;
using Vitrine.Core.CacheFolders;

namespace Vitrine.Backends.Sql;

internal sealed class SqlBlobStore(SqlDatabase database) : IBlobStore, IBlobUse
{
    public const string Select = "SELECT id, folder_id, name, size, hash, refs, content_type FROM blobs";

    public Task<Page<BlobRow>> BlobsAsync(string? after, int limit, CancellationToken cancellation)
    {
        var start = Cursor.Number(after);
        return database.ReadAsync(sql => Cursor.Page(
            sql.Query($"{Select} WHERE id > $1 ORDER BY id LIMIT $2", Map, start, limit),
            limit, last => last.Id.Value.ToString(CultureInfo.InvariantCulture)), cancellation);
    }

    public Task<Page<BlobRow>> WrittenSinceAsync(DateTimeOffset since, string? after, int limit, CancellationToken cancellation)
    {
        var start = Cursor.Number(after);
        return database.ReadAsync(sql => Cursor.Page(
            sql.Query($"{Select} WHERE id > $1 AND written_at >= $2 ORDER BY id LIMIT $3", Map, start, since, limit),
            limit, last => last.Id.Value.ToString(CultureInfo.InvariantCulture)), cancellation);
    }

    public Task<IReadOnlySet<string>> KnownAsync(FolderId folder, IReadOnlyCollection<string> names, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlySet<string>>(sql => sql.Query(
            "SELECT name FROM blobs WHERE folder_id = $1 AND name IN (SELECT value FROM json_each($2, '$'))",
            row => row.Text(0), folder.Value, SqlSession.List(names)).ToHashSet(), cancellation);

    /// <summary>The columns of <see cref="Select"/>.</summary>
    public static BlobRow Map(Row row) => new(
        new(row.Long(0)), new(row.Long(1)), row.Text(2), row.Long(3), row.Hex(4), row.Int(5), row.Text(6));

    public Task TouchAsync(IReadOnlyDictionary<BlobId, DateTimeOffset> uses, CancellationToken cancellation) =>
        uses.Count == 0 ? Task.CompletedTask : database.WriteAsync(Lane.Bulk, sql =>
        {
            BlobUses.Touch(sql, uses);
            return true;
        }, cancellation);
}
