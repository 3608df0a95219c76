using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

internal sealed class SqlLedger(SqlDatabase database, TimeProvider time) : ILedger
{
    public Task<CommitAnswer> CommitAsync(Lease lease, IReadOnlyList<ItemResult> results, CancellationToken cancellation) =>
        database.WriteAsync(lease.Job is null ? Lane.Interactive : Lane.Bulk, sql => Commit(sql, lease, results), cancellation);

    public Task<Audit> AuditAsync(CancellationToken cancellation) =>
        Task.Run(() => database.ReadAsync(LedgerAudit.Make, cancellation), cancellation);

    private CommitAnswer Commit(SqlSession sql, Lease lease, IReadOnlyList<ItemResult> results)
    {
        var batch = BatchRows.OfToken(sql, lease.Token);
        if (batch is null || batch.Id != lease.Batch.Value) return Fenced(results);
        var job = batch.Job is { } id ? JobRows.Standing(sql, id) : null;
        if (job is { IsOver: true }) return Fenced(results);

        var commit = new Commit(sql, lease, batch, time.GetUtcNow());
        if (results.Count == 0 && lease.Items.Count > 0) commit.NoteProgress();
        commit.Apply(results);
        return commit.End(job?.Holds ?? Holds.None);
    }

    private static CommitAnswer Fenced(IReadOnlyList<ItemResult> results) => new(
        CommitState.Fenced,
        [.. results.SelectMany(r => r.Derivatives ?? []).Select(d => d.File).OfType<BlobFile>()], []);
}
