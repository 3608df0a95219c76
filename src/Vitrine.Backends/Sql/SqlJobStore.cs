using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

internal sealed class SqlJobStore(SqlDatabase database, TimeProvider time) : IJobStore
{
    public Task<Job?> AddAsync(NewJob job, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => Add(sql, job), cancellation);

    public Task<Job?> GetAsync(JobId id, CancellationToken cancellation) =>
        database.ReadAsync(sql => JobRows.WithWork(sql, id.Value), cancellation);

    public Task<JobDetails> DetailsAsync(JobId id, CancellationToken cancellation) => database.ReadAsync(sql =>
    {
        var batches = sql.Query("SELECT state, count(*) FROM batches WHERE job_id = $1 GROUP BY state", row => (State: (BatchState)row.Int(0), Count: row.Long(1)), id.Value)
            .ToDictionary(group => group.State, group => group.Count);
        var retries = sql.First("SELECT count(*), min(not_before) FROM items WHERE job_id = $1 AND not_before IS NOT NULL",
            row => Tuple.Create(row.Long(0), row.TimeOrNull(1)), id.Value)!;
        return new JobDetails(new(Count(BatchState.Ready), Count(BatchState.Offered), Count(BatchState.Leased), Count(BatchState.Done), Count(BatchState.Dead)),
            retries.Item1, retries.Item2);

        long Count(BatchState state) => batches.GetValueOrDefault(state);
    }, cancellation);

    public Task<Owners> OwnersAsync(IReadOnlyCollection<CollectionId> collections, IReadOnlyCollection<ImageId> images, CancellationToken cancellation) =>
        database.ReadAsync(sql => new Owners(
            sql.Query("SELECT id, library_id FROM collections WHERE id IN (SELECT value FROM json_each($1))",
                row => (Id: new CollectionId(row.Long(0)), Library: new LibraryId(row.Long(1))), SqlSession.List(collections.Select(c => c.Value)))
                .ToDictionary(owned => owned.Id, owned => owned.Library),
            sql.Query("SELECT id, library_id FROM images WHERE id IN (SELECT value FROM json_each($1))",
                row => (Id: new ImageId(row.Long(0)), Library: new LibraryId(row.Long(1))), SqlSession.List(images.Select(i => i.Value)))
                .ToDictionary(owned => owned.Id, owned => owned.Library)), cancellation);

    public Task<Page<Job>> ListAsync(JobQuery query, CancellationToken cancellation)
    {
        var after = Cursor.Number(query.After, query.ToPlan ? 0 : long.MaxValue);
        var (where, order) = query.ToPlan
            ? ("id > $1 AND planned = 0 AND of_scan = 0 AND handler = 1 AND status < 2", "id")
            : ("id < $1", "id DESC");
        if (query.Open) where += " AND status < 2";
        // Each filter is a text of its own, so that the index that fits it is used.
        if (query.Handler is not null) where += " AND handler = $2";
        if (query.Status is not null) where += " AND status = $3";
        if (query.Parent is not null) where += " AND parent_id = $4";
        if (query.Kind is { } kind) where += $" AND {OfKind(kind)}";
        if (query.HeldBy is { } held) where += held == Holds.None ? " AND holds = 0" : " AND status < 2 AND (holds & $7) <> 0";
        // The plus keeps this filter from an index that would bring the rows in another order.
        if (query.Libraries is not null) where += " AND +library_id IN (SELECT value FROM json_each($5))";
        return database.ReadAsync(sql => Cursor.Page(
            sql.Query($"{JobRows.Select} WHERE {where} ORDER BY {order} LIMIT $6",
                JobRows.Map, after, query.Handler, query.Status, query.Parent?.Value,
                query.Libraries is null ? null : SqlSession.List(query.Libraries.Select(l => l.Value)), query.Limit, query.HeldBy),
            query.Limit, last => last.Id.ToString()), cancellation);
    }

    public Task<bool> ControlAsync(JobId id, JobCommand command, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => command switch
        {
            JobCommand.Cancel => JobRows.Cancel(sql, id.Value, time.GetUtcNow()),
            JobCommand.Hold hold => JobRows.Hold(sql, id.Value, hold.Cause),
            JobCommand.Lift lift => sql.Execute(
                "UPDATE jobs SET holds = holds & ~$2, version = $3 WHERE id = $1 AND status < 2 AND (holds & $2) <> 0",
                id.Value, lift.Cause, sql.Next()) > 0,
            JobCommand.Prioritise prioritise => JobRows.Prioritise(sql, id.Value, prioritise.Class),
            JobCommand.Recover recover => JobRows.Recover(sql, id.Value, time.GetUtcNow() - recover.OfferAge),
            JobCommand.ResumeStale resume => JobClock.Resume(sql, id.Value, resume, time.GetUtcNow()),
            JobCommand.GiveUp giveUp => JobClock.GiveUp(sql, id.Value, giveUp.Timeout, time.GetUtcNow()),
            _ => throw new NotSupportedException(command.GetType().Name),
        }, cancellation);

