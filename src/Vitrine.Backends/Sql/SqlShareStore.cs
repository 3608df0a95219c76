using Vitrine.Core;
using Vitrine.Core.Shares;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlShareStore(SqlDatabase database, TimeProvider time) : IShareStore
{
    private const string Select =
        """
        SELECT s.id, s.collection_id, c.name, s.user_id, u.name, s.label, s.created_at, s.expires_at
        FROM shares s JOIN collections c ON c.id = s.collection_id JOIN users u ON u.id = s.user_id
        """;

    public Task<Share?> AddAsync(NewShare share, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql =>
    {
        var now = time.GetUtcNow();
        // A user who makes a link sweeps their own expired ones: no other place lets them grow.
        sql.Execute("DELETE FROM shares WHERE user_id = $1 AND expires_at <= $2", share.User.Value, now);
        var id = sql.Number(
            """
            INSERT INTO shares (token_hash, collection_id, user_id, label, created_at, expires_at)
            SELECT $1, $2, $3, $4, $5, $6
            WHERE EXISTS (SELECT 1 FROM collections WHERE id = $2) AND EXISTS (SELECT 1 FROM users WHERE id = $3)
              AND (SELECT count(*) FROM shares WHERE user_id = $3) < $7
            RETURNING id
            """, share.TokenHash, share.Collection.Value, share.User.Value, share.Label, now, share.ExpiresAt, NewShare.MaxOfUser);
        return id is null ? null : sql.First($"{Select} WHERE s.id = $1", Map, id);
    }, cancellation);

    public Task<Page<Share>> ListAsync(Grants grants, UserId? maker, string? after, int limit, CancellationToken cancellation)
    {
        var start = Cursor.Number(after, long.MaxValue);
        var (now, libraries) = (time.GetUtcNow(), SqlSession.List(grants.Libraries.Select(library => library.Value)));
        return database.ReadAsync(sql => Cursor.Page(sql.Query(
            $"""
            {Select}
            WHERE s.id < $1 {(maker is null ? "" : "AND s.user_id = $5")} AND s.expires_at > $2
            {(grants.IsAll ? "" : "AND EXISTS (SELECT 1 FROM json_each($3) WHERE value = c.library_id)")}
            ORDER BY s.id DESC LIMIT $4
            """, Map, start, now, libraries, limit, maker?.Value), limit, last => last.Id.ToString()), cancellation);
    }

    public Task<bool> RemoveAsync(ShareId id, UserId? maker, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql => sql.Execute(
        "DELETE FROM shares WHERE id = $1 AND (user_id = $2 OR $2 IS NULL)", id.Value, maker?.Value) > 0, cancellation);

    public Task<SharedCollection?> FindAsync(byte[] tokenHash, CancellationToken cancellation) => database.ReadAsync(sql => sql.First(
        $"""
        SELECT s.id, c.library_id, c.id, s.expires_at
        FROM shares s JOIN collections c ON c.id = s.collection_id JOIN users u ON u.id = s.user_id
        WHERE s.token_hash = $1 AND s.expires_at > $2 AND c.library_id NOT IN {LibraryRemoval.Going}
          AND u.disabled = 0 AND (u.role = $3 OR EXISTS (SELECT 1 FROM grants g WHERE g.user_id = u.id AND g.library_id = c.library_id))
        """,
        row => new SharedCollection(new(row.Long(0)), new(row.Long(1)), new(row.Long(2)), row.Time(3)), tokenHash, time.GetUtcNow(), Role.Admin), cancellation);

    private static Share Map(Row row) => new(
        new(row.Long(0)), new(row.Long(1)), row.Text(2), new(row.Long(3)), row.Text(4), row.Text(5), row.Time(6), row.Time(7));
}
