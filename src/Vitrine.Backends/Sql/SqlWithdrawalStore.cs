using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlWithdrawalStore(SqlDatabase database) : IWithdrawalStore
{
    private const long Everybody = 0;

    public Task<Withdrawals> SinceAsync(long version, CancellationToken cancellation) => database.ReadAsync(sql =>
    {
        var later = sql.Query(
            "SELECT user_id, version FROM withdrawals WHERE version > $1 ORDER BY version DESC", row => (User: row.Long(0), Version: row.Long(1)), version);
        return new Withdrawals(
            later.Count == 0 ? version : later[0].Version, [.. later.Where(row => row.User != Everybody).Select(row => new UserId(row.User))],
            later.Any(row => row.User == Everybody));
    }, cancellation);

    /// <summary>In the transaction that takes something back from a user.</summary>
    public static void Note(SqlSession sql, long user, DateTimeOffset now)
    {
        sql.Send("DELETE FROM withdrawals WHERE at < $1", now - IWithdrawalStore.KeptFor);
        sql.Send(
            "INSERT INTO withdrawals (user_id, version, at) VALUES ($1, $2, $3) ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, at = excluded.at",
            user, sql.Next(), now);
    }

    /// <inheritdoc cref="Note"/>
    public static void NoteEverybody(SqlSession sql, DateTimeOffset now) => Note(sql, Everybody, now);
}
