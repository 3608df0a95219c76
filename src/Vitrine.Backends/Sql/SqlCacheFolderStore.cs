using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

internal sealed class SqlCacheFolderStore(SqlDatabase database) : ICacheFolderStore
{
    private const string Select =
        "SELECT id, path, marker, priority, limit_bytes, floor_bytes, presets, active, blobs, bytes, reserved FROM cache_folders";

    public Task<CacheFolder?> AddAsync(NewCacheFolder folder, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            var id = sql.Number(
                """
                INSERT INTO cache_folders (path, marker, priority, limit_bytes, floor_bytes, presets) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT DO NOTHING RETURNING id
                """, folder.Path, folder.Marker.ToString("D"), folder.Priority, folder.LimitBytes, folder.FloorBytes, SqlSession.List(folder.Presets));
            return id is null ? null : sql.First($"{Select} WHERE id = $1", Map, id);
        }, cancellation);

    public Task<IReadOnlyList<CacheFolder>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<CacheFolder>>(sql => sql.Query($"{Select} ORDER BY priority DESC, id", Map), cancellation);

    public Task<bool> UpdateAsync(FolderId id, NewCacheFolder changed, bool active, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => sql.Execute(
            "UPDATE cache_folders SET priority = $2, limit_bytes = $3, floor_bytes = $4, presets = $5, active = $6 WHERE id = $1",
            id.Value, changed.Priority, changed.LimitBytes, changed.FloorBytes, SqlSession.List(changed.Presets), active) > 0, cancellation);

    public Task<bool> ReserveAsync(LeaseToken lease, FolderId folder, long bytes, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        return database.WriteAsync(Lane.Bulk, sql =>
        {
            if (sql.Number("SELECT 1 FROM batches WHERE token = $1", lease.Value) is null) return false;
            var taken = sql.Execute("UPDATE cache_folders SET reserved = reserved + $2 WHERE id = $1 AND active = 1 AND bytes + reserved + $2 <= limit_bytes",
                folder.Value, bytes) > 0;
            if (!taken) return false;
            sql.Execute(
                """
                INSERT INTO reservations (token, folder_id, bytes) VALUES ($1, $2, $3)
                ON CONFLICT (token, folder_id) DO UPDATE SET bytes = bytes + excluded.bytes
                """, lease.Value, folder.Value, bytes);
            return true;
        }, cancellation);
    }

    private static CacheFolder Map(Row row) => new(
        new(row.Long(0)), row.Text(1), Guid.Parse(row.Text(2)), row.Int(3), row.Long(4), row.Long(5), row.Texts(6), row.Bool(7),
        row.Long(8), row.Long(9), row.Long(10));
}
