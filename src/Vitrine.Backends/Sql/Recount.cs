namespace Vitrine.Backends.Sql;

/// <summary>
/// Counters that differ from their rows, counted anew: found in a read that changes nothing, then set one by one, each in a transaction of its own, from the rows
/// as they are in that moment. What jobs counted is history and stays.
/// </summary>
internal sealed class Recount(SqlDatabase database)
{
    private static readonly Dictionary<string, string[]> Repairs = new Dictionary<string, string[]>
    {
        [LedgerAudit.Collection] =
        [
            """
            UPDATE collections SET
                images = (SELECT count(*) FROM images i WHERE i.collection_id = $1),
                ready = (SELECT count(*) FROM images i WHERE i.collection_id = $1 AND i.state = 1),
                failed = (SELECT count(*) FROM images i WHERE i.collection_id = $1 AND i.state = 2),
                skipped = (SELECT count(*) FROM images i WHERE i.collection_id = $1 AND i.state = 3),
                cached = (SELECT count(*) FROM images i WHERE i.collection_id = $1 AND EXISTS (SELECT 1 FROM derivatives d WHERE d.image_id = i.id)),
                derivatives = (SELECT count(*) FROM images i JOIN derivatives d ON d.image_id = i.id WHERE i.collection_id = $1),
                derivative_bytes = (SELECT coalesce(sum(b.size), 0) FROM images i JOIN derivatives d ON d.image_id = i.id JOIN blobs b ON b.id = d.blob_id
                                    WHERE i.collection_id = $1)
            WHERE id = $1
            """,
        ],
        [LedgerAudit.Library] =
        [
            """
            UPDATE libraries SET
                collections = (SELECT count(*) FROM collections c WHERE c.library_id = $1 AND c.images > 0),
                images = (SELECT count(*) FROM images i WHERE i.library_id = $1),
                ready = (SELECT count(*) FROM images i WHERE i.library_id = $1 AND i.state = 1),
                failed = (SELECT count(*) FROM images i WHERE i.library_id = $1 AND i.state = 2),
                skipped = (SELECT count(*) FROM images i WHERE i.library_id = $1 AND i.state = 3),
                failed_containers = (SELECT count(*) FROM collections c WHERE c.library_id = $1 AND c.reason IS NOT NULL),
                cached = (SELECT count(*) FROM images i WHERE i.library_id = $1 AND EXISTS (SELECT 1 FROM derivatives d WHERE d.image_id = i.id)),
                cached_collections = (SELECT count(DISTINCT i.collection_id) FROM images i JOIN derivatives d ON d.image_id = i.id WHERE i.library_id = $1)
            WHERE id = $1
            """,
        ],
        [LedgerAudit.LibraryDerivatives] =
        [
            "DELETE FROM library_derivatives WHERE library_id = $1",
            """
            INSERT INTO library_derivatives (library_id, preset, content_type, count, bytes)
            SELECT i.library_id, d.preset, b.content_type, count(*), sum(b.size)
            FROM images i JOIN derivatives d ON d.image_id = i.id JOIN blobs b ON b.id = d.blob_id
            WHERE i.library_id = $1 GROUP BY i.library_id, d.preset, b.content_type
            """,
        ],
        [LedgerAudit.FailureGroups] =
        [
            "DELETE FROM failure_groups WHERE library_id = $1",
            """
            INSERT INTO failure_groups (kind, library_id, reason, decoder, ignored, count)
            SELECT 1, library_id, reason, decoder, ignored, count(*) FROM images WHERE library_id = $1 AND state > 1 GROUP BY library_id, reason, decoder, ignored
            """,
            """
            INSERT INTO failure_groups (kind, library_id, reason, decoder, ignored, count)
            SELECT 0, library_id, reason, decoder, ignored, count(*) FROM collections WHERE library_id = $1 AND reason IS NOT NULL
            GROUP BY library_id, reason, decoder, ignored
            """,
        ],
        [LedgerAudit.CacheFolder] =
        [
            """
            UPDATE cache_folders SET
                blobs = (SELECT count(*) FROM blobs b WHERE b.folder_id = $1),
                bytes = (SELECT coalesce(sum(b.size), 0) FROM blobs b WHERE b.folder_id = $1),
                reserved = (SELECT coalesce(sum(r.bytes), 0) FROM reservations r WHERE r.folder_id = $1)
            WHERE id = $1
            """,
        ],
        [LedgerAudit.PresetOfFolder] =
        [
            """
            UPDATE folder_presets SET
                blobs = (SELECT count(*) FROM blobs b WHERE b.folder_id = $1 AND b.preset = folder_presets.preset),
                bytes = (SELECT coalesce(sum(b.size), 0) FROM blobs b WHERE b.folder_id = $1 AND b.preset = folder_presets.preset),
                reserved = (SELECT coalesce(sum(r.bytes), 0) FROM reservations r WHERE r.folder_id = $1 AND r.preset = folder_presets.preset)
            WHERE folder_id = $1
            """,
            """
            INSERT INTO folder_presets (folder_id, preset, blobs, bytes)
            SELECT folder_id, preset, count(*), sum(size) FROM blobs WHERE folder_id = $1 GROUP BY folder_id, preset
            ON CONFLICT (folder_id, preset) DO NOTHING
            """,
        ],
        [LedgerAudit.Totals] =
        [
            """
            WITH d AS (SELECT blob_id AS b, count(*) - 1 AS n FROM (SELECT blob_id FROM derivatives UNION ALL SELECT blob_id FROM removed_derivatives) AS links GROUP BY blob_id)
            UPDATE cache_totals SET
                shared_links = (SELECT coalesce(sum(d.n), 0) FROM d),
                shared_bytes = (SELECT coalesce(sum(d.n * b.size), 0) FROM d JOIN blobs b ON b.id = d.b),
                removed_links = (SELECT count(*) FROM removed_derivatives),
                removed_bytes = (SELECT coalesce(sum(b.size), 0) FROM removed_derivatives d JOIN blobs b ON b.id = d.blob_id)
            WHERE id = $1
            """,
        ],
        [LedgerAudit.BlobReferences] =
        [
            """
            UPDATE blobs SET refs = (SELECT count(*) FROM derivatives d WHERE d.blob_id = $1) + (SELECT count(*) FROM removed_derivatives r WHERE r.blob_id = $1)
            WHERE id = $1
            """,
            "UPDATE blobs SET unreferenced_at = CASE refs WHEN 0 THEN coalesce(unreferenced_at, $2) END WHERE id = $1",
        ],
    };

