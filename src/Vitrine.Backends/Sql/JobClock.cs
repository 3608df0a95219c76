using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>The stale clocks of jobs: see <see cref="Staleness"/>.</summary>
internal static class JobClock
{
    private const int MaxStale = 1000;

    /// <summary>Where the clock of a job stands: from the later of its last progress and the time since when it is served.</summary>
    private const string Base = "max(served_since, coalesce(last_progress_at, 0))";

    /// <summary>A batch is leased; or one is due, no hold stands, and a live worker ($2) is idle.</summary>
    private const string Served =
        """
        (EXISTS (SELECT 1 FROM batches b WHERE b.job_id = jobs.id AND b.state = 2)
         OR ($2 = 1 AND holds = 0 AND (EXISTS (SELECT 1 FROM batches b WHERE b.job_id = jobs.id AND b.state < 2 AND b.not_before IS NULL)
             OR EXISTS (SELECT 1 FROM batches b WHERE b.job_id = jobs.id AND b.state < 2 AND b.not_before <= $1))))
        """;

    public static void Start(SqlSession sql, long job, DateTimeOffset now) =>
        sql.Send("UPDATE jobs SET served_since = $2 WHERE id = $1", job, now);

    public static void Look(SqlSession sql, EngineLook look, DateTimeOffset now)
    {
        var before = sql.Number("SELECT at FROM engine_looks WHERE id = 1");
        sql.Execute("INSERT INTO engine_looks (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at", now);
        var gap = before is { } at ? now - DateTimeOffset.FromUnixTimeMilliseconds(at) : TimeSpan.Zero;
        if (gap < TimeSpan.Zero || gap > look.MaxGap) sql.Execute("UPDATE jobs SET served_since = $1 WHERE status < 2 AND served_since IS NOT NULL", now);

        var idle = sql.Number(
            """
            SELECT 1 FROM nodes n WHERE n.seen_at > $1
                AND n.workers > (SELECT count(*) FROM batches b WHERE b.node = n.name AND b.state = 2) LIMIT 1
            """, now - look.NodeLife) is not null;
        sql.Execute($"UPDATE jobs SET served_since = $1 WHERE status < 2 AND served_since IS NULL AND {Served}", now, idle);
        sql.Execute($"UPDATE jobs SET served_since = NULL WHERE status < 2 AND served_since IS NOT NULL AND NOT {Served}", now, idle);
        BulkLocks.Renew(sql, now + look.LockTime);
    }

    public static List<StaleJob> Stale(SqlSession sql, TimeSpan timeout, DateTimeOffset now)
    {
        var found = sql.Query(
            $"SELECT id, {Base}, resumed_at FROM jobs WHERE status < 2 AND served_since IS NOT NULL AND {Base} < $1",
            row => (Id: row.Long(0), Since: row.Time(1), Resumed: row.TimeOrNull(2)), now - timeout);
        return [.. found.OrderBy(job => job.Since).Take(MaxStale).Select(job => new StaleJob(JobRows.WithWork(sql, job.Id)!, now - job.Since, now - job.Resumed))];
    }

    public static bool Resume(SqlSession sql, long job, JobCommand.ResumeStale resume, DateTimeOffset now)
    {
        if (Judge(sql, job, resume.Timeout, now) != StaleVerdict.Resume) return false;
        sql.Execute("UPDATE jobs SET resumed_at = $2, version = $3 WHERE id = $1", job, now, sql.Next());
        var leases = sql.Query(
            "SELECT token, renewals FROM batches WHERE job_id = $1 AND state = 2 AND progressed_at <= $2",
            row => new BatchRelease.Died(new(row.Long(0)), row.Long(1), resume.Limits), job, now - resume.Timeout);
        foreach (var lease in leases) BatchDeaths.Die(sql, lease, now);
        return true;
    }

    public static bool GiveUp(SqlSession sql, long job, TimeSpan timeout, DateTimeOffset now)
    {
        if (Judge(sql, job, timeout, now) != StaleVerdict.GiveUp) return false;
        var before = JobRows.Get(sql, job)!;
        var failed = sql.Number(
            """
            UPDATE jobs SET status = 3, failed = failed + (total - completed - skipped - failed - cancelled), planned = 1, finished_at = $2,
                reason = $3, message = $4, version = $5
            WHERE id = $1 RETURNING failed
            """, job, now, Reason.Stalled, Staleness.Message(timeout), sql.Next())!.Value;
        AlertRows.JobFailed(sql, job, failed, failed - before.Failed, now);
        JobRows.AfterStop(sql, job, before.Handler, now);
        return true;
    }

    private static StaleVerdict Judge(SqlSession sql, long job, TimeSpan timeout, DateTimeOffset now)
    {
        var clock = sql.First(
            $"SELECT {Base}, resumed_at FROM jobs WHERE id = $1 AND status < 2 AND served_since IS NOT NULL",
            row => Tuple.Create(row.Time(0), row.TimeOrNull(1)), job);
        return clock is null ? StaleVerdict.Leave : Staleness.Judge(now - clock.Item1, now - clock.Item2, timeout);
    }
}
