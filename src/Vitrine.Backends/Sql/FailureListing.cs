using System.Globalization;
using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

/// <summary>What failed or was skipped, for people: the items of one job or dead batch, or what stands.</summary>
internal static class FailureListing
{
    private const string ImagesOfItems =
        """
        SELECT t.item, coalesce(t.outcome, 2), CASE WHEN t.outcome IS NULL THEN 'stalled' ELSE t.reason END, t.message, t.attempts, t.decoder, t.at, c.path, c.kind, i.raw_name, t.job_id, coalesce(i.ignored, 0)
        FROM items t LEFT JOIN images i ON i.id = t.item LEFT JOIN collections c ON c.id = i.collection_id
        """;

    private const string ContainersOfItems =
        """
        SELECT t.item, coalesce(t.outcome, 2), CASE WHEN t.outcome IS NULL THEN 'stalled' ELSE t.reason END, t.message, t.attempts, t.decoder, t.at, c.path, c.kind, NULL, t.job_id, coalesce(c.ignored, 0)
        FROM items t LEFT JOIN collections c ON c.id = t.item
        """;

    private const string OfOneJob = "WHERE t.job_id = $1 AND t.outcome > 0 AND t.item > $2 ORDER BY t.item LIMIT $3";

    // A job that was given up has counted what it left open, and wrote no rows for it.
    private const string OfOneGivenUp =
        "WHERE t.job_id = $1 AND (t.outcome IS NULL OR t.outcome > 0) AND t.item > $2 ORDER BY t.item LIMIT $3";

    private const string OfOneBatch = "WHERE t.batch_id = $1 AND t.reason = 'dead-letter' AND t.item > $2 ORDER BY t.item LIMIT $3";

    // Images and containers count their ids apart, so the handler is asked as well; and a row of another reason, such as that another job
    // had the image open, explains nothing of this one. States and outcomes number failed (2) alike, skipped (3 and 1) not.
    private const string StandingImage =
        """
        SELECT i.id, CASE i.state WHEN 2 THEN 2 ELSE 1 END, i.reason, t.message, coalesce(t.attempts, 0), i.decoder, t.at, c.path, c.kind, i.raw_name,
               t.job_id, i.ignored, i.collection_id
        """;

    private const string RowOfImage =
        """
        LEFT JOIN items t ON t.item = i.id AND t.job_id = (
            SELECT n.job_id FROM items n JOIN jobs j ON j.id = n.job_id AND j.handler = 1
            WHERE n.item = i.id AND n.outcome > 0 AND n.outcome = CASE i.state WHEN 2 THEN 2 ELSE 1 END AND n.reason = i.reason ORDER BY n.job_id DESC LIMIT 1)
        """;

    private const string StandingContainer =
        """
        SELECT c.id, coalesce(t.outcome, 2), c.reason, t.message, coalesce(t.attempts, 0), c.decoder, t.at, c.path, c.kind, NULL,
               t.job_id, c.ignored, 0
        """;

    private const string RowOfContainer =
        """
        LEFT JOIN items t ON t.item = c.id AND t.job_id = (
            SELECT n.job_id FROM items n JOIN jobs j ON j.id = n.job_id AND j.handler = 0
            WHERE n.item = c.id AND n.outcome > 0 AND n.reason = c.reason ORDER BY n.job_id DESC LIMIT 1)
        """;

    public static Page<JobFailure> Read(SqlSession sql, Grants grants, FailureQuery query, string? after, int limit) => query switch
    {
        FailureQuery.OfJob of => OfJob(sql, grants, JobRows.Get(sql, of.Job.Value), after, limit),
        FailureQuery.OfBatch of => OfItems(sql, grants, JobOf(sql, of.Batch), OfOneBatch, of.Batch.Value, after, limit),
        FailureQuery.Standing standing => Standing(sql, grants, standing, StandingPlace.Parse(after), limit),
        _ => throw new NotSupportedException(query.GetType().Name),
    };

    private static Job? JobOf(SqlSession sql, BatchId batch) =>
        BatchRows.Get(sql, batch.Value) is { Job: { } job } ? JobRows.Get(sql, job) : null;

    private static Page<JobFailure> OfJob(SqlSession sql, Grants grants, Job? job, string? after, int limit) =>
        OfItems(sql, grants, job, job is { Status: JobStatus.Failed } ? OfOneGivenUp : OfOneJob, job?.Id.Value ?? 0, after, limit);

    private static Page<JobFailure> OfItems(SqlSession sql, Grants grants, Job? job, string where, long id, string? after, int limit)
    {
        var start = Cursor.Number(after);
        if (job is null || !grants.Allows(job.Scope.Library)) return new([], null);
        var items = sql.Query($"{(job.Handler == Handler.Scan ? ContainersOfItems : ImagesOfItems)} {where}",
            row => Map(job.Handler, job.Scope.Library, row), id, start, limit);
        return Cursor.Page(items, limit, last => last.Item.ToString(CultureInfo.InvariantCulture));
    }

    private static Page<JobFailure> Standing(SqlSession sql, Grants grants, FailureQuery.Standing selection, StandingPlace start, int limit)
    {
        var found = StandingListing.Read(sql, grants, selection, start, limit, (group, after, room) => sql.Query(
            group.Kind == Handler.Scan
                ? StandingListing.Containers(selection, StandingContainer, RowOfContainer)
                : StandingListing.Images(selection, StandingImage, RowOfImage),
            row => (Failure: Map(group.Kind, group.Library, row), Place: StandingPlace.Of(group, row.Long(12), row.Long(0))),
            StandingListing.Arguments(selection, group, after, room)));
        return new([.. found.Select(f => f.Failure)], found.Count < limit ? null : found[^1].Place.ToCursor());
    }

    private static JobFailure Map(Handler handler, LibraryId library, Row row) => new(
        row.LongOrNull(10) is { } job ? new JobId(job) : null, handler, row.Long(0), library,
        PlaceText.Of(row.BytesOrNull(7), row.IsNull(8) ? null : row.Int(8), row.BytesOrNull(9)), (Outcome)row.Int(1), row.Text(2), row.TextOrNull(3),
        row.Int(4), row.TextOrNull(5) is { Length: > 0 } decoder ? decoder : null, row.TimeOrNull(6), row.Bool(11));
}
