using System.Collections.Concurrent;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>A batch as it stands. <c>Job</c> is null for one image on demand.</summary>
internal sealed record BatchRow(
    long Id, long? Job, long Library, long Collection, BatchClass Class, BatchState State, int Offer, long? Token, long Renewals, int Deaths,
    int Crashed, long? InHand, long? Image, string? Presets, bool OneByOne);

/// <summary>Rows of batches and items, and the steps in them that several stores share.</summary>
internal static class BatchRows
{
    private static readonly ConcurrentDictionary<(BatchClass From, BatchClass To), string> DueTexts = [];

    private const string Select =
        "SELECT id, job_id, library_id, collection_id, class, state, offer, token, renewals, deaths, crashed, in_hand, image_id, presets, one_by_one FROM batches";

    public static BatchRow? Get(SqlSession sql, long id) => sql.First($"{Select} WHERE id = $1", Map, id);

    /// <summary>
    /// The first due batch of these classes, by class, then by the order of jobs: those of no job first, then of the job that was served longest ago. None of these
    /// libraries.
    /// </summary>
    public static BatchRow? FirstDue(SqlSession sql, BatchClass from, BatchClass to, IEnumerable<long> unable, DateTimeOffset now) => sql.First(
        DueTexts.GetOrAdd((from, to), static classes => DueText(classes.From, classes.To)), Map, now, SqlSession.List(unable));

    private static string DueText(BatchClass from, BatchClass to)
    {
        var firsts = Enum.GetValues<BatchClass>().Where(c => c >= from && c <= to).Select(batchClass =>
        {
            var due = $"class = {(int)batchClass} AND state < 2 AND (not_before IS NULL OR not_before <= $1) AND library_id NOT IN (SELECT value FROM json_each($2))";
            return $"""
                (SELECT id FROM batches WHERE job_id IS NULL AND {due} ORDER BY {BatchOffers.OrderOfNoJob(batchClass)} LIMIT 1),
                (SELECT (SELECT id FROM batches WHERE job_id = j.id AND {due} ORDER BY id LIMIT 1) FROM jobs j
                 WHERE j.status < 2 AND j.holds = 0 AND EXISTS (SELECT 1 FROM batches WHERE job_id = j.id AND {due}) ORDER BY j.served, j.id LIMIT 1)
                """;
        });
        return $"{Select} WHERE id = (SELECT coalesce({string.Join(", ", firsts)}))";
    }

    /// <summary>The batch of which this is the current token.</summary>
    public static BatchRow? OfToken(SqlSession sql, LeaseToken token) => sql.First($"{Select} WHERE token = $1 AND state = 2", Map, token.Value);

    /// <summary>Inserts batches with those of their items that the job does not have; no batch where it has all. Answers how many items there were.</summary>
    public static int Insert(SqlSession sql, long job, long library, IReadOnlyCollection<NewBatch> batches)
    {
        var has = KnownTo(sql, job, batches.SelectMany(batch => batch.Items));
        var fresh = batches.Select(batch => batch with { Items = [.. batch.Items.Where(has.Add)] }).Where(batch => batch.Items.Count > 0).ToList();
        if (fresh.Count == 0) return 0;
        var ids = InsertEmpty(sql, job, library, fresh);
        var items = fresh.Zip(ids).SelectMany(placed => placed.First.Items.Select(item => new object?[] { job, item, placed.Second })).ToList();
        Arguments.SendRows(sql, "INSERT INTO items (job_id, item, batch_id) VALUES {rows}", items);
        return items.Count;
    }

    /// <summary>
    /// Items that another job has open: they have their outcome at once, and are of no batch. What the job has already stays. Answers how many there were.
    /// </summary>
    /// <param name="holders">The job that has it open, by item.</param>
    public static int InsertInProgress(SqlSession sql, long job, IReadOnlyDictionary<long, long> holders, DateTimeOffset now)
    {
        var has = KnownTo(sql, job, holders.Keys);
        var items = holders.Where(held => !has.Contains(held.Key))
            .Select(held => new object?[] { job, held.Key, 0L, Outcome.Skipped, Reason.InProgress, $"job {held.Value} has it open", now }).ToList();
        Arguments.SendRows(sql, "INSERT INTO items (job_id, item, batch_id, outcome, reason, message, at) VALUES {rows}", items);
        return items.Count;
    }

    /// <summary>Containers as items of the scan, each in a batch of its own; nothing where it is one already.</summary>
    public static void AddScanItems(SqlSession sql, long scan, long library, BatchClass jobClass, IReadOnlyCollection<long> collections)
    {
        var added = Insert(sql, scan, library, [.. collections.Select(collection => new NewBatch(new(collection), jobClass, [collection]))]);
        if (added > 0) sql.Send("UPDATE jobs SET total = total + $2, version = $3 WHERE id = $1", scan, added, sql.Next());
    }

    /// <summary>Those of these items that the job has without an outcome.</summary>
    public static HashSet<long> OpenOf(SqlSession sql, long job, IEnumerable<long> items) => LookUp(sql, job, items, "AND i.outcome IS NULL");

    /// <summary>Those of these items that the job has, open or not.</summary>
    private static HashSet<long> KnownTo(SqlSession sql, long job, IEnumerable<long> items) => LookUp(sql, job, items, "");

