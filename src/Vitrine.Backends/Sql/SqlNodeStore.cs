using System.Text.Json;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

internal sealed class SqlNodeStore(SqlDatabase database, TimeProvider time) : INodeStore
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    public Task BeatAsync(Node node, int workers, IReadOnlyCollection<LibraryId> unable, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql =>
    {
        var now = time.GetUtcNow();
        sql.Execute("DELETE FROM nodes WHERE seen_at < $1", now - Forgotten);
        return sql.Execute(
            """
            INSERT INTO nodes (name, started_at, seen_at, workers, version, labels, unable) VALUES ($1, $2, $2, $3, $4, $5, $6)
            ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at, workers = excluded.workers, unable = excluded.unable
            """, node.Name, now, workers, node.Version, SqlSession.List(node.Labels), SqlSession.List(unable.Select(library => library.Value)));
    }, cancellation);

    public Task<IReadOnlyList<LiveNode>> ListAsync(TimeSpan life, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<LiveNode>>(sql => sql.Query(
            """
            SELECT n.name, n.started_at, n.seen_at, n.workers, (SELECT count(*) FROM batches b WHERE b.node = n.name AND b.state = 2),
                n.version, n.labels, n.unable
            FROM nodes n WHERE n.seen_at > $1 ORDER BY n.name
            """, Map, time.GetUtcNow() - life), cancellation);

    private static LiveNode Map(Row row) => new(row.Text(0), row.Time(1), row.Time(2), row.Int(3), row.Int(4))
    {
        Version = row.Text(5),
        Labels = row.Texts(6),
        Unable = [.. SqlJson.Longs(row.Text(7)).Select(id => new LibraryId(id))],
    };
}
