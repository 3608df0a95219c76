using System.Globalization;
using Vitrine.Core;
using Vitrine.Core.Alerts;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlAlertStore(SqlDatabase database, TimeProvider time) : IAlertStore
{
    /// <summary>Of $3, the list of what is granted: null for all.</summary>
    private const string Granted = "(library_id IN (SELECT value FROM json_each($3)) OR library_id IS NULL OR $3 IS NULL)";

    private const string Columns = "id, code, subject, severity, message, raised, first_at, last_at, cleared_at, dismissed_at, version, library_id, path";

    public Task<bool> RaiseAsync(NewAlert alert, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql =>
    {
        var open = AlertRows.Stands(sql, alert.Code, alert.Subject);
        if (!open) AlertRows.Raise(sql, alert, 1, time.GetUtcNow());
        return !open;
    }, cancellation);

    /// <summary>It is asked for again and again while there is nothing to clear: then it waits for no writer.</summary>
    public async Task<bool> ClearAsync(string code, string subject, CancellationToken cancellation) =>
        await database.ReadAsync(sql => AlertRows.Stands(sql, code, subject), cancellation)
        && await database.WriteAsync(Lane.Interactive, sql => AlertRows.Clear(sql, code, subject, time.GetUtcNow()), cancellation);

    public Task<bool> DismissAsync(Grants grants, AlertId id, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => sql.Execute(
            $"UPDATE alerts SET dismissed_at = coalesce(dismissed_at, $2), version = $4 WHERE id = $1 AND {Granted}",
            id.Value, time.GetUtcNow(), ListOf(grants), sql.Next()) > 0, cancellation);

    public Task<Page<Alert>> ListAsync(Grants grants, bool open, string? after, int limit, CancellationToken cancellation)
    {
        var start = Cursor.Number(after, long.MaxValue);
        var only = open ? "AND cleared_at IS NULL AND dismissed_at IS NULL" : "";
        return database.ReadAsync(sql =>
        {
            var found = sql.Query($"SELECT {Columns} FROM alerts WHERE version < $1 {only} AND {Granted} ORDER BY version DESC LIMIT $2",
                row => (Alert: Map(row), Version: row.Long(10)), start, limit, ListOf(grants));
            return new Page<Alert>([.. found.Select(f => f.Alert)], found.Count < limit ? null : found[^1].Version.ToString(CultureInfo.InvariantCulture));
        }, cancellation);
    }

    public Task<IReadOnlyList<Alert>> TakeUnloggedAsync(int limit, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlyList<Alert>>(Lane.Interactive, sql =>
        {
            var found = sql.Query($"SELECT {Columns} FROM alerts WHERE logged < raised ORDER BY id LIMIT $1", Map, limit);
            foreach (var alert in found) sql.Execute("UPDATE alerts SET logged = raised WHERE id = $1", alert.Id.Value);
            return found;
        }, cancellation);

    private static string? ListOf(Grants grants) => grants.Filter is { } some ? SqlSession.List(some.Select(library => library.Value)) : null;

    private static Alert Map(Row row) => new(
        new(row.Long(0)), row.Text(1), row.Text(2), (AlertSeverity)row.Int(3), row.Text(4), row.Long(5), row.Time(6), row.Time(7), row.TimeOrNull(8),
        row.TimeOrNull(9), row.LongOrNull(11) is { } library ? new LibraryId(library) : null, row.TextOrNull(12));
}
