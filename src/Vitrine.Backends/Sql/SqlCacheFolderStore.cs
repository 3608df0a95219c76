using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

internal sealed class SqlCacheFolderStore(SqlDatabase database) : ICacheFolderStore
{
    private const string Select =
        "SELECT id, path, marker, priority, limit_bytes, floor_bytes, presets, active, blobs, bytes, reserved, draining FROM cache_folders";

    public Task<CacheFolder?> AddAsync(NewCacheFolder folder, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            var id = sql.Number(
                """
                INSERT INTO cache_folders (path, marker, priority, limit_bytes, floor_bytes, presets) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT DO NOTHING RETURNING id
                """, folder.Path, folder.Marker.ToString("D"), folder.Priority, folder.LimitBytes, folder.FloorBytes, SqlSession.List(folder.Presets));
            if (id is null) return null;
            SetBudgets(sql, id.Value, folder.Budgets);
            return List(sql).Single(added => added.Id.Value == id);
        }, cancellation);

    public Task<IReadOnlyList<CacheFolder>> ListAsync(CancellationToken cancellation) => database.ReadAsync(List, cancellation);

    public Task<ThumbnailsOwed> OwedAsync(CancellationToken cancellation) => database.ReadAsync(sql =>
    {
        var owing = LibraryRows.List(sql).Where(library => library.Settings.Presets.Contains(Preset.Thumbnail.Name)).Select(library => library.Counters).ToList();
        var made = owing.Select(counters => counters.Derivatives.GetValueOrDefault(Preset.Thumbnail.Name) ?? new(0, 0)).ToList();
        return new ThumbnailsOwed(owing.Sum(c => c.Images - c.Ready - c.Failed - c.Skipped), made.Sum(m => m.Count), made.Sum(m => m.Bytes));
    }, cancellation);

    public Task<bool> UpdateAsync(FolderId id, NewCacheFolder changed, bool active, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            var known = sql.Execute(
                """
                UPDATE cache_folders SET priority = $2, limit_bytes = $3, floor_bytes = $4, presets = $5, active = $6, draining = $7,
                    path = CASE $8 WHEN '' THEN path ELSE $8 END
                WHERE id = $1
                """, id.Value, changed.Priority, changed.LimitBytes, changed.FloorBytes, SqlSession.List(changed.Presets), active, changed.Draining, changed.Path) > 0;
            if (known) SetBudgets(sql, id.Value, changed.Budgets);
            return known;
        }, cancellation);

    public Task<bool> RemoveAsync(FolderId id, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            // Reservations that are used up keep their row until their lease ends, and what is reserved comes first.
            if (sql.Number("SELECT 1 FROM cache_folders WHERE id = $1 AND blobs = 0 AND reserved = 0", id.Value) is null) return false;
            sql.Execute("DELETE FROM reservations WHERE folder_id = $1", id.Value);
            return sql.Execute("DELETE FROM cache_folders WHERE id = $1", id.Value) > 0;
        }, cancellation);

    public Task<bool> ReserveAsync(LeaseToken lease, RoomWanted room, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(room.Bytes);
        return database.WriteAsync(Lane.Bulk, sql =>
            sql.Number("SELECT 1 FROM batches WHERE token = $1", lease.Value) is not null
            && FolderRoom.Reserve(sql, lease.Value, room.Folder.Value, room.Budget, room.Bytes), cancellation);
    }

    private static IReadOnlyList<CacheFolder> List(SqlSession sql)
    {
        var uses = sql.Query("SELECT folder_id, preset, blobs, bytes, reserved, budget FROM folder_presets ORDER BY folder_id, preset",
            row => (Folder: row.Long(0), Use: new PresetUse(row.Text(1), row.Long(2), row.Long(3), row.Long(4), row.LongOrNull(5)))).ToLookup(use => use.Folder, use => use.Use);
        return sql.Query($"{Select} ORDER BY priority DESC, id", row => Map(row, [.. uses[row.Long(0)]]));
    }

    private static void SetBudgets(SqlSession sql, long folder, IReadOnlyDictionary<string, long>? budgets)
    {
        if (budgets is null) return;
        sql.Execute("UPDATE folder_presets SET budget = NULL WHERE folder_id = $1", folder);
        foreach (var (preset, bytes) in budgets) FolderRoom.SetBudget(sql, folder, preset, bytes);
    }

    private static CacheFolder Map(Row row, PresetUse[] uses) => new(
        new(row.Long(0)), row.Text(1), Guid.Parse(row.Text(2)), row.Int(3), row.Long(4), row.Long(5), row.Texts(6), row.Bool(7),
        row.Long(8), row.Long(9), row.Long(10), row.Bool(11), uses);
}
