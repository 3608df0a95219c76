using System.Globalization;
using Vitrine.Core;
using Vitrine.Core.Alerts;

namespace Vitrine.Backends.Sql;

internal sealed class SqlAlertStore(SqlDatabase database, TimeProvider time) : IAlertStore
{
    private const string Columns = "id, code, subject, severity, message, raised, first_at, last_at, cleared_at, dismissed_at, version";

    public Task<bool> RaiseAsync(NewAlert alert, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql =>
    {
        var open = sql.Number(
            "SELECT 1 FROM alerts WHERE code = $1 AND subject = $2 AND cleared_at IS NULL", alert.Code, alert.Subject) is not null;
        if (!open) AlertRows.Raise(sql, alert, 1, time.GetUtcNow());
        return !open;
    }, cancellation);

    public Task<bool> ClearAsync(string code, string subject, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => AlertRows.Clear(sql, code, subject, time.GetUtcNow()), cancellation);

    public Task<bool> DismissAsync(AlertId id, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => sql.Execute(
            "UPDATE alerts SET dismissed_at = coalesce(dismissed_at, $2), version = $3 WHERE id = $1", id.Value, time.GetUtcNow(), sql.Next()) > 0, cancellation);

    public Task<Page<Alert>> ListAsync(bool open, string? after, int limit, CancellationToken cancellation)
    {
        var start = Cursor.Number(after, long.MaxValue);
        var only = open ? "AND cleared_at IS NULL AND dismissed_at IS NULL" : "";
        return database.ReadAsync(sql =>
        {
            var found = sql.Query($"SELECT {Columns} FROM alerts WHERE version < $1 {only} ORDER BY version DESC LIMIT $2",
                row => (Alert: Map(row), Version: row.Long(10)), start, limit);
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

    private static Alert Map(Row row) => new(
        new(row.Long(0)), row.Text(1), row.Text(2), (AlertSeverity)row.Int(3), row.Text(4), row.Long(5), row.Time(6), row.Time(7), row.TimeOrNull(8),
        row.TimeOrNull(9));
}
