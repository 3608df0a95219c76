using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

/// <summary>Reads users with what is granted to them.</summary>
internal static class UserRows
{
    public const string Columns = "u.id, u.name, u.role, u.may_download, u.disabled, u.created_at, u.locked_until";

    /// <summary>Names are one without case, and however their letters are composed.</summary>
    public static string Key(string name) => name.Normalize().ToUpperInvariant();

    public static User? Get(SqlSession sql, long id) =>
        sql.First($"SELECT {Columns} FROM users u WHERE u.id = $1", row => Map(row, []), id) is { } user ? WithLibraries(sql, user) : null;

    public static User WithLibraries(SqlSession sql, User user) => user with { Libraries = Libraries(sql, user.Id.Value) };

    public static List<LibraryId> Libraries(SqlSession sql, long user) => sql.Query(
        "SELECT library_id FROM grants WHERE user_id = $1 ORDER BY library_id", row => new LibraryId(row.Long(0)), user);

    public static IReadOnlyList<User> List(SqlSession sql, long after, int limit)
    {
        var users = sql.Query($"SELECT {Columns} FROM users u WHERE u.id > $1 ORDER BY u.id LIMIT $2", row => Map(row, []), after, limit);
        var granted = sql.Query(
            "SELECT user_id, library_id FROM grants WHERE user_id IN (SELECT value FROM json_each($1)) ORDER BY user_id, library_id",
            row => (User: new UserId(row.Long(0)), Library: new LibraryId(row.Long(1))), SqlSession.List(users.Select(user => user.Id.Value)))
            .ToLookup(grant => grant.User, grant => grant.Library);
        return [.. users.Select(user => user with { Libraries = [.. granted[user.Id]] })];
    }

    public static User Map(Row row, IReadOnlyList<LibraryId> libraries) => new(
        new(row.Long(0)), row.Text(1), (Role)row.Int(2), row.Bool(3), row.Bool(4), libraries, row.Time(5), row.TimeOrNull(6));
}
