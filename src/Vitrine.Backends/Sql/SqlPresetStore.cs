using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Sql;

internal sealed class SqlPresetStore(SqlDatabase database, TimeProvider time) : IPresetStore
{
    public Task<IReadOnlyList<Preset>> ListAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<Preset>>(PresetRows.All, cancellation);

    public Task<bool> AddAsync(Preset preset, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql => sql.Execute(
        "INSERT INTO presets (name, max_edge, format, quality, keep_frames, recipe) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING",
        preset.Name, preset.MaxEdge, preset.Format, preset.Quality, preset.KeepFrames, preset.Recipe) > 0, cancellation);

    public Task<bool> ChangeAsync(Preset preset, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql => sql.Execute(
        "UPDATE presets SET max_edge = $2, format = $3, quality = $4, keep_frames = $5, recipe = $6 WHERE name = $1 AND retired_at IS NULL",
        preset.Name, preset.MaxEdge, preset.Format, preset.Quality, preset.KeepFrames, preset.Recipe) > 0, cancellation);

    public Task<bool> RetireAsync(string name, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql => sql.Execute(
        "UPDATE presets SET retired_at = $2 WHERE name = $1 AND retired_at IS NULL", name, time.GetUtcNow()) > 0, cancellation);

    public async Task<int> DropRetiredAsync(int limit, CancellationToken cancellation)
    {
        // Nearly always nothing: a read, and no turn of the writer.
        if (await database.ReadAsync(sql => Retired(sql).Count == 0, cancellation)) return 0;
        return await database.WriteAsync(Lane.Bulk, sql => Drop(sql, limit), cancellation);
    }

    private int Drop(SqlSession sql, int limit)
    {
        var (dropped, counters, now) = (0, new Counters(), time.GetUtcNow());
        foreach (var preset in Retired(sql))
        {
            var images = sql.Query("SELECT image_id FROM derivatives WHERE preset = $1 ORDER BY image_id LIMIT $2", row => row.Long(0), preset, limit - dropped);
            foreach (var image in images) Links.Drop(sql, ImageRows.Get(sql, image)!, preset, counters, now);
            dropped += images.Count;
            var removed = sql.Query("SELECT image_id FROM removed_derivatives WHERE preset = $1 ORDER BY image_id LIMIT $2", row => row.Long(0), preset, limit - dropped);
            foreach (var image in removed) Links.DropRemoved(sql, image, preset, counters, now);
            dropped += removed.Count;
            if (dropped >= limit) break;
            sql.Execute("DELETE FROM presets WHERE name = $1", preset);
        }
        counters.Write(sql);
        return dropped;
    }

    private static List<string> Retired(SqlSession sql) => sql.Query("SELECT name FROM presets WHERE retired_at IS NOT NULL ORDER BY name", row => row.Text(0));
}
