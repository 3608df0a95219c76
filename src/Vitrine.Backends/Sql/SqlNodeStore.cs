using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

internal sealed class SqlNodeStore(SqlDatabase database, TimeProvider time) : INodeStore
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    public Task BeatAsync(Node node, int workers, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql =>
    {
        var now = time.GetUtcNow();
        sql.Execute("DELETE FROM nodes WHERE seen_at < $1", now - Forgotten);
        return sql.Execute(
            """
            INSERT INTO nodes (name, started_at, seen_at, workers) VALUES ($1, $2, $2, $3)
            ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at, workers = excluded.workers
            """, node.Name, now, workers);
    }, cancellation);

    public Task<IReadOnlyList<LiveNode>> ListAsync(TimeSpan life, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<LiveNode>>(sql => sql.Query(
            """
            SELECT n.name, n.started_at, n.seen_at, n.workers, (SELECT count(*) FROM batches b WHERE b.node = n.name AND b.state = 2)
            FROM nodes n WHERE n.seen_at > $1 ORDER BY n.name
            """, row => new LiveNode(row.Text(0), row.Time(1), row.Time(2), row.Int(3), row.Int(4)), time.GetUtcNow() - life), cancellation);
}
