using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Schedules;

namespace Vitrine.Backends.Sql;

internal sealed class SqlScheduleStore(SqlDatabase database, TimeProvider time) : IScheduleStore
{
    private const string Select =
        """
        SELECT s.id, s.kind, s.library_id, s.cron, s.time_zone, s.enabled, s.created_at, s.next_at,
               s.last_due_at, s.last_at, s.last_end, s.last_job_id, s.last_message, j.status, s.mode
        FROM schedules s LEFT JOIN jobs j ON j.id = s.last_job_id
        """;

    public Task<Schedule?> AddAsync(NewSchedule schedule, DateTimeOffset? nextAt, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql =>
        {
            var id = sql.Number(
                """
                INSERT INTO schedules (kind, library_id, cron, time_zone, enabled, created_at, next_at, mode)
                SELECT $1, $2, $3, $4, $5, $6, $7, $9
                WHERE (EXISTS (SELECT 1 FROM libraries WHERE id = $2 AND removed = 0) OR $2 IS NULL) AND (SELECT count(*) FROM schedules) < $8
                RETURNING id
                """,
                schedule.Kind, schedule.Library?.Value, schedule.Cron, schedule.TimeZone, schedule.Enabled, time.GetUtcNow(), nextAt,
                ScheduleService.MaxSchedules, schedule.Mode);
            return id is null ? null : sql.First($"{Select} WHERE s.id = $1", Map, id);
        }, cancellation);

    public Task<IReadOnlyList<Schedule>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<Schedule>>(sql => sql.Query($"{Select} ORDER BY s.id", Map), cancellation);

    public Task<bool> ChangeAsync(ScheduleId id, NewSchedule changed, DateTimeOffset? nextAt, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => sql.Execute(
            "UPDATE schedules SET cron = $2, time_zone = $3, enabled = $4, next_at = $5, mode = $6 WHERE id = $1",
            id.Value, changed.Cron, changed.TimeZone, changed.Enabled, nextAt, changed.Mode) > 0, cancellation);

    public Task<bool> RemoveAsync(ScheduleId id, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => sql.Execute("DELETE FROM schedules WHERE id = $1", id.Value) > 0, cancellation);

    public Task<bool> ApplyAsync(ScheduleId id, ScheduleStep step, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => step switch
        {
            ScheduleStep.Fire fire => sql.Execute(
                """
                UPDATE schedules SET next_at = $3, last_due_at = $2, last_at = $4, last_end = $5, last_job_id = $6, last_message = NULL
                WHERE id = $1 AND enabled = 1 AND next_at = $2
                """, id.Value, fire.DueAt, fire.NextAt, time.GetUtcNow(), ScheduleEnd.Running, fire.Job?.Value),
            ScheduleStep.Move move => sql.Execute(
                "UPDATE schedules SET next_at = $3 WHERE id = $1 AND next_at IS NOT DISTINCT FROM $2", id.Value, move.From, move.NextAt),
            ScheduleStep.End end => sql.Execute(
                "UPDATE schedules SET last_end = $3, last_message = $4 WHERE id = $1 AND last_due_at = $2 AND last_end = $5 AND last_job_id IS NULL",
                id.Value, end.DueAt, end.How, end.Message, ScheduleEnd.Running),
            _ => throw new NotSupportedException(step.GetType().Name),
        } > 0, cancellation);

    private static Schedule Map(Row row) => new(
        new(row.Long(0)), (ScheduleKind)row.Int(1), row.LongOrNull(2) is { } library ? new LibraryId(library) : null, row.Text(3), row.Text(4),
        row.Bool(5), row.Time(6), row.TimeOrNull(7),
        row.TimeOrNull(8) is { } dueAt
            ? new(dueAt, row.Time(9), EndOf(row), row.LongOrNull(11) is { } job ? new JobId(job) : null, row.TextOrNull(12))
            : null,
        (ScanMode)row.Int(14));

    private static ScheduleEnd EndOf(Row row) => row.LongOrNull(13) is { } status
        ? (JobStatus)status switch
        {
            JobStatus.Completed => ScheduleEnd.Done,
            JobStatus.Failed => ScheduleEnd.Failed,
            JobStatus.Cancelled => ScheduleEnd.Cancelled,
            _ => ScheduleEnd.Running,
        }
        : (ScheduleEnd)row.Int(10);
}