    /// <summary>One by one, as a planner that has not heard of the job's size would read all of it for a list.</summary>
    private static HashSet<long> LookUp(SqlSession sql, long job, IEnumerable<long> items, string condition)
    {
        var list = items.ToList();
        return list.Count == 0 ? [] : [.. sql.Query(
            $"SELECT (SELECT i.item FROM items i WHERE i.job_id = $1 AND i.item = json_each.value {condition}) FROM json_each($2)", row => row.LongOrNull(0), job, SqlSession.List(list)).OfType<long>()];
    }

    /// <summary>The ids of the new batches, in their order: one that is inserted later has a higher id, and there is no other writer.</summary>
    private static List<long> InsertEmpty(SqlSession sql, long job, long library, List<NewBatch> batches)
    {
        var first = sql.Number("INSERT INTO batches (job_id, library_id, collection_id, class) VALUES ($1, $2, $3, $4) RETURNING id",
            job, library, batches[0].Collection.Value, batches[0].Class)!.Value;
        if (batches.Count == 1) return [first];
        Arguments.SendRows(sql, "INSERT INTO batches (job_id, library_id, collection_id, class) VALUES {rows}",
            [.. batches.Skip(1).Select(batch => new object?[] { job, library, batch.Collection.Value, batch.Class })]);
        return [first, .. sql.Query("SELECT id FROM batches WHERE id > $1 ORDER BY id", row => row.Long(0), first)];
    }

    /// <summary>Ready again, without a lease: what it had reserved is free. While all its open items wait for a retry, it waits with them.</summary>
    public static void MakeReady(SqlSession sql, BatchRow batch, DateTimeOffset now, DateTimeOffset? notBefore = null)
    {
        if (batch.Token is { } token) FolderRoom.Free(sql, token);
        var due = RetryDue(sql, batch, now);
        sql.Send("UPDATE batches SET state = 0, token = NULL, node = NULL, in_hand = NULL, offered_at = NULL, not_before = $2 WHERE id = $1",
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
            sql.Send("DELETE FROM batches WHERE id = $1", batch.Id);
            return;
        }
        sql.Send("UPDATE batches SET state = $2, token = NULL, node = NULL, in_hand = NULL, not_before = NULL WHERE id = $1", batch.Id, state);
        BulkLocks.FreeWhenDone(sql, job, batch.Collection);
    }

    /// <summary>Those of these items that are of the batch and have no outcome yet.</summary>
    public static HashSet<long> OpenOf(SqlSession sql, long job, long batch, IEnumerable<long> items) => [.. sql.Query(
        "SELECT item FROM items WHERE job_id = $1 AND batch_id = $2 AND item IN (SELECT value FROM json_each($3)) AND outcome IS NULL",
        row => row.Long(0), job, batch, SqlSession.List(items))];

    /// <summary>Writes the outcomes of open items, once; those that ended alike go in one statement.</summary>
    public static void SetOutcomes(SqlSession sql, long job, long batch, IEnumerable<ItemResult> results, DateTimeOffset now)
    {
        foreach (var alike in results.GroupBy(r => (r.Outcome, r.Reason, r.Message, r.Attempts, r.DecoderVersion)))
        {
            var (outcome, reason, message, attempts, decoder) = alike.Key;
            // The batch is what its index begins with: however many items the job has, and whatever a planner thinks of that, only those of the batch are read.
            sql.Send(
                """
                UPDATE items SET outcome = $4, reason = $5, message = $6, attempts = $7, decoder = $8, at = $9, not_before = NULL
                WHERE job_id = $1 AND batch_id = $2 AND item IN (SELECT value FROM json_each($3)) AND outcome IS NULL
                """, job, batch, SqlSession.List(alike.Select(result => result.Item)), outcome, reason, message, attempts, decoder, now);
        }
    }

    /// <summary>Writes what a try came to; the item stays open and is due again later.</summary>
    public static void SetRetry(SqlSession sql, long job, ItemResult result, TimeSpan after, DateTimeOffset now) => sql.Send(
        """
        UPDATE items SET reason = $3, message = $4, attempts = $5, decoder = $6, at = $7, not_before = $8
        WHERE job_id = $1 AND item = $2 AND outcome IS NULL
        """, job, result.Item, result.Reason, result.Message, result.Attempts, result.DecoderVersion, now, now + after);

    /// <summary>Where only items are open whose image (or container) is gone: accounts these, and closes the batch.</summary>
    public static void CloseWhenOver(SqlSession sql, BatchRow batch, Handler handler, DateTimeOffset now)
    {
        var there = handler == Handler.Scan ? "JOIN collections o ON o.id = t.item" : "JOIN images o ON o.id = t.item";
        if (sql.Number($"SELECT 1 FROM items t {there} WHERE t.batch_id = $1 AND t.outcome IS NULL LIMIT 1", batch.Id) is not null) return;

        var gone = sql.Query("SELECT item FROM items WHERE batch_id = $1 AND outcome IS NULL", row => row.Long(0), batch.Id);
        Close(sql, batch);
        if (batch.Job is not { } job || gone.Count == 0) return;
        SetOutcomes(sql, job, batch.Id, gone.Select(item => new ItemResult(item, Outcome.Skipped, Reason.Removed, Attempts: 0)), now);
        JobRows.Account(sql, job, new(0, Skipped: gone.Count, 0), now);
    }

    private static BatchRow Map(Row row) => new(
        row.Long(0), row.LongOrNull(1), row.Long(2), row.Long(3), (BatchClass)row.Int(4), (BatchState)row.Int(5), row.Int(6), row.LongOrNull(7),
        row.Long(8), row.Int(9), row.Int(10), row.LongOrNull(11), row.LongOrNull(12), row.TextOrNull(13), row.Bool(14));
}