    public async Task<IReadOnlyList<string>> RunAsync(int limit, DateTimeOffset now, CancellationToken cancellation)
    {
        var wrong = await Task.Run(() => database.ReadAsync(sql => LedgerAudit.Find(sql, limit), cancellation), cancellation);
        foreach (var counter in wrong.Where(counter => Repairs.ContainsKey(counter.Kind)).DistinctBy(counter => (counter.Kind, counter.Id)))
        {
            await database.WriteAsync(Lane.Bulk, sql => Set(sql, counter, now), cancellation);
        }
        return [.. wrong.Where(counter => Repairs.ContainsKey(counter.Kind)).Select(counter => counter.ToString())];
    }

    /// <summary>What one folder counted and counts; null where nothing differs.</summary>
    public static string? Folder(SqlSession sql, long folder)
    {
        var before = Counted();
        foreach (var statement in Repairs[LedgerAudit.CacheFolder].Concat(Repairs[LedgerAudit.PresetOfFolder])) sql.Execute(statement, folder);
        var after = Counted();
        return before == after ? null : new WrongCounter(LedgerAudit.CacheFolder, folder, before!, after!).ToString();

        string? Counted() => sql.First("SELECT concat_ws('/', blobs, bytes, reserved) FROM cache_folders WHERE id = $1", row => row.Text(0), folder);
    }

    private static int Set(SqlSession sql, WrongCounter counter, DateTimeOffset now)
    {
        var rows = 0;
        foreach (var statement in Repairs[counter.Kind])
        {
            rows += statement.Contains("$2", StringComparison.Ordinal) ? sql.Execute(statement, counter.Id, now) : sql.Execute(statement, counter.Id);
        }
        return rows;
    }
}
