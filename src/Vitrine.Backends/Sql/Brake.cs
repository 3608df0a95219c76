using System.Globalization;
using Vitrine.Core.Alerts;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

internal enum BrakeState
{
    /// <summary>A scan notes what it finds.</summary>
    Gathering,

    /// <summary>It was too much: a person decides, or a later scan that finds it to be less.</summary>
    Held,

    /// <summary>It is decided, and applied page by page.</summary>
    Applying,
}

/// <param name="Scan">The scan that began it, or that decided or counted last.</param>
internal sealed record BrakeRow(long Library, BrakeState State, BrakeLimits Limits, long Scan, long Removed, long Redone, DateTimeOffset Since);

/// <summary>
/// Decides at the end of a scan on what all scans of its library have noted. The row of a library's brake is there while something is noted, so that a scan
/// that noted nothing costs one look. While another scan is open, what it noted counts and waits for its end; what was held for it is looked at again then.
/// </summary>
internal static class Brake
{
    /// <summary>Applied in the transaction in which the scan ends; more goes page by page.</summary>
    private const int FirstPage = 1000;

    private const string Select = "SELECT library_id, state, images, percent, scan_id, removed, redone, since FROM brakes";

    public static List<BrakeRow> All(SqlSession sql) => sql.Query(Select, Map);

    public static BrakeRow? Get(SqlSession sql, long library) => sql.First($"{Select} WHERE library_id = $1", Map, library);

    /// <summary>A scan came to its end: what it has noted is all there is.</summary>
    public static void AfterScan(SqlSession sql, long library, long scan, DateTimeOffset now)
    {
        Decide(sql, library, scan, scan, now);
        sql.Execute("DELETE FROM returned_images WHERE library_id = $1 AND scan_id = $2", library, scan);
    }

    /// <summary>A scan was ended before its time: its notes are a part of something, and a part may look small. Its containers stay held for the next scan.</summary>
    public static void AfterStop(SqlSession sql, long library, long scan, DateTimeOffset now)
    {
        Forget(sql, library, scan);
        AfterScan(sql, library, scan, now);
    }

    public static bool Approve(SqlSession sql, long library) =>
        sql.Execute("UPDATE brakes SET state = $2 WHERE library_id = $1 AND state = $3", library, BrakeState.Applying, BrakeState.Held) > 0;

    public static bool Reject(SqlSession sql, long library, DateTimeOffset now)
    {
        if (Get(sql, library) is not { State: BrakeState.Held }) return false;
        Forget(sql, library, null);
        Clear(sql, library, now);
        return true;
    }

    /// <summary>Nothing is noted any more.</summary>
    public static void Clear(SqlSession sql, long library, DateTimeOffset now)
    {
        sql.Execute("DELETE FROM brakes WHERE library_id = $1", library);
        AlertRows.Clear(sql, AlertCode.Brake, BrakeAlert.SubjectOf(new(library)), now);
    }

    /// <summary>Looks at what is noted once more, where that was not decided yet. The sum is of all that is noted; applied is what no other open scan is still adding to.</summary>
    /// <param name="ending">The scan in whose last transaction this is, and in whose job is made what changed; null: those collections are noted for a scan of their own.</param>
    public static void Decide(SqlSession sql, long library, long scan, long? ending, DateTimeOffset now)
    {
        if (Get(sql, library) is not { State: not BrakeState.Applying } row) return;
        if (!IsNoted(sql, library))
        {
            Clear(sql, library, now);
            return;
        }
        if (Newest(sql, library, scan) is not { } newest) return;
        var (removed, redone) = Count(sql, library);
        var images = sql.Number("SELECT images FROM libraries WHERE id = $1", library) ?? 0;
        if (row.Limits.Holds(removed + redone, images)) removed -= FoundElsewhere.Count(sql, library, scan);
        if (row.Limits.Holds(removed + redone, images)) Hold(sql, row, scan, removed, redone, now);
        else Apply(sql, library, newest, ending, now);
    }

