namespace Vitrine.Backends.Sql;

/// <summary>
/// How many of the images that are gone are in the library at another place: moved, renamed, packed, unpacked or copied before, and not lost. Of those that were
/// read already the content's hash decides. What the scan has added and nobody has read yet counts by its size, one for each content that was there, however often: a
/// decision on half a library cannot wait until all of it is read.
/// </summary>
internal static class FoundElsewhere
{
    /// <summary>Collections that are gone ($1: their library), with all that are below them.</summary>
    public const string Gone =
        """
        WITH RECURSIVE gone (id) AS (SELECT collection_id FROM pending_collections WHERE library_id = $1
            UNION SELECT c.id FROM gone JOIN collections c ON c.parent_id = gone.id)
        """;

    public static long Count(SqlSession sql, long library, long scan) => sql.Number(
        $"""
        {Gone},
        lost_images (size, hash) AS (SELECT i.size, i.content_hash FROM gone CROSS JOIN images i ON i.collection_id = gone.id
            UNION ALL SELECT i.size, i.content_hash FROM pending_images p CROSS JOIN images i ON i.id = p.image_id
                WHERE p.library_id = $1 AND p.size IS NULL AND p.collection_id NOT IN (SELECT id FROM gone)),
        lost (size, hash, n) AS (SELECT size, hash, count(*) FROM lost_images GROUP BY size, hash),
        scans (id) AS (SELECT $2 UNION SELECT scan_id FROM pending_images WHERE library_id = $1 UNION SELECT scan_id FROM pending_collections WHERE library_id = $1),
        fresh (id) AS (SELECT t.item FROM scans JOIN jobs j ON j.parent_id = scans.id AND j.of_scan = 1 JOIN items t ON t.job_id = j.id
            UNION SELECT r.image_id FROM returned_images r WHERE r.library_id = $1),
        found (size, hash, n) AS (SELECT i.size, i.content_hash, count(*) FROM fresh CROSS JOIN images i ON i.id = fresh.id
            WHERE i.id NOT IN (SELECT image_id FROM pending_images WHERE library_id = $1) AND i.collection_id NOT IN (SELECT id FROM gone) GROUP BY i.size, i.content_hash),
        known (size, n, there) AS (SELECT lost.size, lost.n, EXISTS (SELECT 1 FROM images i WHERE i.size = lost.size AND i.content_hash = lost.hash AND i.library_id = $1
                AND i.id NOT IN (SELECT image_id FROM pending_images WHERE library_id = $1) AND i.collection_id NOT IN (SELECT id FROM gone))
            FROM lost WHERE lost.hash IS NOT NULL),
        lost_of (size, contents, known, unread) AS (SELECT size, sum(contents), sum(known), sum(unread) FROM (
                SELECT known.size AS size, 1 AS contents, known.n AS known, 0 AS unread FROM known WHERE NOT known.there
                UNION ALL SELECT lost.size, 0, 0, lost.n FROM lost WHERE lost.hash IS NULL) AS rest GROUP BY size),
        found_of (size, known, unread) AS (SELECT size, coalesce(sum(n) FILTER (WHERE hash IS NOT NULL), 0), coalesce(sum(n) FILTER (WHERE hash IS NULL), 0)
            FROM found GROUP BY size),
        sizes (contents, lost_known, lost_unread, found_known, found_unread) AS (
            SELECT lost_of.contents, lost_of.known, lost_of.unread, found_of.known, found_of.unread FROM lost_of JOIN found_of ON found_of.size = lost_of.size)
        SELECT coalesce((SELECT sum(n) FROM known WHERE there), 0)
            + coalesce((SELECT sum(CASE WHEN contents <= found_unread THEN lost_known ELSE found_unread END
                + min(lost_unread, found_unread - min(contents, found_unread) + found_known)) FROM sizes), 0)
        """, library, scan) ?? 0;
}
