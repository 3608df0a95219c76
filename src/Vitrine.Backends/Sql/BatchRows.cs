using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>A batch as it stands. <c>Job</c> is null for one image on demand.</summary>
internal sealed record BatchRow(
    long Id, long? Job, long Library, long Collection, BatchClass Class, BatchState State, int Offer, long? Token, long Renewals, int Deaths,
    int Crashed, long? InHand, long? Image, string? Presets, bool OneByOne);

/// <summary>Rows of batches and items, and the steps in them that several stores share.</summary>
internal static class BatchRows
{
    private const string Select =
        "SELECT id, job_id, library_id, collection_id, class, state, offer, token, renewals, deaths, crashed, in_hand, image_id, presets, one_by_one FROM batches";

    public static BatchRow? Get(SqlSession sql, long id) => sql.First($"{Select} WHERE id = $1", Map, id);

    /// <summary>The batch of which this is the current token.</summary>
    public static BatchRow? OfToken(SqlSession sql, LeaseToken token) => sql.First($"{Select} WHERE token = $1 AND state = 2", Map, token.Value);

    /// <summary>Inserts a batch with those of its items that the job does not have; no batch where it has all. Answers how many there were.</summary>
    public static int Insert(SqlSession sql, long job, long library, NewBatch batch)
    {
        var fresh = batch.Items.Where(item => sql.Number("SELECT 1 FROM items WHERE job_id = $1 AND item = $2", job, item) is null).ToList();
        if (fresh.Count == 0) return 0;
        var id = sql.Number("INSERT INTO batches (job_id, library_id, collection_id, class) VALUES ($1, $2, $3, $4) RETURNING id",
            job, library, batch.Collection.Value, batch.Class);
        return fresh.Sum(item => sql.Execute(
            "INSERT INTO items (job_id, item, batch_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", job, item, id));
    }

    /// <summary>An item that another job has open: it has its outcome at once, and is of no batch. False: the job has the item already.</summary>
    public static bool InsertInProgress(SqlSession sql, long job, long item, long holder, DateTimeOffset now) => sql.Execute(
        """
        INSERT INTO items (job_id, item, batch_id, outcome, reason, message, at) VALUES ($1, $2, 0, $3, $4, $5, $6) ON CONFLICT DO NOTHING
        """, job, item, Outcome.Skipped, Reason.InProgress, $"job {holder} has it open", now) > 0;

    /// <summary>A container as an item of the scan, in a batch of its own; nothing where it is one already.</summary>
    public static void AddScanItem(SqlSession sql, long scan, long library, BatchClass jobClass, long collection)
    {
        if (Insert(sql, scan, library, new(new(collection), jobClass, [collection])) == 0) return;
        sql.Execute("UPDATE jobs SET total = total + 1, version = $2 WHERE id = $1", scan, sql.Next());
    }

    /// <summary>Ready again, without a lease: what it had reserved is free. While all its open items wait for a retry, it waits with them.</summary>
    public static void MakeReady(SqlSession sql, BatchRow batch, DateTimeOffset now, DateTimeOffset? notBefore = null)
    {
        if (batch.Token is { } token) FolderRoom.Free(sql, token);
        var due = RetryDue(sql, batch, now);
        sql.Execute("UPDATE batches SET state = 0, token = NULL, node = NULL, in_hand = NULL, offered_at = NULL, not_before = $2 WHERE id = $1",
            batch.Id, notBefore > due || due is null ? notBefore : due);
    }

    /// <summary>When the first of its open items is due; null where one is due now, or none is open.</summary>
    private static DateTimeOffset? RetryDue(SqlSession sql, BatchRow batch, DateTimeOffset now)
    {
        if (batch.Job is null) return null;
        var first = sql.Number("SELECT min(coalesce(not_before, 0)) FROM items WHERE batch_id = $1 AND outcome IS NULL", batch.Id);
        return first is { } due && due > now.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;
    }

    /// <summary>Its lease is over: Ready again, or closed where its job is over. Such a job has its numbers already, and its items get no outcome.</summary>
    public static void GiveBack(SqlSession sql, BatchRow batch, DateTimeOffset now, DateTimeOffset? notBefore = null)
    {
        if (batch.Job is { } job && JobRows.Standing(sql, job)!.IsOver) Close(sql, batch);
        else MakeReady(sql, batch, now, notBefore);
    }

    /// <summary>Nothing of it is open any more. A batch on demand goes: nobody asks for it again.</summary>
    public static void Close(SqlSession sql, BatchRow batch, BatchState state = BatchState.Done)
    {
        if (batch.Token is { } token) FolderRoom.Free(sql, token);
        if (batch.Job is not { } job)
        {
            sql.Execute("DELETE FROM batches WHERE id = $1", batch.Id);
            return;
        }
        sql.Execute("UPDATE batches SET state = $2, token = NULL, node = NULL, in_hand = NULL, not_before = NULL WHERE id = $1", batch.Id, state);
        BulkLocks.FreeWhenDone(sql, job, batch.Collection);
    }

    /// <summary>Writes an item's outcome, once. False: it has one, or is not of this job.</summary>
    public static bool SetOutcome(SqlSession sql, long job, ItemResult result, DateTimeOffset now) => sql.Execute(
        """
        UPDATE items SET outcome = $3, reason = $4, message = $5, attempts = $6, decoder = $7, at = $8, not_before = NULL
        WHERE job_id = $1 AND item = $2 AND outcome IS NULL
        """, job, result.Item, result.Outcome, result.Reason, result.Message, result.Attempts, result.DecoderVersion, now) > 0;

    /// <summary>Writes what a try came to; the item stays open and is due again later.</summary>
    public static void SetRetry(SqlSession sql, long job, ItemResult result, TimeSpan after, DateTimeOffset now) => sql.Execute(
        """
        UPDATE items SET reason = $3, message = $4, attempts = $5, decoder = $6, at = $7, not_before = $8
        WHERE job_id = $1 AND item = $2 AND outcome IS NULL
        """, job, result.Item, result.Reason, result.Message, result.Attempts, result.DecoderVersion, now, now + after);

    /// <summary>Where only items are open whose image (or container) is gone: accounts these, and closes the batch.</summary>
    public static void CloseWhenOver(SqlSession sql, BatchRow batch, Handler handler, DateTimeOffset now)
    {
        var open = sql.Query("SELECT item FROM items WHERE batch_id = $1 AND outcome IS NULL", row => row.Long(0), batch.Id);
        var exists = handler == Handler.Scan ? "SELECT 1 FROM collections WHERE id = $1" : "SELECT 1 FROM images WHERE id = $1";
        if (open.Exists(item => sql.Number(exists, item) is not null)) return;

        Close(sql, batch);
        var counts = default(OutcomeCounts);
        foreach (var item in open)
        {
            if (SetOutcome(sql, batch.Job!.Value, new(item, Outcome.Skipped, Reason.Removed, Attempts: 0), now)) counts = counts.With(Outcome.Skipped);
        }
        if (batch.Job is { } job) JobRows.Account(sql, job, counts, now);
    }

    private static BatchRow Map(Row row) => new(
        row.Long(0), row.LongOrNull(1), row.Long(2), row.Long(3), (BatchClass)row.Int(4), (BatchState)row.Int(5), row.Int(6), row.LongOrNull(7),
        row.Long(8), row.Int(9), row.Int(10), row.LongOrNull(11), row.LongOrNull(12), row.TextOrNull(13), row.Bool(14));
}
