using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlSessionStore(SqlDatabase database, TimeProvider time) : ISessionStore
{
    private static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(1);

    public Task<AttemptEnd> RecordAttemptAsync(UserId user, bool right, LockOut rule, NewAuditEntry lockedOut, CancellationToken cancellation) =>
        database.PrepareAsync(Lane.Interactive, sql =>
        {
            var end = Record(sql, user.Value, right, rule);
            if (end == AttemptEnd.LockedOut) SqlAuditStore.Insert(sql, lockedOut);
            return end;
        }, cancellation);

    public Task<SessionId> AddAsync(UserId user, byte[] tokenHash, TimeSpan idleLimit, string agent, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            var now = time.GetUtcNow();
            // A user who signs in sweeps their own dead sessions: no other place lets them grow.
            sql.Execute("DELETE FROM sessions WHERE user_id = $1 AND seen_at + idle_limit <= $2", user.Value, now);
            var surplus = sql.Execute(
                "DELETE FROM sessions WHERE user_id = $1 AND id NOT IN (SELECT id FROM sessions WHERE user_id = $1 ORDER BY seen_at DESC, id DESC LIMIT $2)",
                user.Value, ISessionStore.MaxOfUser - 1);
            if (surplus > 0) SqlWithdrawalStore.Note(sql, user.Value, now);
            return new SessionId(sql.Number(
                "INSERT INTO sessions (token_hash, user_id, idle_limit, agent, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5) RETURNING id",
                tokenHash, user.Value, idleLimit, agent, now)!.Value);
        }, cancellation);

    public async Task<Access?> FindAsync(byte[] tokenHash, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (access, seenAt) = await database.ReadAsync(sql => Find(sql, tokenHash, now), cancellation);
        if (access is not null && now - seenAt >= SeenStep)
        {
            await database.PrepareAsync(Lane.Interactive, sql => sql.Execute(
                "UPDATE sessions SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2", tokenHash, now), cancellation);
        }
        return access;
    }

    public Task<bool> RemoveAsync(byte[] tokenHash, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            if (sql.Number("DELETE FROM sessions WHERE token_hash = $1 RETURNING user_id", tokenHash) is not { } user) return false;
            SqlWithdrawalStore.Note(sql, user, time.GetUtcNow());
            return true;
        }, cancellation);

    public Task<IReadOnlyList<Session>> ListAsync(UserId user, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<Session>>(sql => sql.Query(
            "SELECT id, agent, created_at, seen_at FROM sessions WHERE user_id = $1 AND seen_at + idle_limit > $2 ORDER BY seen_at DESC, id DESC",
            row => new Session(new(row.Long(0)), user, row.Text(1), row.Time(2), row.Time(3)), user.Value, time.GetUtcNow()), cancellation);

    public Task<int> RevokeAsync(UserId user, SessionId? id, byte[]? except, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            var ended = id is { } one
                ? sql.Execute("DELETE FROM sessions WHERE user_id = $1 AND id = $2", user.Value, one.Value)
                : sql.Execute("DELETE FROM sessions WHERE user_id = $1 AND token_hash IS DISTINCT FROM $2", user.Value, except);
            if (ended > 0) SqlWithdrawalStore.Note(sql, user.Value, time.GetUtcNow());
            return ended;
        }, cancellation);

    private AttemptEnd Record(SqlSession sql, long user, bool right, LockOut rule)
    {
        var now = time.GetUtcNow();
        var before = sql.First(
            $"SELECT {UserRows.Columns}, u.failed_attempts, u.first_failed_at FROM users u WHERE u.id = $1",
            row => new Credentials(UserRows.Map(row, []), "", row.Int(7), row.TimeOrNull(8)), user);
        var open = before is not null && !before.User.Disabled && !LockOut.IsLocked(before.User, now);
        var attempt = (open, right) switch
        {
            (true, false) => rule.AfterFailure(before!, now),
            (true, true) => default,
            _ => new Attempt(before?.FailedAttempts ?? 0, before?.FirstFailedAt, before?.User.LockedUntil),
        };
        // One statement, whatever comes out: how long it takes tells nothing about the name.
        sql.Execute("UPDATE users SET failed_attempts = $2, first_failed_at = $3, locked_until = $4 WHERE id = $1",
            user, attempt.Failures, attempt.FirstFailedAt, attempt.LockedUntil);
        if (open && right) return AttemptEnd.LetIn;
        return open && attempt.LockedUntil is not null ? AttemptEnd.LockedOut : AttemptEnd.Refused;
    }

    private static (Access? Access, DateTimeOffset SeenAt) Find(SqlSession sql, byte[] tokenHash, DateTimeOffset now)
    {
        var found = sql.First(
            $"""
            SELECT {UserRows.Columns}, s.seen_at, s.id FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.token_hash = $1 AND s.seen_at + s.idle_limit > $2 AND u.disabled = 0
            """, row => new { User = UserRows.Map(row, []), SeenAt = row.Time(7), Session = new SessionId(row.Long(8)) }, tokenHash, now);
        if (found is null) return default;
        var user = UserRows.WithLibraries(sql, found.User);
        return (new(user.Id, user.Name, user.Role, user.Grants, user.Scopes, Session: found.Session), found.SeenAt);
    }
}
