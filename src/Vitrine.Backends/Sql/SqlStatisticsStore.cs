using Vitrine.Core.Jobs;
using Vitrine.Core.Statistics;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlStatisticsStore(SqlDatabase database) : IStatisticsStore
{
    public Task<CacheStatistics> ReadAsync(Grants grants, CancellationToken cancellation) => database.ReadAsync(sql =>
    {
        var derivatives = sql.Query(
            "SELECT library_id, preset, content_type, count, bytes FROM library_derivatives WHERE count > 0 ORDER BY library_id, preset, content_type",
            row => (Library: row.Long(0), Derivatives: new DerivativeStatistics(row.Text(1), row.Text(2), row.Long(3), row.Long(4)))).ToLookup(d => d.Library, d => d.Derivatives);
        var libraries = sql.Query(
            "SELECT id, name, images, cached, collections, cached_collections FROM libraries WHERE removed = 0 ORDER BY name, id",
            row => new LibraryStatistics(new(row.Long(0)), row.Text(1), row.Long(2), row.Long(3), row.Long(4), row.Long(5), [.. derivatives[row.Long(0)]]));
        return grants.IsAll
            ? new CacheStatistics(libraries, Folders(sql), Totals(sql))
            : new(libraries.FindAll(library => grants.Allows(library.Id)), [], null);
    }, cancellation);

    public Task<IReadOnlyList<PresetCost>> CostsAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<PresetCost>>(sql => sql.Query(
        "SELECT library_id, preset, made, cpu_us FROM preset_costs ORDER BY library_id, preset",
        row => new PresetCost(new(row.Long(0)), row.Text(1), row.Long(2), TimeSpan.FromMicroseconds(row.Long(3)))), cancellation);

    public Task<Drawing> DrawAsync(JobScope scope, int most, CancellationToken cancellation) =>
        database.ReadAsync(sql => ImageDrawing.Draw(sql, scope, most), cancellation);

    private static List<FolderFiles> Folders(SqlSession sql) => sql.Query(
        "SELECT id, blobs, bytes FROM cache_folders ORDER BY priority DESC, id", row => new FolderFiles(new(row.Long(0)), row.Long(1), row.Long(2)));

    private static CacheTotals Totals(SqlSession sql) => sql.First(
        "SELECT shared_links, shared_bytes, removed_links, removed_bytes FROM cache_totals WHERE id = 1",
        row => new CacheTotals(row.Long(0), row.Long(1), row.Long(2), row.Long(3)))!;
}
