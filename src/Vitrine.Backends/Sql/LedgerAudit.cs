using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>Counts the rows and compares each counter with what it counts. Nothing but reads: it says what is wrong and changes nothing.</summary>
internal static class LedgerAudit
{
    public const string Collection = "collection";
    public const string Library = "library";
    public const string LibraryDerivatives = "library derivatives";
    public const string FailureGroups = "failure group of library";
    public const string PresetOfFolder = "preset of cache folder";
    public const string CacheFolder = "cache folder";
    public const string Totals = "shared and removed links";
    public const string BlobReferences = "blob references";

    /// <summary>Lines told of one kind of counter.</summary>
    private const int MaxLines = 20;

    private static readonly (string Counter, string Sql)[] Checks =
    [
        (Collection, """
            WITH i AS (SELECT collection_id AS c, count(*) AS n, count(*) FILTER (WHERE state = 1) AS ready, count(*) FILTER (WHERE state = 2) AS failed, count(*) FILTER (WHERE state = 3) AS skipped,
                              count(*) FILTER (WHERE EXISTS (SELECT 1 FROM derivatives d WHERE d.image_id = images.id)) AS cached
                       FROM images GROUP BY collection_id),
                 d AS (SELECT i.collection_id AS c, count(*) AS n, sum(b.size) AS bytes
                       FROM derivatives d JOIN images i ON i.id = d.image_id JOIN blobs b ON b.id = d.blob_id GROUP BY i.collection_id)
            SELECT c.id,
                   concat_ws('/', c.images, c.ready, c.failed, c.skipped, c.cached, c.derivatives, c.derivative_bytes) AS recorded,
                   concat_ws('/', coalesce(i.n, 0), coalesce(i.ready, 0), coalesce(i.failed, 0), coalesce(i.skipped, 0), coalesce(i.cached, 0),
                             coalesce(d.n, 0), coalesce(d.bytes, 0)) AS counted
            FROM collections c LEFT JOIN i ON i.c = c.id LEFT JOIN d ON d.c = c.id
            """),
        (Library, """
            WITH c AS (SELECT library_id AS l, count(*) FILTER (WHERE images > 0) AS n, count(reason) AS failed FROM collections GROUP BY library_id),
                 i AS (SELECT c.library_id AS l, count(*) AS n, count(*) FILTER (WHERE state = 1) AS ready, count(*) FILTER (WHERE state = 2) AS failed,
                              count(*) FILTER (WHERE state = 3) AS skipped
                       FROM images i JOIN collections c ON c.id = i.collection_id GROUP BY c.library_id),
                 m AS (SELECT i.library_id AS l, count(DISTINCT i.id) AS images, count(DISTINCT i.collection_id) AS collections
                       FROM derivatives d JOIN images i ON i.id = d.image_id GROUP BY i.library_id)
            SELECT l.id,
                   concat_ws('/', l.collections, l.images, l.ready, l.failed, l.skipped, l.failed_containers, l.cached, l.cached_collections) AS recorded,
                   concat_ws('/', coalesce(c.n, 0), coalesce(i.n, 0), coalesce(i.ready, 0), coalesce(i.failed, 0), coalesce(i.skipped, 0),
                             coalesce(c.failed, 0), coalesce(m.images, 0), coalesce(m.collections, 0)) AS counted
            FROM libraries l LEFT JOIN c ON c.l = l.id LEFT JOIN i ON i.l = l.id LEFT JOIN m ON m.l = l.id
            """),
        (LibraryDerivatives, """
            WITH d AS (SELECT c.library_id AS l, d.preset, b.content_type AS t, count(*) AS n, sum(b.size) AS bytes
                       FROM derivatives d JOIN images i ON i.id = d.image_id JOIN collections c ON c.id = i.collection_id JOIN blobs b ON b.id = d.blob_id
                       GROUP BY c.library_id, d.preset, b.content_type)
            SELECT coalesce(r.library_id, d.l), concat_ws('/', coalesce(r.count, 0), coalesce(r.bytes, 0)) AS recorded,
                   concat_ws('/', coalesce(d.n, 0), coalesce(d.bytes, 0)) AS counted
            FROM library_derivatives r FULL JOIN d ON d.l = r.library_id AND d.preset = r.preset AND d.t = r.content_type
            """),
        (FailureGroups, """
            WITH s AS (SELECT 1 AS k, library_id AS l, reason AS r, decoder AS d, ignored AS g, count(*) AS n FROM images WHERE state > 1
                       GROUP BY library_id, reason, decoder, ignored
                       UNION ALL
                       SELECT 0, library_id, reason, decoder, ignored, count(*) FROM collections WHERE reason IS NOT NULL
                       GROUP BY library_id, reason, decoder, ignored)
            SELECT coalesce(f.library_id, s.l),
                   concat_ws(' ', coalesce(f.reason, s.r), coalesce(f.decoder, s.d), coalesce(f.count, 0)) AS recorded,
                   concat_ws(' ', coalesce(f.reason, s.r), coalesce(f.decoder, s.d), coalesce(s.n, 0)) AS counted
            FROM failure_groups f
            FULL JOIN s ON s.k = f.kind AND s.l = f.library_id AND s.r = f.reason AND s.d = f.decoder AND s.g = f.ignored
            """),
        (CacheFolder, """
            WITH b AS (SELECT folder_id AS f, count(*) AS n, sum(size) AS bytes FROM blobs GROUP BY folder_id),
                 r AS (SELECT folder_id AS f, sum(bytes) AS bytes FROM reservations GROUP BY folder_id)
            SELECT f.id, concat_ws('/', f.blobs, f.bytes, f.reserved) AS recorded,
                   concat_ws('/', coalesce(b.n, 0), coalesce(b.bytes, 0), coalesce(r.bytes, 0)) AS counted
            FROM cache_folders f LEFT JOIN b ON b.f = f.id LEFT JOIN r ON r.f = f.id
            """),
        (PresetOfFolder, """
            WITH b AS (SELECT folder_id AS f, preset AS p, count(*) AS n, sum(size) AS bytes FROM blobs GROUP BY folder_id, preset),
                 r AS (SELECT folder_id AS f, preset AS p, sum(bytes) AS bytes FROM reservations WHERE preset <> '' GROUP BY folder_id, preset),
                 c AS (SELECT coalesce(b.f, r.f) AS f, coalesce(b.p, r.p) AS p, coalesce(b.n, 0) AS n, coalesce(b.bytes, 0) AS bytes, coalesce(r.bytes, 0) AS reserved
                       FROM b FULL JOIN r ON r.f = b.f AND r.p = b.p)
            SELECT coalesce(f.folder_id, c.f),
                   concat_ws(' ', coalesce(f.preset, c.p), coalesce(f.blobs, 0), coalesce(f.bytes, 0), coalesce(f.reserved, 0)) AS recorded,
                   concat_ws(' ', coalesce(f.preset, c.p), coalesce(c.n, 0), coalesce(c.bytes, 0), coalesce(c.reserved, 0)) AS counted
            FROM folder_presets f FULL JOIN c ON c.f = f.folder_id AND c.p = f.preset
            """),
        (Totals, """
            WITH d AS (SELECT blob_id AS b, count(*) - 1 AS n FROM (SELECT blob_id FROM derivatives UNION ALL SELECT blob_id FROM removed_derivatives) AS links GROUP BY blob_id)
            SELECT t.id, concat_ws('/', t.shared_links, t.shared_bytes, t.removed_links, t.removed_bytes) AS recorded,
                   (SELECT concat_ws('/', coalesce(sum(d.n), 0), coalesce(sum(d.n * b.size), 0)) FROM d JOIN blobs b ON b.id = d.b) || '/' ||
                   (SELECT concat_ws('/', count(*), coalesce(sum(b.size), 0)) FROM removed_derivatives d JOIN blobs b ON b.id = d.blob_id) AS counted
            FROM cache_totals t
            """),
        (BlobReferences, """
            WITH d AS (SELECT blob_id AS b, count(*) AS n FROM (SELECT blob_id FROM derivatives UNION ALL SELECT blob_id FROM removed_derivatives) AS links GROUP BY blob_id)
            SELECT b.id, concat_ws('/', b.refs, b.unreferenced_at IS NOT NULL) AS recorded,
                   concat_ws('/', coalesce(d.n, 0), coalesce(d.n, 0) = 0) AS counted
            FROM blobs b LEFT JOIN d ON d.b = b.id
            """),
        ("job outcomes", """
            WITH t AS (SELECT job_id AS j, count(*) AS n, count(*) FILTER (WHERE outcome = 0) AS done, count(*) FILTER (WHERE outcome = 1) AS skipped,
                              count(*) FILTER (WHERE outcome = 2) AS failed, count(*) FILTER (WHERE outcome IS NULL) AS open
                       FROM items GROUP BY job_id)
            SELECT j.id, concat_ws('/', j.total, j.completed, j.skipped, j.failed) AS recorded,
                   concat_ws('/', coalesce(t.n, 0), coalesce(t.done, 0), coalesce(t.skipped, 0),
                             coalesce(t.failed, 0) + CASE j.status WHEN 3 THEN coalesce(t.open, 0) ELSE 0 END) AS counted
            FROM jobs j LEFT JOIN t ON t.j = j.id WHERE j.pruned = 0
            UNION ALL
            SELECT j.id, concat_ws('/', j.failed), concat_ws('/', max(j.failed, coalesce(t.failed, 0))) FROM jobs j LEFT JOIN t ON t.j = j.id WHERE j.pruned = 1
            """),
        ("job arithmetic", """
            SELECT id, completed + skipped + failed + cancelled AS recorded, total AS counted FROM jobs WHERE status >= 2
            """),
        ("reservation without a lease", """
            SELECT r.token, r.bytes AS recorded, 0 AS counted FROM reservations r WHERE r.token NOT IN (SELECT token FROM batches WHERE token IS NOT NULL)
            """),
    ];

    public static Audit Make(SqlSession sql)
    {
        sql.TakeTime();
        return new(
            sql.Number("SELECT count(*) FROM images")!.Value,
            sql.Number("SELECT count(*) FROM derivatives")!.Value,
            sql.Number("SELECT count(*) FROM blobs")!.Value,
            [.. Find(sql, MaxLines).Select(counter => counter.ToString())]);
    }

    /// <summary>Counters that differ, at most so many of each kind.</summary>
    public static List<WrongCounter> Find(SqlSession sql, int limit)
    {
        sql.TakeTime();
        return [.. Checks.SelectMany(check => sql.Query(
            $"SELECT * FROM ({check.Sql}) AS compared WHERE recorded <> counted LIMIT $1",
            row => new WrongCounter(check.Counter, row.Long(0), row.Any(1), row.Any(2)), limit))];
    }
}

/// <param name="Id">Of what it counts for.</param>
internal sealed record WrongCounter(string Kind, long Id, object Recorded, object Counted)
{
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Kind} {Id}: recorded {Recorded}, counted {Counted}");
}
