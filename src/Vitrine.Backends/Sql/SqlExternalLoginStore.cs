using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlExternalLoginStore(SqlDatabase database, TimeProvider time) : IExternalLoginStore
{
    public Task<User?> FindOrAddAsync(ExternalLogin login, Role role, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql =>
        Known(sql, login.Issuer, login.Subject) is { } known ? Renew(sql, known, role, time.GetUtcNow()) : Add(sql, login, role), cancellation);

    public Task<UserId?> WithdrawAsync(string issuer, string subject, CancellationToken cancellation) => database.WriteAsync<UserId?>(Lane.Interactive, sql =>
    {
        if (Known(sql, issuer, subject) is not { } known) return null;
        var ended = sql.Execute("DELETE FROM sessions WHERE user_id = $1", known) + sql.Execute("DELETE FROM api_keys WHERE user_id = $1", known);
        if (ended > 0) SqlWithdrawalStore.Note(sql, known, time.GetUtcNow());
        return new UserId(known);
    }, cancellation);

    private static long? Known(SqlSession sql, string issuer, string subject) =>
        sql.Number("SELECT user_id FROM external_logins WHERE issuer = $1 AND subject = $2", issuer, subject);

    private static User? Renew(SqlSession sql, long id, Role role, DateTimeOffset now)
    {
        if (UserRows.Get(sql, id) is not { Disabled: false } user) return null;
        if (user.Role == role) return user;
        if (SqlUserStore.Change(sql, id, new(Role: role), now) != UserAnswer.Done) return null;
        if (role < user.Role) sql.Execute("DELETE FROM sessions WHERE user_id = $1", id);
        return UserRows.Get(sql, id);
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
