using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>Rows of jobs, and the steps in them that several stores share.</summary>
internal static class JobRows
{
    private const string Own =
        """
        id, handler, status, holds, library_id, presets, collections, images, force, class, parent_id, planned, plan_cursor,
        total, completed, skipped, failed, cancelled, reason, created_at, started_at, finished_at, last_progress_at, version, message, served_since,
        failures, incomplete
        """;

    /// <summary>With what their batches do.</summary>
    public const string Select =
        $"""
        SELECT {Own},
               CASE WHEN status < 2 THEN EXISTS (SELECT 1 FROM batches b WHERE b.job_id = jobs.id AND b.state = 2) END,
               EXISTS (SELECT 1 FROM batches b WHERE b.job_id = jobs.id AND b.state < 2 AND b.not_before IS NULL),
               (SELECT min(b.not_before) FROM batches b WHERE b.job_id = jobs.id AND b.state < 2 AND b.not_before IS NOT NULL)
        FROM jobs
        """;

    /// <summary>What each commit asks of a job.</summary>
    public static JobStanding? Standing(SqlSession sql, long id) => sql.First(
        "SELECT handler, status, holds FROM jobs WHERE id = $1", row => new JobStanding((Handler)row.Int(0), (JobStatus)row.Int(1), (Holds)row.Int(2)), id);

    /// <summary>Without a look at its batches, of which a large job has many: a planner that has not heard of them would read them all.</summary>
    public static Job? Get(SqlSession sql, long id) => sql.First($"SELECT {Own} FROM jobs WHERE id = $1", MapOwn, id);

    public static Job? WithWork(SqlSession sql, long id) => sql.First($"{Select} WHERE id = $1", Map, id);

    public static Job Map(Row row) => MapOwn(row) with { Work = row.IsNull(28) ? null : new(row.Bool(28), row.Bool(29), row.TimeOrNull(30)) };

    private static Job MapOwn(Row row) => new(
        new(row.Long(0)), (Handler)row.Int(1), (JobStatus)row.Int(2), (Holds)row.Int(3),
        new(new(row.Long(4)), row.Texts(5), row.LongsOrNull(6)?.Select(c => new CollectionId(c)).ToList(),
            row.LongsOrNull(7)?.Select(i => new ImageId(i)).ToList(), row.Bool(8), FailureJson.Read(row.TextOrNull(26)), row.Bool(27)),
        (BatchClass)row.Int(9), row.LongOrNull(10) is { } parent ? new JobId(parent) : null, row.Bool(11), row.TextOrNull(12),
        row.Long(13), row.Long(14), row.Long(15), row.Long(16), row.Long(17), row.TextOrNull(18),
        row.Time(19), row.TimeOrNull(20), row.TimeOrNull(21), row.TimeOrNull(22), row.Long(23),
        row.TextOrNull(24), row.TimeOrNull(25));

    public static bool Hold(SqlSession sql, long job, Holds cause) => sql.Execute(
        "UPDATE jobs SET holds = holds | $2, version = $3 WHERE id = $1 AND status < 2 AND (holds & $2) <> $2", job, cause, sql.Next()) > 0;

    /// <summary>What is offered already keeps its class: it is gone within one window.</summary>
    public static bool Prioritise(SqlSession sql, long job, BatchClass to)
    {
        if (sql.Number("SELECT class FROM jobs WHERE id = $1 AND status < 2 AND class <> $2", job, to) is not { } from) return false;
        sql.Send("UPDATE jobs SET class = $2, version = $3 WHERE id = $1", job, to, sql.Next());
        // A job that was raised to the covers' class has all its batches there: its covers cannot be told from the others any more.
        sql.Send("UPDATE batches SET class = $2 WHERE job_id = $1 AND state IN (0, 2) AND class <> $2 AND (class <> $3 OR $4 = 1)",
            job, to, BatchClass.Covers, from == (long)BatchClass.Covers);
        return true;
    }

    /// <summary>Retries that wait are due now; what was offered before <paramref name="offeredBefore"/> is Ready. False: there was nothing of that.</summary>
    public static bool Recover(SqlSession sql, long job, DateTimeOffset offeredBefore)
    {
        if (sql.Number("SELECT 1 FROM jobs WHERE id = $1 AND status < 2", job) is null) return false;
        var items = sql.Execute("UPDATE items SET not_before = NULL WHERE job_id = $1 AND not_before IS NOT NULL", job);
        var batches = sql.Execute("UPDATE batches SET not_before = NULL WHERE job_id = $1 AND state < 2 AND not_before IS NOT NULL", job);
        var offers = sql.Execute("UPDATE batches SET state = 0, offered_at = NULL WHERE job_id = $1 AND state = 1 AND state < 2 AND offered_at <= $2", job, offeredBefore);
        return items + batches + offers > 0;
    }