    public Task<Pruned> PruneAsync(Pruning pruning, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Bulk, sql => JobPruning.Prune(sql, pruning), cancellation);

    /// <summary>Presets are kept as JSON, the same way each time.</summary>
    private static string OfKind(DeriveKind kind) => kind switch
    {
        DeriveKind.Thumbnails => "handler = 1 AND presets = '[\"thumbnail\"]'",
        DeriveKind.Cache => "handler = 1 AND presets NOT LIKE '%\"thumbnail\"%'",
        _ => "handler = 1 AND presets LIKE '%\"thumbnail\"%' AND presets <> '[\"thumbnail\"]'",
    };

    /// <summary>Within a transaction of another store.</summary>
    internal Job? Add(SqlSession sql, NewJob job)
    {
        if (sql.Number("SELECT id FROM libraries WHERE id = $1 AND removed = 0", job.Scope.Library.Value) is null) return null;
        if (job is { Handler: Handler.Scan, Scope.Collections: { } some }) CollectionRows.PostponeRevisits(sql, some, time.GetUtcNow());
        var known = job.IdempotencyKey is { } key ? sql.Number("SELECT id FROM jobs WHERE idempotency_key = $1", key) : null;
        if (known is null && job.Handler == Handler.Scan && NotStarted(sql, job.Scope) is { } scan)
        {
            known = scan;
            // The same request again means this scan, also when it has started by then.
            if (job.IdempotencyKey is not null) sql.Execute("UPDATE jobs SET idempotency_key = $2 WHERE id = $1 AND idempotency_key IS NULL", scan, job.IdempotencyKey);
        }
        if (known is { } same) return JobRows.WithWork(sql, same);

        var id = Insert(sql, job, ofScan: false);
        if (job.Handler == Handler.Scan)
        {
            var child = new NewJob(Handler.Derive, job.Scope with { Collections = null, Images = null, Failures = null }, job.Class, Parent: new(id));
            Insert(sql, child, ofScan: true);
            AddFirstItems(sql, id, job);
            JobRows.Settle(sql, id, time.GetUtcNow()); // A scan of nothing is over as it begins.
        }
        return JobRows.WithWork(sql, id);
    }

    private long Insert(SqlSession sql, NewJob job, bool ofScan) => sql.Number(
        """
        INSERT INTO jobs (handler, library_id, presets, collections, images, force, class, parent_id, of_scan, idempotency_key, created_at, version, failures, incomplete)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id
        """,
        job.Handler, job.Scope.Library.Value, SqlSession.List(job.Scope.Presets), Ids(job.Scope.Collections?.Select(c => c.Value)),
        Ids(job.Scope.Images?.Select(i => i.Value)), job.Scope.Force, job.Class, job.Parent?.Value, ofScan, job.IdempotencyKey,
        time.GetUtcNow(), sql.Next(), FailureJson.Write(job.Scope.Failures), job.Scope.Incomplete)!.Value;

    /// <summary>A scan of the same scope of which no batch was leased yet.</summary>
    private static long? NotStarted(SqlSession sql, JobScope scope) => sql.Number(
        """
        SELECT j.id FROM jobs j
        WHERE j.library_id = $1 AND j.handler = 0 AND j.status = 0 AND j.collections IS NOT DISTINCT FROM $2 AND j.presets = $3 AND j.force = $4
          AND j.failures IS NOT DISTINCT FROM $5
          AND (SELECT count(*) FROM batches b WHERE b.job_id = j.id AND b.state < 2) = j.total
        ORDER BY j.id LIMIT 1
        """, scope.Library.Value, Ids(scope.Collections?.Select(c => c.Value)), SqlSession.List(scope.Presets), scope.Force,
        FailureJson.Write(scope.Failures));

    private static void AddFirstItems(SqlSession sql, long scan, NewJob job)
    {
        if (job.Scope.Failures is not null) FailureScope.ForEachContainers(sql, job.Scope, Add);
        else Add(FirstItems(sql, job.Scope));

        void Add(IReadOnlyCollection<long> collections) => BatchRows.AddScanItems(sql, scan, job.Scope.Library.Value, job.Class, collections);
    }

    private static List<long> FirstItems(SqlSession sql, JobScope scope) => scope.Collections is { } some
        ? sql.Query("SELECT id FROM collections WHERE library_id = $1 AND id IN (SELECT value FROM json_each($2)) ORDER BY id",
            row => row.Long(0), scope.Library.Value, Ids(some.Select(c => c.Value)))
        : sql.Query("SELECT id FROM collections WHERE library_id = $1 AND path = $2", row => row.Long(0), scope.Library.Value, SourcePath.Root.Bytes);

    private static string? Ids(IEnumerable<long>? ids) => ids is null ? null : SqlSession.List(ids);
}
