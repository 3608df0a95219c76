using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlRateStore(SqlDatabase database, TimeProvider time) : IRateStore
{
    public Task<TimeSpan?> TakeAsync(RateTake take, CancellationToken cancellation) =>
        database.PrepareAsync(Lane.Interactive, sql => Take(sql, take, time.GetUtcNow()), cancellation);

    private static TimeSpan? Take(SqlSession sql, RateTake take, DateTimeOffset now)
    {
        var until = now + take.Window;
        // What is over goes, whosever it is: so nobody's rows stay. What counts for twice a window and more was written before the clock was set
        // back; what counts for a little longer comes from a server that has a moment's other view of the store's clock.
        sql.Send("DELETE FROM rate_permits WHERE until <= $1", now);
        sql.Send("DELETE FROM rate_permits WHERE key = $1 AND until > $2", take.Key, until + take.Window);
        var taken = sql.Execute(
            """
            INSERT INTO rate_permits (key, permits, until) SELECT $1, $2, $3
            WHERE (SELECT coalesce(sum(permits), 0) FROM rate_permits WHERE key = $1) + $2 <= $4
            """, take.Key, take.Wanted, until, take.Limit) > 0;
        if (taken) return null;
        var oldest = sql.Number("SELECT min(until) FROM rate_permits WHERE key = $1", take.Key);
        return oldest is { } ends ? DateTimeOffset.FromUnixTimeMilliseconds(ends) - now : take.Window;
    }
}
