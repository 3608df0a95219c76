using Vitrine.Core.Alerts;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>Rows of alerts, and the one that is raised in the transaction that counts a job's failures.</summary>
internal static class AlertRows
{
    /// <summary>
    /// After a job's failures were raised by <paramref name="more"/> to <paramref name="failed"/>: an alert for each step that was passed. It stands
    /// in the transaction that counts, so that no count raises it twice, on whatever node.
    /// </summary>
    public static void JobFailed(SqlSession sql, long job, long failed, long more, DateTimeOffset now)
    {
        var steps = JobFailureAlert.StepsPassed(failed - more, failed);
        if (steps == 0) return;
        var library = sql.Number("SELECT library_id FROM jobs WHERE id = $1", job)!.Value;
        Raise(sql, JobFailureAlert.For(new(job), new(library), failed), steps, now);
    }

    /// <summary>
    /// Of an image that was read whole in this very version: another content hash, or bytes that are no picture any more (an archive's entry fails its sum so),
    /// can only be damage.
    /// </summary>
    public static void OriginalRead(SqlSession sql, ImageRow image, ItemResult result, DateTimeOffset now)
    {
        if (image.State != ImageState.Ready || (result.Facts is null && result.Reason != Reason.Corrupt)) return;
        if (image.ContentHash is not { } recorded || (result.Facts is { } read && read.ContentHash.AsSpan().SequenceEqual(recorded))) return;
        Raise(sql, OriginalDamagedAlert.For(new(image.Library), new(image.Id)), 1, now);
    }

    public static bool Stands(SqlSession sql, string code, string subject) =>
        sql.Number("SELECT 1 FROM alerts WHERE code = $1 AND subject = $2 AND cleared_at IS NULL", code, subject) is not null;

    /// <summary>The cause is gone. False: it does not stand.</summary>
    public static bool Clear(SqlSession sql, string code, string subject, DateTimeOffset now) => sql.Execute(
        "UPDATE alerts SET cleared_at = $3, version = $4 WHERE code = $1 AND subject = $2 AND cleared_at IS NULL", code, subject, now, sql.Next()) > 0;

    /// <summary>An alert that was cleared or dismissed is open again.</summary>
    public static void Raise(SqlSession sql, NewAlert alert, long times, DateTimeOffset now) => sql.Send(
        """
        INSERT INTO alerts (code, subject, severity, message, raised, first_at, last_at, version, library_id, path)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)
        ON CONFLICT (code, subject) DO UPDATE SET severity = excluded.severity, message = excluded.message, raised = alerts.raised + excluded.raised,
            last_at = excluded.last_at, cleared_at = NULL, dismissed_at = NULL, version = excluded.version,
            library_id = excluded.library_id, path = excluded.path
        """, alert.Code, alert.Subject, alert.Severity, alert.Message, times, now, sql.Next(), alert.Library?.Value, alert.Path);
}