    /// <summary>Adds what was accounted, and completes a job that is planned and has all accounted.</summary>
    public static void Account(SqlSession sql, long job, OutcomeCounts counts, DateTimeOffset now)
    {
        if (counts.Sum == 0) return;
        var failed = sql.Number(
            """
            UPDATE jobs SET completed = completed + $2, skipped = skipped + $3, failed = failed + $4, last_progress_at = $5,
                status = 1, started_at = coalesce(started_at, $5), version = $6
            WHERE id = $1 RETURNING failed
            """, job, counts.Done, counts.Skipped, counts.Failed, now, sql.Next());
        AlertRows.JobFailed(sql, job, failed ?? 0, counts.Failed, now);
        Settle(sql, job, now);
    }

    /// <summary>Completes the job where it is planned and accounted; a scan is, by its nature, when nothing it found is open.</summary>
    public static void Settle(SqlSession sql, long job, DateTimeOffset now)
    {
        var ended = sql.Number(
            """
            SELECT handler FROM jobs
            WHERE id = $1 AND status < 2 AND (planned = 1 OR handler = 0) AND completed + skipped + failed + cancelled = total
            """, job);
        if (ended is null) return;
        sql.Send("UPDATE jobs SET status = 2, planned = 1, finished_at = $2, version = $3 WHERE id = $1", job, now, sql.Next());
        BulkLocks.FreeAll(sql, job);
        if (ended == (long)Handler.Scan) AfterScan(sql, job, now);
    }

    public static bool Cancel(SqlSession sql, long job, DateTimeOffset now)
    {
        var handler = sql.Number(
            """
            UPDATE jobs SET status = 4, cancelled = cancelled + (total - completed - skipped - failed - cancelled), planned = 1, finished_at = $2, version = $3
            WHERE id = $1 AND status < 2 RETURNING handler
            """, job, now, sql.Next());
        if (handler is null) return false;
        AfterStop(sql, job, (Handler)handler, now);
        return true;
    }

    /// <summary>It was ended before its items were: its locks are free, and what a scan found so far is made.</summary>
    public static void AfterStop(SqlSession sql, long job, Handler handler, DateTimeOffset now)
    {
        BulkLocks.FreeAll(sql, job);
        if (handler != Handler.Scan) return;
        Brake.AfterStop(sql, LibraryOf(sql, job), job, now);
        PlanChild(sql, job, now);
    }

    private static void AfterScan(SqlSession sql, long scan, DateTimeOffset now)
    {
        var library = LibraryOf(sql, scan);
        sql.Send("UPDATE libraries SET last_scan_at = $2 WHERE id = $1", library, now);
        Brake.AfterScan(sql, library, scan, now);
        PlanChild(sql, scan, now);
    }

    private static long LibraryOf(SqlSession sql, long job) => sql.Number("SELECT library_id FROM jobs WHERE id = $1", job)!.Value;

    private static void PlanChild(SqlSession sql, long scan, DateTimeOffset now)
    {
        if (Child(sql, scan) is not { } child) return;
        sql.Send("UPDATE jobs SET planned = 1, version = $2 WHERE id = $1 AND status < 2", child, sql.Next());
        Settle(sql, child, now);
    }

    /// <summary>The derive job that a scan fills.</summary>
    public static long? Child(SqlSession sql, long scan) => sql.Number("SELECT id FROM jobs WHERE parent_id = $1 AND of_scan = 1", scan);
}

/// <summary>Whether a job is over, and what holds it.</summary>
internal sealed record JobStanding(Handler Handler, JobStatus Status, Holds Holds)
{
    public bool IsOver => Status >= JobStatus.Completed;
}

/// <summary>How many items ended in which way, in one transaction.</summary>
internal readonly record struct OutcomeCounts(long Done, long Skipped, long Failed)
{
    public long Sum => Done + Skipped + Failed;

    public OutcomeCounts With(Outcome outcome) => outcome switch
    {
        Outcome.Done => this with { Done = Done + 1 },
        Outcome.Skipped => this with { Skipped = Skipped + 1 },
        _ => this with { Failed = Failed + 1 },
    };
}
