using Vitrine.Core.Statistics;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlUsageStore(SqlDatabase database) : IUsageStore
{
    private const long HourMilliseconds = 3_600_000;
    private const long DayMilliseconds = 24 * HourMilliseconds;

    public Task AddAsync(UsageCounts counts, DateTimeOffset at, TimeSpan keep, CancellationToken cancellation) => database.WriteAsync(Lane.Bulk, sql =>
    {
        foreach (var group in counts.Counts.GroupBy(count => (count.Library, count.Preset, count.Folder))) AddHour(sql, Hour(at), group.Key.Folder.Value, Sum(group));
        foreach (var group in counts.Counts.Where(count => count.Collection != default).GroupBy(count => (count.Collection, count.Preset))) AddDay(sql, Day(at), Sum(group));
        foreach (var blob in counts.Blobs.Order()) sql.Execute("UPDATE blobs SET served = 1 WHERE id = $1 AND served = 0", blob.Value);
        BlobUses.Touch(sql, counts.Blobs.ToDictionary(blob => blob, _ => at));
        sql.Execute("DELETE FROM usage_hours WHERE hour < $1", Hour(at - keep));
        return sql.Execute("DELETE FROM usage_days WHERE day < $1", Day(at - keep));
    }, cancellation);

    public Task<IReadOnlyList<UsageSum>> SumsAsync(Grants grants, UsageQuery query, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<UsageSum>>(
        sql => [.. Sums(sql, grants, query)], cancellation);

    public Task<IReadOnlyList<UsagePoint>> SeriesAsync(Grants grants, UsageQuery query, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<UsagePoint>>(
        sql => sql.Query(
            $"""
            SELECT hour, sum(hits), sum(misses), sum(bytes) FROM usage_hours
            WHERE hour BETWEEN $1 AND $2 AND {Granted} GROUP BY hour ORDER BY hour
            """,
            row => new UsagePoint(DateTimeOffset.FromUnixTimeMilliseconds(row.Long(0) * HourMilliseconds), row.Long(1), row.Long(2), row.Long(3)),
            Hour(query.From), Hour(query.To), Filter(grants)),
        cancellation);

    public Task<bool> WasEvictedAsync(ImageId image, string preset, CancellationToken cancellation) => database.ReadAsync(
        sql => sql.Number("SELECT 1 FROM evicted_derivatives WHERE image_id = $1 AND preset = $2", image.Value, preset) is not null, cancellation);

    public Task<IReadOnlyList<NeverServed>> NeverServedAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<NeverServed>>(sql =>
    [
        .. sql.Query("SELECT id, blobs FROM cache_folders ORDER BY id", row => (Id: row.Long(0), Blobs: row.Long(1))).Select(folder => new NeverServed(
            new(folder.Id), folder.Blobs, sql.Number("SELECT count(*) FROM blobs WHERE folder_id = $1 AND served = 0", folder.Id)!.Value)),
    ], cancellation);

    /// <summary>The libraries granted, as the list $3, or NULL for all.</summary>
    private const string Granted = "(library_id IN (SELECT value FROM json_each($3)) OR $3 IS NULL)";

    private static IEnumerable<UsageSum> Sums(SqlSession sql, Grants grants, UsageQuery query)
    {
        if (query.By == UsageGroup.Collection) return OfCollections(sql, grants, query);
        var rows = sql.Query(
            $"""
            SELECT library_id, preset, folder_id, sum(hits), sum(misses), sum(bytes) FROM usage_hours
            WHERE hour BETWEEN $1 AND $2 AND {Granted} GROUP BY library_id, preset, folder_id
            """,
            row => (Folder: row.Long(2), Sum: new UsageSum("", new(row.Long(0)), row.Text(1), row.Long(3), row.Long(4), row.Long(5))),
            Hour(query.From), Hour(query.To), Filter(grants));
        return rows.Select(row => row.Sum with
        {
            Key = query.By switch
            {
                UsageGroup.Folder => new FolderId(row.Folder).ToString(),
                UsageGroup.Library => row.Sum.Library.ToString(),
                _ => row.Sum.Preset,
            },
        });
    }

    private static List<UsageSum> OfCollections(SqlSession sql, Grants grants, UsageQuery query) => sql.Query(
        $"""
        WITH most AS (SELECT collection_id FROM usage_days WHERE day BETWEEN $1 AND $2 AND {Granted}
                      GROUP BY collection_id ORDER BY sum(hits) DESC, collection_id LIMIT $4)
        SELECT u.collection_id, u.library_id, u.preset, sum(u.hits), sum(u.misses), sum(u.bytes) FROM usage_days u
        WHERE u.day BETWEEN $1 AND $2 AND u.collection_id IN (SELECT collection_id FROM most) GROUP BY u.collection_id, u.library_id, u.preset
        """,
        row => new UsageSum(new CollectionId(row.Long(0)).ToString(), new(row.Long(1)), row.Text(2), row.Long(3), row.Long(4), row.Long(5)),
        Day(query.From), Day(query.To), Filter(grants), query.Limit);

    /// <summary>A library that was removed meanwhile gets no row.</summary>
    private static void AddHour(SqlSession sql, long hour, long folder, UsageCount sum) => sql.Execute(
        """
        INSERT INTO usage_hours (hour, library_id, preset, folder_id, hits, misses, bytes) SELECT $1, id, $3, $4, $5, $6, $7 FROM libraries WHERE id = $2
        ON CONFLICT (hour, library_id, preset, folder_id) DO UPDATE SET
            hits = usage_hours.hits + excluded.hits, misses = usage_hours.misses + excluded.misses, bytes = usage_hours.bytes + excluded.bytes
        """, hour, sum.Library.Value, sum.Preset, folder, sum.Hits, sum.Misses, sum.Bytes);

    private static void AddDay(SqlSession sql, long day, UsageCount sum) => sql.Execute(
        """
        INSERT INTO usage_days (day, collection_id, library_id, preset, hits, misses, bytes) SELECT $1, $2, id, $4, $5, $6, $7 FROM libraries WHERE id = $3
        ON CONFLICT (day, collection_id, preset) DO UPDATE SET
            hits = usage_days.hits + excluded.hits, misses = usage_days.misses + excluded.misses, bytes = usage_days.bytes + excluded.bytes
        """, day, sum.Collection.Value, sum.Library.Value, sum.Preset, sum.Hits, sum.Misses, sum.Bytes);

    private static UsageCount Sum(IEnumerable<UsageCount> counts) => counts.Aggregate((one, other) => one with
    {
        Hits = one.Hits + other.Hits, Misses = one.Misses + other.Misses, Bytes = one.Bytes + other.Bytes,
    });

    private static string? Filter(Grants grants) => grants.IsAll ? null : SqlSession.List(grants.Libraries.Select(library => library.Value));

    private static long Hour(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / HourMilliseconds;

    private static long Day(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / DayMilliseconds;
}