    /// <summary>The condition on a note's <c>scan_id</c> that its scan is over, or is the one that decides ($2), and that it is of the library $1.</summary>
    public const string IsDue =
        "library_id = $1 AND (scan_id = $2 OR scan_id NOT IN (SELECT id FROM jobs WHERE status < 2 AND library_id = $1 AND handler = 0))";

    /// <summary>The newest scan with notes that are due; null where all that is noted belongs to scans that are open.</summary>
    private static long? Newest(SqlSession sql, long library, long scan) => sql.Number(
        $"""
        SELECT max(scan_id) FROM (SELECT scan_id FROM pending_images WHERE {IsDue} UNION ALL SELECT scan_id FROM pending_collections WHERE {IsDue}) AS due
        """, library, scan);

    private static void Apply(SqlSession sql, long library, long newest, long? ending, DateTimeOffset now)
    {
        sql.Execute("UPDATE brakes SET state = $2, scan_id = $3 WHERE library_id = $1", library, BrakeState.Applying, newest);
        PendingApply.Page(sql, library, ending, FirstPage, now);
    }

    private static void Hold(SqlSession sql, BrakeRow row, long scan, long removed, long redone, DateTimeOffset now)
    {
        var known = row.State == BrakeState.Held;
        sql.Execute(
            "UPDATE brakes SET state = $2, scan_id = $3, removed = $4, redone = $5, since = $6 WHERE library_id = $1",
            row.Library, BrakeState.Held, scan, removed, redone, known ? row.Since : now);
        sql.Execute("UPDATE jobs SET reason = $2, message = $3, version = $4 WHERE id = $1", scan, Reason.Brake, BrakeAlert.Text(removed, redone), sql.Next());
        if (known && (row.Removed, row.Redone) == (removed, redone)) return;
        var name = sql.First("SELECT name FROM libraries WHERE id = $1", r => r.Text(0), row.Library)!;
        AlertRows.Raise(sql, BrakeAlert.For(new(row.Library), name, removed, redone), 1, now);
    }

    /// <summary>Also what counts nothing: an archive that was broken and is gone has no images.</summary>
    public static bool IsNoted(SqlSession sql, long library) => sql.Number(
        """
        SELECT 1 WHERE EXISTS (SELECT 1 FROM pending_images WHERE library_id = $1) OR EXISTS (SELECT 1 FROM pending_collections WHERE library_id = $1)
        """, library) is not null;

    /// <summary>What is in a directory that is gone counts once, however much of it was noted before the directory went.</summary>
    private static (long Removed, long Redone) Count(SqlSession sql, long library)
    {
        var counts = sql.First(
            $"""
            {FoundElsewhere.Gone}
            SELECT coalesce((SELECT sum(c.images) FROM gone JOIN collections c ON c.id = gone.id), 0),
                (SELECT count(*) FROM pending_images p WHERE p.library_id = $1 AND p.size IS NULL AND p.collection_id NOT IN (SELECT id FROM gone)),
                (SELECT count(*) FROM pending_images p WHERE p.library_id = $1 AND p.size IS NOT NULL AND p.collection_id NOT IN (SELECT id FROM gone))
            """, row => Tuple.Create(row.Long(0) + row.Long(1), row.Long(2)), library)!;
        return (counts.Item1, counts.Item2);
    }

    /// <summary>Of one scan, or all.</summary>
    private static void Forget(SqlSession sql, long library, long? scan)
    {
        sql.Execute("DELETE FROM pending_images WHERE library_id = $1 AND scan_id = coalesce($2, scan_id)", library, scan);
        sql.Execute("DELETE FROM pending_collections WHERE library_id = $1 AND scan_id = coalesce($2, scan_id)", library, scan);
    }

    private static BrakeRow Map(Row row) =>
        new(row.Long(0), (BrakeState)row.Int(1), new(row.Int(2), row.Int(3)), row.Long(4), row.Long(5), row.Long(6), row.Time(7));
}
