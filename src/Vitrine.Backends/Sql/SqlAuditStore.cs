using Vitrine.Core;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlAuditStore(SqlDatabase database) : IAuditStore
{
    /// <summary>Old rows that go with each new one: more than come, so that they do end.</summary>
    private const int SweptWithOne = 10;

    private const string Select = "SELECT id, at, user_id, name, key_id, what, target, detail FROM audit";

    public Task<Page<AuditEntry>> ListAsync(AuditQuery query, CancellationToken cancellation)
    {
        var before = Cursor.Number(query.After, long.MaxValue);
        return database.ReadAsync(sql => Cursor.Page(List(sql, query, before), query.Limit, last => last.Id.ToString()), cancellation);
    }

    public Task AddAsync(NewAuditEntry entry, CancellationToken cancellation) =>
        database.PrepareAsync(Lane.Interactive, sql =>
        {
            Insert(sql, entry);
            return true;
        }, cancellation);

    /// <summary>In the transaction of the act.</summary>
    public static void Insert(SqlSession sql, NewAuditEntry entry)
    {
        sql.Execute("INSERT INTO audit (at, user_id, name, key_id, what, target, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            entry.At, entry.User?.Value, entry.Name, entry.Key?.Value, entry.What, entry.Target, entry.Detail);
        sql.Execute("DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 ORDER BY at LIMIT $2)", entry.At - IAuditStore.KeptFor, SweptWithOne);
    }

    private static List<AuditEntry> List(SqlSession sql, AuditQuery query, long before)
    {
        var (user, what) = (query.User?.Value, query.What);
        return (user, what) switch
        {
            (null, null) => sql.Query($"{Select} WHERE id < $1 ORDER BY id DESC LIMIT $2", Map, before, query.Limit),
            (_, null) => sql.Query($"{Select} WHERE id < $1 AND user_id = $3 ORDER BY id DESC LIMIT $2", Map, before, query.Limit, user),
            (null, _) => sql.Query($"{Select} WHERE id < $1 AND what = $3 ORDER BY id DESC LIMIT $2", Map, before, query.Limit, what),
            _ => sql.Query($"{Select} WHERE id < $1 AND user_id = $3 AND what = $4 ORDER BY id DESC LIMIT $2", Map, before, query.Limit, user, what),
        };
    }

    private static AuditEntry Map(Row row) => new(
        new(row.Long(0)), row.Time(1), row.LongOrNull(2) is { } user ? new UserId(user) : null, row.Text(3),
        row.LongOrNull(4) is { } key ? new ApiKeyId(key) : null, row.Text(5), row.TextOrNull(6), row.TextOrNull(7));
}
