using Vitrine.Core;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlUserStore(SqlDatabase database, TimeProvider time) : IUserStore
{
    public Task<User?> AddAsync(NewUser user, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => Add(sql, user, time.GetUtcNow()), cancellation);

    public Task<bool> HasAdminAsync(CancellationToken cancellation) => database.ReadAsync(HasAdmin, cancellation);

    public Task<Page<User>> ListAsync(string? after, int limit, CancellationToken cancellation)
    {
        var start = Cursor.Number(after);
        return database.ReadAsync(sql => Cursor.Page(UserRows.List(sql, start, limit), limit, last => last.Id.ToString()), cancellation);
    }

    public Task<User?> GetAsync(UserId id, CancellationToken cancellation) => database.ReadAsync(sql => UserRows.Get(sql, id.Value), cancellation);

    public Task<Credentials?> FindAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.First(
            $"SELECT {UserRows.Columns}, u.password_hash, u.failed_attempts, u.first_failed_at FROM users u WHERE u.name_key = $1",
            row => new Credentials(UserRows.Map(row, []), row.Text(7), row.Int(8), row.TimeOrNull(9)), UserRows.Key(name)) is { } found
                ? found with { User = UserRows.WithLibraries(sql, found.User) }
                : null, cancellation);

    public Task<UserAnswer> ChangeAsync(UserId id, UserChange change, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => Change(sql, id.Value, change, time.GetUtcNow()), cancellation);

    public Task<UserAnswer> RemoveAsync(UserId id, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => Remove(sql, id.Value, time.GetUtcNow()), cancellation);

    /// <summary>Null where the name is taken, or a library is not there.</summary>
    public static User? Add(SqlSession sql, NewUser user, DateTimeOffset now)
    {
        if (!AllThere(sql, user.Libraries)) return null;
        var id = sql.Number(
            """
            INSERT INTO users (name, name_key, password_hash, role, may_download, created_at) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (name_key) DO NOTHING RETURNING id
            """, user.Name, UserRows.Key(user.Name), user.PasswordHash, user.Role, user.MayDownload, now);
        if (id is not { } added) return null;
        Grant(sql, added, user.Libraries);
        return UserRows.Get(sql, added);
    }

    public static UserAnswer Change(SqlSession sql, long id, UserChange change, DateTimeOffset now)
    {
        if (UserRows.Get(sql, id) is not { } before) return UserAnswer.Unknown;
        if (!AllThere(sql, [.. change.Libraries ?? [], .. change.Grant ?? []])) return UserAnswer.UnknownLibrary;
        var after = before with
        {
            Role = change.Role ?? before.Role,
            MayDownload = change.MayDownload ?? before.MayDownload,
            Disabled = change.Disabled ?? before.Disabled,
        };
        if (IsAdmin(before) && !IsAdmin(after) && !HasAdminBeside(sql, id)) return UserAnswer.LastAdmin;

        Write(sql, after, change.PasswordHash);
        ChangeGrants(sql, id, change);
        SqlWithdrawalStore.Note(sql, id, now);
        return UserAnswer.Done;
    }

    private static void Write(SqlSession sql, User user, string? passwordHash)
    {
        var id = user.Id.Value;
        sql.Execute("UPDATE users SET role = $2, may_download = $3, disabled = $4 WHERE id = $1", id, user.Role, user.MayDownload, user.Disabled);
        if (passwordHash is not null)
            sql.Execute("UPDATE users SET password_hash = $2, failed_attempts = 0, first_failed_at = NULL, locked_until = NULL WHERE id = $1", id, passwordHash);
        if (user.Disabled || passwordHash is not null) sql.Execute("DELETE FROM sessions WHERE user_id = $1", id);
    }

    private static void ChangeGrants(SqlSession sql, long id, UserChange change)
    {
        if (change.Libraries is { } all)
        {
            sql.Execute("DELETE FROM grants WHERE user_id = $1", id);
            Grant(sql, id, all);
        }
        Grant(sql, id, change.Grant ?? []);
        foreach (var library in change.Revoke ?? []) sql.Execute("DELETE FROM grants WHERE user_id = $1 AND library_id = $2", id, library.Value);
    }

    private static UserAnswer Remove(SqlSession sql, long id, DateTimeOffset now)
    {
        if (UserRows.Get(sql, id) is not { } user) return UserAnswer.Unknown;
        if (IsAdmin(user) && !HasAdminBeside(sql, id)) return UserAnswer.LastAdmin;
        sql.Execute("DELETE FROM users WHERE id = $1", id);
        SqlWithdrawalStore.Note(sql, id, now);
        return UserAnswer.Done;
    }

    private static void Grant(SqlSession sql, long user, IEnumerable<LibraryId> libraries)
    {
        foreach (var library in libraries)
            sql.Execute("INSERT INTO grants (user_id, library_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", user, library.Value);
    }

    private static bool AllThere(SqlSession sql, IReadOnlyCollection<LibraryId> libraries) => libraries.Count == 0
        || sql.Number("SELECT count(*) FROM libraries WHERE removed = 0 AND id IN (SELECT value FROM json_each($1))",
            SqlSession.List(libraries.Select(library => library.Value))) == libraries.Distinct().Count();

    private static bool HasAdmin(SqlSession sql) => HasAdminBeside(sql, 0);

    private static bool HasAdminBeside(SqlSession sql, long id) =>
        sql.Number("SELECT 1 FROM users WHERE role = $1 AND disabled = 0 AND id <> $2 LIMIT 1", Role.Admin, id) is not null;

    private static bool IsAdmin(User user) => user is { Role: Role.Admin, Disabled: false };
}
