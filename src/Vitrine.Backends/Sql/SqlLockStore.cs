using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

internal sealed class SqlLockStore(SqlDatabase database, TimeProvider time) : ILockStore
{
    public Task<LockGrant?> AcquireAsync(string name, string owner, TimeSpan duration, CancellationToken cancellation) =>
        database.PrepareAsync(Lane.Interactive, sql => Acquire(sql, name, owner, duration), cancellation);

    public Task<IReadOnlySet<string>> RenewAsync(string owner, TimeSpan duration, CancellationToken cancellation) =>
        database.PrepareAsync<IReadOnlySet<string>>(Lane.Interactive, sql =>
        {
            var now = time.GetUtcNow();
            return sql.Query("UPDATE locks SET expires_at = $3 WHERE owner = $1 AND expires_at > $2 RETURNING name",
                row => row.Text(0), owner, now, now + duration).ToHashSet();
        }, cancellation);

    public Task ReleaseAsync(LockGrant grant, CancellationToken cancellation) =>
        database.PrepareAsync(Lane.Interactive, sql => sql.Execute("DELETE FROM locks WHERE name = $1 AND token = $2", grant.Name, grant.Token), cancellation);

    public Task FreeAsync(string ownerPrefix, CancellationToken cancellation) =>
        database.PrepareAsync(Lane.Interactive, sql => sql.Execute("DELETE FROM locks WHERE substr(owner, 1, length($1)) = $1", ownerPrefix), cancellation);

    private LockGrant? Acquire(SqlSession sql, string name, string owner, TimeSpan duration)
    {
        var now = time.GetUtcNow();
        var held = sql.Number("UPDATE locks SET expires_at = $4 WHERE name = $1 AND owner = $2 AND expires_at > $3 RETURNING token",
            name, owner, now, now + duration);
        if (held is { } same) return new(name, same);

        // A token of an attempt that fails is lost, which leaves a gap and no harm. A time twice as far off as anybody takes this lock for was written
        // before the clock was set back: it would hold up all others for as long. Nodes have views of the store's clock that differ by a moment, so once is not enough.
        var token = sql.Number(
            """
            INSERT INTO locks (name, owner, token, expires_at) VALUES ($1, $2, $3, $5)
            ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, token = excluded.token, expires_at = excluded.expires_at
            WHERE locks.expires_at <= $4 OR locks.expires_at > $6
            RETURNING token
            """, name, owner, sql.Next(), now, now + duration, now + (2 * duration));
        return token is { } granted ? new(name, granted) : null;
    }
}
