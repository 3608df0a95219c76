using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>The order in which batches are served: by class, then round-robin over jobs, the one served longest ago first.</summary>
internal static class BatchOffers
{
    public static List<Offer> Offer(SqlSession sql, OfferWindow window, DateTimeOffset now)
    {
        var offers = new List<Offer>();
        foreach (var batchClass in Enum.GetValues<BatchClass>())
        {
            offers.AddRange(OfferAgain(sql, batchClass, window, now));
            var room = window.PerClass - (int)sql.Number("SELECT count(*) FROM batches WHERE class = $1 AND state = 1", batchClass)!;
            if (room <= 0) continue;
            offers.AddRange(NextOf(sql, batchClass, room, now).Select(batch => MakeOffered(sql, batch, batchClass, now)));
        }
        return offers;
    }

    /// <summary>Jobs that may be served. Null stands for batches of no job, which come first.</summary>
    public static IEnumerable<long?> JobsInOrder(SqlSession sql) =>
        sql.Query<long?>("SELECT id FROM jobs WHERE status < 2 AND holds = 0 ORDER BY served, id", row => row.Long(0)).Prepend(null);

    /// <summary>Where the job's turn ends with this batch (see <see cref="Turns"/>), it is the last of the jobs now.</summary>
    public static void MarkServed(SqlSession sql, long? job, long batch)
    {
        if (job is not null && Turns.EndsWith((Handler)sql.Number("SELECT handler FROM jobs WHERE id = $1", job)!, batch))
            sql.Execute("UPDATE jobs SET served = $2 WHERE id = $1", job, sql.Next());
    }

    /// <summary>The order within a job and class. Covers of no job are those of an open view: the newest view first.</summary>
    public static string Order(long? job, BatchClass batchClass) => job is null && batchClass == BatchClass.Covers ? "id DESC" : "id";

    private static List<long> NextOf(SqlSession sql, BatchClass batchClass, int room, DateTimeOffset now)
    {
        var waiting = new List<(long? Job, Queue<long> Batches)>();
        foreach (var job in JobsInOrder(sql))
        {
            var ready = sql.Query(
                $"""
                SELECT id FROM batches
                WHERE job_id IS $1 AND class = $2 AND state < 2 AND state = 0 AND (not_before IS NULL OR not_before <= $3)
                ORDER BY {Order(job, batchClass)} LIMIT $4
                """, row => row.Long(0), job, batchClass, now, room);
            if (ready.Count > 0) waiting.Add((job, new(ready)));
        }

        var next = new List<long>();
        for (var i = 0; next.Count < room && waiting.Count > 0; i++)
        {
            i %= waiting.Count;
            next.Add(waiting[i].Batches.Dequeue());
            MarkServed(sql, waiting[i].Job, next[^1]);
            if (waiting[i].Batches.Count == 0) waiting.RemoveAt(i--);
        }
        return next;
    }

    /// <summary>Offers that nobody leased in time: a new number, or no offer any more where the job is held or over.</summary>
    private static IEnumerable<Offer> OfferAgain(SqlSession sql, BatchClass batchClass, OfferWindow window, DateTimeOffset now)
    {
        var stale = sql.Query(
            """
            SELECT b.id, j.status, j.holds FROM batches b LEFT JOIN jobs j ON j.id = b.job_id
            WHERE b.class = $1 AND b.state = 1 AND b.offered_at <= $2 ORDER BY b.offered_at LIMIT $3
            """, row => (Batch: row.Long(0), Status: (JobStatus)(row.LongOrNull(1) ?? 0), Holds: row.LongOrNull(2) ?? 0),
            batchClass, now - window.OfferAgain, window.PerClass);
        foreach (var (batch, status, holds) in stale)
        {
            if (status >= JobStatus.Completed) sql.Execute("UPDATE batches SET state = 3 WHERE id = $1", batch);
            else if (holds != 0) sql.Execute("UPDATE batches SET state = 0, offered_at = NULL WHERE id = $1", batch);
            else yield return MakeOffered(sql, batch, batchClass, now);
        }
    }

    private static Offer MakeOffered(SqlSession sql, long batch, BatchClass batchClass, DateTimeOffset now) => new(
        new(batch), (int)sql.Number("UPDATE batches SET state = 1, offer = offer + 1, offered_at = $2 WHERE id = $1 RETURNING offer", batch, now)!,
        batchClass);
}
