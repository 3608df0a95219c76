using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>
/// One step of the dispatcher: which batches are offered next, by class, then round-robin over jobs, the one served longest ago first. What there is to offer is read
/// at once, and chosen from in memory.
/// </summary>
internal sealed class BatchOffers(SqlSession sql, OfferWindow window, DateTimeOffset now)
{
    private static readonly BatchClass[] Classes = Enum.GetValues<BatchClass>();
    private readonly List<(long Batch, BatchClass Class)> _offered = [];
    private readonly Waiting _ofNoJob = new(null, Handler.Derive);
    private List<Waiting> _jobs = [];
    private readonly List<Waiting> _served = [];

    /// <summary>In the order in which they are to be published.</summary>
    public List<Offer> Offer()
    {
        var again = OfferAgain();
        var rooms = Rooms();
        if (rooms.Count > 0) Read(rooms);
        foreach (var batchClass in Classes)
        {
            _offered.AddRange(again.Where(batch => batch.Class == batchClass));
            Choose(batchClass, rooms.GetValueOrDefault(batchClass));
        }
        WriteServed();
        return Write();
    }

    /// <summary>Where a job's turn ends with this batch (see <see cref="Turns"/>), it is the last of the jobs now.</summary>
    public static void MarkServed(SqlSession sql, Job? job, long batch)
    {
        if (job is not null && Turns.EndsWith(job.Handler, batch)) sql.Send("UPDATE jobs SET served = $2 WHERE id = $1", job.Id.Value, sql.Next());
    }

    /// <summary>The order of batches of no job in one class. Covers of no job are those of an open view: the newest view first.</summary>
    public static string OrderOfNoJob(BatchClass batchClass) => batchClass == BatchClass.Covers ? "id DESC" : "id";

    /// <summary>Offers that nobody leased in time: those to offer again. Where the job is held or over they are offers no more.</summary>
    private List<(long Batch, BatchClass Class)> OfferAgain()
    {
        var stale = Arguments.QueryUnion(
            sql,
            """
            SELECT b.id, b.class, j.status, j.holds FROM batches b LEFT JOIN jobs j ON j.id = b.job_id
            WHERE b.class = {1} AND b.state = 1 AND b.offered_at <= $1 ORDER BY b.offered_at, b.id LIMIT $2
            """, row => (Batch: row.Long(0), Class: (BatchClass)row.Int(1), IsOver: row.LongOrNull(2) >= (long)JobStatus.Completed, IsHeld: row.LongOrNull(3) > 0),
            [.. Classes.Select(c => new object[] { (long)c })], now - window.OfferAgain, window.PerClass);
        if (stale.Count == 0) return [];
        sql.Send("UPDATE batches SET state = 3 WHERE id IN (SELECT value FROM json_each($1))", SqlSession.List(stale.Where(batch => batch.IsOver).Select(batch => batch.Batch)));
        sql.Send("UPDATE batches SET state = 0, offered_at = NULL WHERE id IN (SELECT value FROM json_each($1))",
            SqlSession.List(stale.Where(batch => !batch.IsOver && batch.IsHeld).Select(batch => batch.Batch)));
        return [.. stale.Where(batch => !batch.IsOver && !batch.IsHeld).Select(batch => (batch.Batch, batch.Class))];
    }

    /// <summary>How many more each class has room for, where it has any.</summary>
    private Dictionary<BatchClass, int> Rooms()
    {
        var offered = sql.Query("SELECT class, count(*) FROM batches WHERE class IN (0, 1, 2, 3) AND state = 1 GROUP BY class",
            row => (Class: (BatchClass)row.Int(0), Count: row.Int(1))).ToDictionary(some => some.Class, some => some.Count);
        return Classes.Select(c => (Class: c, Room: window.PerClass - offered.GetValueOrDefault(c))).Where(c => c.Room > 0).ToDictionary(c => c.Class, c => c.Room);
    }

    /// <summary>Reads as many batches that are due as there is room for: of no job, and of each job that may get a turn.</summary>
    private void Read(Dictionary<BatchClass, int> rooms)
    {
        var none = Arguments.QueryUnion(
            sql, $"SELECT class, id FROM batches WHERE job_id IS NULL AND class = {{1}} AND {Due} ORDER BY id LIMIT {{2}}", Map,
            Wanted(c => c != BatchClass.Covers), now);
        if (rooms.TryGetValue(BatchClass.Covers, out var covers))
        {
            none.AddRange(sql.Query($"SELECT class, id FROM batches WHERE job_id IS NULL AND class = 1 AND {Due} ORDER BY id DESC LIMIT $2", Map, now, covers));
        }
        _ofNoJob.Add(none);
        ReadJobs(rooms);

        (BatchClass, long) Map(Row row) => ((BatchClass)row.Int(0), row.Long(1));

        List<object[]> Wanted(Func<BatchClass, bool> some) => [.. rooms.Where(r => some(r.Key)).Select(r => new object[] { (long)r.Key, (long)r.Value })];
    }

