using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlApiKeyStore(SqlDatabase database, TimeProvider time) : IApiKeyStore
{
    private static readonly TimeSpan UsedStep = TimeSpan.FromMinutes(1);

    public Task<ApiKey?> AddAsync(NewApiKey key, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            var now = time.GetUtcNow();
            var id = sql.Number(
                """
                INSERT INTO api_keys (user_id, name, token_hash, scopes, created_at, expires_at) SELECT $1, $2, $3, $4, $5, $6
                WHERE EXISTS (SELECT 1 FROM users WHERE id = $1) AND (SELECT count(*) FROM api_keys WHERE user_id = $1) < $7
                RETURNING id
                """, key.User.Value, key.Name, key.TokenHash, key.Scopes, now, key.ExpiresAt, IApiKeyStore.MaxOfUser);
            return id is { } added ? new ApiKey(new(added), key.User, key.Name, key.Scopes, now, key.ExpiresAt, null) : null;
        }, cancellation);

    public async Task<Access?> FindAsync(byte[] tokenHash, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (access, usedAt) = await database.ReadAsync(sql => Find(sql, tokenHash, now), cancellation);
        if (access is not null && (usedAt is null || now - usedAt >= UsedStep))
        {
            await database.PrepareAsync(Lane.Interactive, sql => sql.Execute(
                "UPDATE api_keys SET used_at = $2 WHERE token_hash = $1 AND (used_at IS NULL OR used_at < $2)", tokenHash, now), cancellation);
        }
        return access;
    }

    public Task<IReadOnlyList<ApiKey>> ListAsync(UserId user, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ApiKey>>(sql => sql.Query(
            "SELECT id, name, scopes, created_at, expires_at, used_at FROM api_keys WHERE user_id = $1 ORDER BY id DESC",
            row => new ApiKey(new(row.Long(0)), user, row.Text(1), (Scopes)row.Int(2), row.Time(3), row.Time(4), row.TimeOrNull(5)), user.Value), cancellation);

    public Task<bool> RevokeAsync(UserId user, ApiKeyId id, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            if (sql.Execute("DELETE FROM api_keys WHERE user_id = $1 AND id = $2", user.Value, id.Value) == 0) return false;
            SqlWithdrawalStore.Note(sql, user.Value, time.GetUtcNow());
            return true;
        }, cancellation);

    private static (Access? Access, DateTimeOffset? UsedAt) Find(SqlSession sql, byte[] tokenHash, DateTimeOffset now)
    {
        var found = sql.First(
            $"""
            SELECT {UserRows.Columns}, k.id, k.scopes, k.used_at FROM api_keys k JOIN users u ON u.id = k.user_id
            WHERE k.token_hash = $1 AND k.expires_at > $2 AND u.disabled = 0
            """,
            row => new { User = UserRows.Map(row, []), Key = new ApiKeyId(row.Long(7)), Scopes = (Scopes)row.Int(8), UsedAt = row.TimeOrNull(9) }, tokenHash, now);
        if (found is null) return default;
        var user = UserRows.WithLibraries(sql, found.User);
        return (new(user.Id, user.Name, user.Role, user.Grants, found.Scopes & user.Scopes, found.Key), found.UsedAt);
    }
}
