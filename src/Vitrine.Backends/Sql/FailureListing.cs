using System.Globalization;
using Vitrine.Core;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>What failed or was skipped: the items of one job, or what stands in a library.</summary>
internal static class FailureListing
{
    private const string ImagesOfJob =
        """
        SELECT t.item, t.outcome, t.reason, t.message, t.attempts, t.decoder, t.at, c.path, c.kind, i.raw_name, t.job_id
        FROM items t LEFT JOIN images i ON i.id = t.item LEFT JOIN collections c ON c.id = i.collection_id
        WHERE t.job_id = $1 AND t.outcome > 0 AND t.item > $2 ORDER BY t.item LIMIT $3
        """;

    private const string ContainersOfJob =
        """
        SELECT t.item, t.outcome, t.reason, t.message, t.attempts, t.decoder, t.at, c.path, c.kind, NULL, t.job_id
        FROM items t LEFT JOIN collections c ON c.id = t.item
        WHERE t.job_id = $1 AND t.outcome > 0 AND t.item > $2 ORDER BY t.item LIMIT $3
        """;

    // Images and containers count their ids apart, so the handler is asked as well; and a row of another reason, such as that another job
    // had the image open, explains nothing of this one. States and outcomes number failed (2) alike, skipped (3 and 1) not.
    private const string ImagesOfLibrary =
        """
        SELECT i.id, CASE i.state WHEN 2 THEN 2 ELSE 1 END, i.reason, t.message, coalesce(t.attempts, 0), t.decoder, t.at, c.path, c.kind, i.raw_name, t.job_id
        FROM images i JOIN collections c ON c.id = i.collection_id LEFT JOIN items t ON t.item = i.id AND t.job_id = (
            SELECT n.job_id FROM items n JOIN jobs j ON j.id = n.job_id AND j.handler = 1
            WHERE n.item = i.id AND n.outcome > 0 AND n.outcome = CASE i.state WHEN 2 THEN 2 ELSE 1 END AND n.reason = i.reason ORDER BY n.job_id DESC LIMIT 1)
        WHERE i.library_id = $1 AND i.state > 1 AND i.id > $2 ORDER BY i.id LIMIT $3
        """;

    private const string ContainersOfLibrary =
        """
        SELECT c.id, coalesce(t.outcome, 2), c.reason, t.message, coalesce(t.attempts, 0), t.decoder, t.at, c.path, c.kind, NULL, t.job_id
        FROM collections c LEFT JOIN items t ON t.item = c.id AND t.job_id = (
            SELECT n.job_id FROM items n JOIN jobs j ON j.id = n.job_id AND j.handler = 0
            WHERE n.item = c.id AND n.outcome > 0 AND n.reason = c.reason ORDER BY n.job_id DESC LIMIT 1)
        WHERE c.library_id = $1 AND c.reason IS NOT NULL AND c.id > $2 ORDER BY c.id LIMIT $3
        """;

    public static Task<Page<JobFailure>> OfJobAsync(SqlDatabase database, long job, string? after, int limit, CancellationToken cancellation)
    {
        var start = Cursor.Number(after);
        return database.ReadAsync(sql =>
        {
            var handler = sql.Number("SELECT handler FROM jobs WHERE id = $1", job) == (long)Handler.Scan ? Handler.Scan : Handler.Derive;
            var items = sql.Query(handler == Handler.Scan ? ContainersOfJob : ImagesOfJob, row => Map(handler, row), job, start, limit);
            return Cursor.Page(items, limit, last => last.Item.ToString(CultureInfo.InvariantCulture));
        }, cancellation);
    }

    /// <summary>A cursor is the kind of the last item and its id: a page goes on with images where the containers end.</summary>
    public static Task<Page<JobFailure>> OfLibraryAsync(SqlDatabase database, long library, string? after, int limit, CancellationToken cancellation)
    {
        var (kind, start) = Cursor.Pair(after);
        if (kind > (long)Handler.Derive) throw Cursor.Bad();
        return database.ReadAsync(sql =>
        {
            var items = new List<JobFailure>();
            if (kind == (long)Handler.Scan) items.AddRange(sql.Query(ContainersOfLibrary, row => Map(Handler.Scan, row), library, start, limit));
            if (items.Count < limit)
            {
                var first = kind == (long)Handler.Derive ? start : 0;
                items.AddRange(sql.Query(ImagesOfLibrary, row => Map(Handler.Derive, row), library, first, limit - items.Count));
            }
            return Cursor.Page(items, limit, last => Cursor.Of((long)last.Handler, last.Item));
        }, cancellation);
    }

    private static JobFailure Map(Handler handler, Row row) => new(
        row.LongOrNull(10) is { } job ? new JobId(job) : null, handler, row.Long(0),
        PlaceText.Of(row.BytesOrNull(7), row.IsNull(8) ? null : row.Int(8), row.BytesOrNull(9)), (Outcome)row.Int(1), row.Text(2), row.TextOrNull(3),
        row.Int(4), row.TextOrNull(5), row.TimeOrNull(6));
}
