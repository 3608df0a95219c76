using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlExternalLoginStore(SqlDatabase database, TimeProvider time) : IExternalLoginStore
{
    public Task<User?> FindOrAddAsync(ExternalLogin login, Role role, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql =>
    {
        var known = sql.Number("SELECT user_id FROM external_logins WHERE issuer = $1 AND subject = $2", login.Issuer, login.Subject);
        if ((known ?? Add(sql, login, role)) is not { } user) return null;
        if (known is not null) sql.Execute("UPDATE users SET role = $2 WHERE id = $1 AND role <> $2", user, role);
        return SqlUserStore.Find(sql, new UserId(user));
    }, cancellation);

    private long? Add(SqlSession sql, ExternalLogin login, Role role)
    {
        var now = time.GetUtcNow();
        foreach (var name in login.Names)
        {
            if (SqlUserStore.Add(sql, name, login.PasswordHash, role, now) is not { } user) continue;
            sql.Execute("INSERT INTO external_logins (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)", login.Issuer, login.Subject, user, now);
            return user;
        }
        return null;
    }
}
