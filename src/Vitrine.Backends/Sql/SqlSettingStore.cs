using Vitrine.Core.Settings;

namespace Vitrine.Backends.Sql;

internal sealed class SqlSettingStore(SqlDatabase database) : ISettingStore
{
    public Task<string?> GetAsync(string key, CancellationToken cancellation) =>
        database.ReadAsync(sql => Get(sql, key), cancellation);

    public Task SetAsync(string key, string? json, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => json is null
            ? sql.Execute("DELETE FROM settings WHERE key = $1", key)
            : sql.Execute("INSERT INTO settings (key, json) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET json = excluded.json", key, json),
            cancellation);

    public Task<string> GetOrAddAsync(string key, string json, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            sql.Execute("INSERT INTO settings (key, json) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING", key, json);
            return Get(sql, key)!;
        }, cancellation);

    private static string? Get(SqlSession sql, string key) => sql.First("SELECT json FROM settings WHERE key = $1", row => row.Text(0), key);
}
