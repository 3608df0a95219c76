using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlExternalLoginStore(SqlDatabase database, TimeProvider time) : IExternalLoginStore
{
    public Task<User?> FindOrAddAsync(ExternalLogin login, Role role, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql =>
        sql.Number("SELECT user_id FROM external_logins WHERE issuer = $1 AND subject = $2", login.Issuer, login.Subject) is { } known
            ? Renew(sql, known, role, time.GetUtcNow())
            : Add(sql, login, role), cancellation);

    private static User? Renew(SqlSession sql, long id, Role role, DateTimeOffset now)
    {
        if (UserRows.Get(sql, id) is not { Disabled: false } user) return null;
        if (user.Role == role) return user;
        return SqlUserStore.Change(sql, id, new(Role: role), now) == UserAnswer.Done ? UserRows.Get(sql, id) : null;
    }

    private User? Add(SqlSession sql, ExternalLogin login, Role role)
    {
        var now = time.GetUtcNow();
        foreach (var name in login.Names)
        {
            if (SqlUserStore.Add(sql, new(name, login.PasswordHash, role, MayDownload: false, []), now) is not { } user) continue;
            sql.Execute("INSERT INTO external_logins (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)", login.Issuer, login.Subject, user.Id.Value, now);
            return user;
        }
        return null;
    }
}
