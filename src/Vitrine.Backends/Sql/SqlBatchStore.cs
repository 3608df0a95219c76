using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

internal sealed class SqlBatchStore(SqlDatabase database, TimeProvider time) : IBatchStore
{
    public Task<AddAnswer> AddAsync(BatchAddition addition, CancellationToken cancellation) => addition switch
    {
        BatchAddition.Plan plan => database.WriteAsync(Lane.Bulk, sql => Plan(sql, plan), cancellation),
        BatchAddition.OnDemand onDemand => database.WriteAsync(Lane.Interactive, sql => LookedAt.OnDemand(sql, onDemand), cancellation),
        BatchAddition.Renewal renewal => RenewDerivativeAsync(renewal, cancellation),
        BatchAddition.InView view => database.WriteAsync(Lane.Interactive, sql => LookedAt.InView(sql, view), cancellation),
        _ => throw new NotSupportedException(addition.GetType().Name),
    };

    public Task<IReadOnlyList<Offer>> OfferAsync(OfferWindow window, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlyList<Offer>>(Lane.Interactive, sql => new BatchOffers(sql, window, time.GetUtcNow()).Offer(), cancellation);

    public Task<Lease?> LeaseAsync(LeaseRequest request, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => new BatchLeasing(sql, request, time.GetUtcNow()).Lease(), cancellation);

    public Task<IReadOnlySet<LeaseToken>> RenewAsync(string node, IReadOnlyCollection<LeaseToken> tokens, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlySet<LeaseToken>>(Lane.Interactive, sql => sql.Query(
            """
            UPDATE batches SET renewals = renewals + 1, heartbeat_at = $3
            WHERE token IN (SELECT value FROM json_each($2)) AND state = 2 AND node = $1 RETURNING token
            """, row => new LeaseToken(row.Long(0)), node, SqlSession.List(tokens.Select(t => t.Value)), time.GetUtcNow()).ToHashSet(), cancellation);

    public Task<bool> BeginAsync(LeaseToken token, long? item, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => sql.Execute(
            "UPDATE batches SET in_hand = $2 WHERE token = $1 AND state = 2", token.Value, item) > 0, cancellation);

    public Task<bool> ReleaseAsync(BatchRelease release, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => release switch
        {
            BatchRelease.Refused refused => sql.Execute(
                "UPDATE batches SET state = 0, offered_at = NULL WHERE id = $1 AND state = 1 AND offer = $2",
                refused.Offer.Batch.Value, refused.Offer.Number) > 0,
            BatchRelease.HandedBack back => HandBack(sql, back, time.GetUtcNow()),
            BatchRelease.Died died => BatchDeaths.Die(sql, died, time.GetUtcNow()),
            _ => throw new NotSupportedException(release.GetType().Name),
        }, cancellation);

    public Task<IReadOnlyList<LeaseSign>> LeasesAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<LeaseSign>>(sql => sql.Query(
            "SELECT id, token, node, renewals FROM batches WHERE token IS NOT NULL AND state = 2 ORDER BY token",
            row => new LeaseSign(new(row.Long(0)), new(row.Long(1)), row.Text(2), row.Long(3))), cancellation);

    /// <summary>Asked for with each look at an old derivative, and mostly refused: that costs a read.</summary>
    private async Task<AddAnswer> RenewDerivativeAsync(BatchAddition.Renewal renewal, CancellationToken cancellation) =>
        await database.ReadAsync(sql => LookedAt.IsOnDemandAlone(sql, renewal), cancellation)
            ? await AddAsync(new BatchAddition.OnDemand(renewal.Image, [renewal.Preset]), cancellation)
            : new(false);

    private AddAnswer Plan(SqlSession sql, BatchAddition.Plan plan)
    {
        var job = plan.Job.Value;
        if (sql.Number("SELECT 1 FROM locks WHERE name = $1 AND token = $2", plan.Planner.Name, plan.Planner.Token) is null) return new(false);
        if (sql.Number("SELECT 1 FROM jobs WHERE id = $1 AND status < 2 AND planned = 0 AND of_scan = 0", job) is null) return new(false);
        var now = time.GetUtcNow();
        var planning = JobRows.Get(sql, job)!;
        var elsewhere = BulkLocks.Take(sql, planning, plan.Batches, now);
        // The job's class may have changed since the planner read it.
        var mine = plan.Batches.Select(batch => batch with { Class = Class(batch, planning), Items = [.. batch.Items.Where(item => !elsewhere.ContainsKey(item))] });
        var added = BatchRows.Insert(sql, job, planning.Scope.Library.Value, [.. mine]);
        var inProgress = BatchRows.InsertInProgress(sql, job, elsewhere, now);
        sql.Send("UPDATE jobs SET total = total + $2, plan_cursor = $3, planned = $4, version = $5 WHERE id = $1",
            job, added + inProgress, plan.Cursor, plan.Planned, sql.Next());
        JobRows.Account(sql, job, new(0, Skipped: inProgress, 0), now);
        JobRows.Settle(sql, job, now);
        return new(true);
    }

    private static BatchClass Class(NewBatch batch, Job planning) => batch.Class == BatchClass.Covers ? batch.Class : planning.Class;

    private static bool HandBack(SqlSession sql, BatchRelease.HandedBack back, DateTimeOffset now)
    {
        if (BatchRows.OfToken(sql, back.Token) is not { } batch) return false;
        BatchRows.GiveBack(sql, batch, now, back.NotBefore);
        if (back.Hold != Holds.None && batch.Job is { } job) JobRows.Hold(sql, job, back.Hold);
        return true;
    }
}