    private const string Due = "state < 2 AND state = 0 AND (not_before IS NULL OR not_before <= $1)";

    private void ReadJobs(Dictionary<BatchClass, int> rooms)
    {
        var firsts = string.Join(", ", Classes.Select(c => $"(SELECT id FROM batches WHERE job_id = jobs.id AND class = {(int)c} AND {Due} ORDER BY id LIMIT 1)"));
        var found = sql.Query($"SELECT id, handler, {firsts} FROM jobs WHERE status < 2 AND holds = 0 ORDER BY served, jobs.id",
            row => (Job: new Waiting(row.Long(0), (Handler)row.Int(1)), Classes: Classes.Where(c => !row.IsNull(2 + (int)c)).ToList()), now);
        _jobs = found.ConvertAll(job => job.Job);
        // A turn takes at least one batch, and jobs that had one in a class before are behind the others.
        var turns = 0;
        var wanted = new List<object[]>();
        foreach (var (batchClass, room) in rooms.OrderBy(room => room.Key))
        {
            turns += room;
            wanted.AddRange(found.Where(job => job.Classes.Contains(batchClass)).Take(turns).Select(job => new object[] { job.Job.Job!.Value, (long)batchClass, (long)room }));
        }
        var ready = Arguments.QueryUnion(
            sql, $"SELECT job_id, class, id FROM batches WHERE job_id = {{1}} AND class = {{2}} AND {Due} ORDER BY id LIMIT {{3}}",
            row => (Job: row.Long(0), Batch: ((BatchClass)row.Int(1), row.Long(2))), wanted, now).ToLookup(batch => batch.Job, batch => batch.Batch);
        foreach (var job in _jobs) job.Add(ready[job.Job!.Value]);
    }

    private void Choose(BatchClass batchClass, int room)
    {
        var waiting = _jobs.Prepend(_ofNoJob).Where(job => job.Of(batchClass).Count > 0).ToList();
        for (var (i, chosen) = (0, 0); chosen < room && waiting.Count > 0; i++, chosen++)
        {
            i %= waiting.Count;
            var job = waiting[i];
            var batch = job.Of(batchClass).Dequeue();
            _offered.Add((batch, batchClass));
            if (job.Job is not null && Turns.EndsWith(job.Handler, batch)) PutLast(job);
            if (job.Of(batchClass).Count == 0) waiting.RemoveAt(i--);
        }
    }

    private void PutLast(Waiting job)
    {
        foreach (var order in new[] { _jobs, _served })
        {
            order.Remove(job);
            order.Add(job);
        }
    }

    /// <summary>The jobs get the next numbers in the order in which they had their last turns.</summary>
    private void WriteServed()
    {
        if (_served.Count == 0) return;
        var next = sql.Number("UPDATE sequence SET value = value + $1 WHERE id = 1 RETURNING value", _served.Count)!.Value - _served.Count;
        foreach (var job in _served) sql.Send("UPDATE jobs SET served = $2 WHERE id = $1", job.Job, ++next);
    }

    private List<Offer> Write()
    {
        if (_offered.Count == 0) return [];
        var numbers = sql.Query(
            "UPDATE batches SET state = 1, offer = offer + 1, offered_at = $2 WHERE id IN (SELECT value FROM json_each($1)) RETURNING id, offer",
            row => (Batch: row.Long(0), Number: row.Int(1)), SqlSession.List(_offered.Select(batch => batch.Batch)), now).ToDictionary(offer => offer.Batch, offer => offer.Number);
        return _offered.ConvertAll(batch => new Offer(new(batch.Batch), numbers[batch.Batch], batch.Class));
    }

    /// <summary>Batches that are due, of one job or of none.</summary>
    private sealed class Waiting(long? job, Handler handler)
    {
        private readonly Queue<long>[] _batches = [.. Classes.Select(_ => new Queue<long>())];

        public long? Job => job;
        public Handler Handler => handler;

        public Queue<long> Of(BatchClass batchClass) => _batches[(int)batchClass];

        public void Add(IEnumerable<(BatchClass Class, long Batch)> batches)
        {
            foreach (var (batchClass, batch) in batches) Of(batchClass).Enqueue(batch);
        }
    }
}
