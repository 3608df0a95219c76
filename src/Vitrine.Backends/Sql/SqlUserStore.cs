using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlUserStore(SqlDatabase database, TimeProvider time) : IUserStore
{
    private static readonly TimeSpan SeenStep = TimeSpan.FromMinutes(1);

    public Task<User?> AddAsync(string name, string passwordHash, Role role, IReadOnlyCollection<LibraryId> libraries, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            var now = time.GetUtcNow();
            if (Add(sql, name, passwordHash, role, now) is not { } user) return null;
            foreach (var library in libraries) sql.Execute("INSERT INTO grants (user_id, library_id) VALUES ($1, $2)", user, library.Value);
            return new User(new(user), name, role, now, null);
        }, cancellation);

    public Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<User>>(sql => sql.Query(
            "SELECT id, name, role, created_at, locked_until FROM users ORDER BY name_key", Map), cancellation);

    public Task<Credentials?> FindAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.First(
            """
            SELECT id, name, role, created_at, locked_until, password_hash, failed_attempts, first_failed_at
            FROM users WHERE name_key = $1
            """, row => new Credentials(Map(row), row.Text(5), row.Int(6), row.TimeOrNull(7)), Key(name)), cancellation);

    public Task RecordAttemptAsync(
        UserId user, int failedAttempts, DateTimeOffset? firstFailedAt, DateTimeOffset? lockedUntil, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => sql.Execute(
            "UPDATE users SET failed_attempts = $2, first_failed_at = $3, locked_until = $4 WHERE id = $1",
            user.Value, failedAttempts, firstFailedAt, lockedUntil), cancellation);

    public Task AddSessionAsync(UserId user, byte[] tokenHash, TimeSpan idleLimit, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            var now = time.GetUtcNow();
            // A user who signs in sweeps their own dead sessions: no other place lets them grow.
            sql.Execute("DELETE FROM sessions WHERE user_id = $1 AND seen_at + idle_limit <= $2", user.Value, now);
            return sql.Execute("INSERT INTO sessions (token_hash, user_id, idle_limit, seen_at) VALUES ($1, $2, $3, $4)",
                tokenHash, user.Value, idleLimit, now);
        }, cancellation);

    public async Task<Access?> FindSessionAsync(byte[] tokenHash, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (access, seenAt) = await database.ReadAsync(sql => Find(sql, tokenHash, now), cancellation);
        if (access is not null && now - seenAt >= SeenStep)
        {
            await database.WriteAsync(Lane.Interactive, sql => sql.Execute(
                "UPDATE sessions SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2", tokenHash, now), cancellation);
        }
        return access;
    }

    public Task<bool> RemoveSessionAsync(byte[] tokenHash, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => sql.Execute("DELETE FROM sessions WHERE token_hash = $1", tokenHash) > 0, cancellation);

    /// <summary>The new user's id; null where the name is taken.</summary>
    public static long? Add(SqlSession sql, string name, string passwordHash, Role role, DateTimeOffset now) => sql.Number(
        """
        INSERT INTO users (name, name_key, password_hash, role, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (name_key) DO NOTHING RETURNING id
        """, name, Key(name), passwordHash, role, now);

    public static User? Find(SqlSession sql, UserId id) =>
        sql.First("SELECT id, name, role, created_at, locked_until FROM users WHERE id = $1", Map, id.Value);

    private static (Access? Access, DateTimeOffset SeenAt) Find(SqlSession sql, byte[] tokenHash, DateTimeOffset now)
    {
        var found = sql.First(
            """
            SELECT u.id, u.name, u.role, s.seen_at FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.token_hash = $1 AND s.seen_at + s.idle_limit > $2
            """, row => new { Id = row.Long(0), Name = row.Text(1), Role = (Role)row.Int(2), SeenAt = row.Time(3) }, tokenHash, now);
        if (found is null) return default;
        var grants = found.Role == Role.Admin
            ? Grants.All
            : Grants.Of(sql.Query("SELECT library_id FROM grants WHERE user_id = $1", row => new LibraryId(row.Long(0)), found.Id));
        return (new(new(found.Id), found.Name, found.Role, grants), found.SeenAt);
    }

    private static User Map(Row row) => new(new(row.Long(0)), row.Text(1), (Role)row.Int(2), row.Time(3), row.TimeOrNull(4));

    private static string Key(string name) => name.Normalize().ToUpperInvariant();
}
