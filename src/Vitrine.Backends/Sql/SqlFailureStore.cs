using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlFailureStore(SqlDatabase database, SqlJobStore jobs) : IFailureStore
{
    private const int StepRows = 1000;

    public Task<IReadOnlyList<FailureGroup>> GroupsAsync(Grants grants, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<FailureGroup>>(sql => StandingListing.Groups(sql, grants), cancellation);

    public Task<Page<JobFailure>> ListAsync(Grants grants, FailureQuery query, string? after, int limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => FailureListing.Read(sql, grants, query, after, limit), cancellation);

    public async Task<long> IgnoreAsync(Grants grants, FailureQuery.Standing selection, bool ignored, CancellationToken cancellation)
    {
        var other = selection with { Ignored = !ignored };
        long all = 0;
        int step;
        do
        {
            step = await database.WriteAsync(Lane.Interactive, sql => Ignore(sql, grants, other, ignored), cancellation);
            all += step;
        }
        while (step == StepRows);
        return all;
    }

    public Task<IReadOnlyList<Job>?> RetryAsync(Grants grants, FailureQuery selection, string? idempotencyKey, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => new FailureRetry(sql, jobs, grants, idempotencyKey).Add(selection), cancellation);

    public Task<Page<DeadBatch>> DeadBatchesAsync(Grants grants, string? after, int limit, CancellationToken cancellation)
    {
        var start = Cursor.Number(after, long.MaxValue);
        return database.ReadAsync(sql => DeadBatches.List(sql, grants, start, limit), cancellation);
    }

    public Task<bool> DropAsync(Grants grants, BatchId batch, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => DeadBatches.Find(sql, grants, batch.Value) is not null && DeadBatches.Drop(sql, batch.Value), cancellation);

    /// <summary>One step: what it changes is no longer selected, so the next one begins anew.</summary>
    private static int Ignore(SqlSession sql, Grants grants, FailureQuery.Standing selection, bool ignored)
    {
        var found = StandingListing.Read(sql, grants, selection, StandingPlace.Start, StepRows, (group, after, room) => sql.Query(
            group.Kind == Handler.Scan ? StandingListing.Containers(selection, "SELECT c.id") : StandingListing.Images(selection, "SELECT i.id"),
            row => (Group: group, Item: row.Long(0)), StandingListing.Arguments(selection, group, after, room)));
        var counters = new Counters();
        foreach (var (group, item) in found)
        {
            var mark = new StandingMark(group.Reason, group.Decoder, group.Ignored);
            sql.Execute(
                group.Kind == Handler.Scan ? "UPDATE collections SET ignored = $2 WHERE id = $1" : "UPDATE images SET ignored = $2 WHERE id = $1", item, ignored);
            counters.Standing(group.Kind, group.Library.Value, mark, mark with { Ignored = ignored });
        }
        counters.Write(sql);
        return found.Count;
    }
}
