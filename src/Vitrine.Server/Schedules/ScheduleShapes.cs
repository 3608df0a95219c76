using Vitrine.Core.Libraries;
using Vitrine.Core.Schedules;
using Vitrine.Server.Security;

namespace Vitrine.Server.Schedules;

/// <param name="LibraryId">Of a scan; null for maintenance.</param>
/// <param name="Cron">Minute, hour, day of the month, month, day of the week.</param>
/// <param name="TimeZone">IANA id.</param>
/// <param name="Mode">What a scan does; null for maintenance.</param>
/// <param name="NextAt">Null where it is disabled.</param>
/// <param name="Problem">unknown-time-zone where the server no longer knows the zone: then it does not run. Else null.</param>
internal sealed record ScheduleShape(
    ScheduleId Id, ScheduleKind Kind, LibraryId? LibraryId, string Cron, string TimeZone, bool Enabled, DateTimeOffset CreatedAt, DateTimeOffset? NextAt,
    ScheduleRunShape? LastRun, string? Problem, ScanMode? Mode)
{
    public static ScheduleShape Of(Schedule schedule) => new(
        schedule.Id, schedule.Kind, schedule.Library, schedule.Cron, schedule.TimeZone, schedule.Enabled, schedule.CreatedAt, schedule.NextAt,
        schedule.LastRun is { } run ? new(run.DueAt, run.At, run.End, run.Job, run.Message) : null,
        TimeZones.Find(schedule.TimeZone) is null ? "unknown-time-zone" : null,
        schedule.Kind == ScheduleKind.Scan ? schedule.Mode : null);
}

/// <param name="DueAt">The time that it ran for.</param>
/// <param name="End">How it ended; a run with a job ends as the job does.</param>
/// <param name="Message">What it found, or why it failed.</param>
internal sealed record ScheduleRunShape(DateTimeOffset DueAt, DateTimeOffset StartedAt, ScheduleEnd End, JobId? JobId, string? Message);

/// <param name="Kind">scan, verify, clean or recover.</param>
/// <param name="LibraryId">For a scan.</param>
/// <param name="TimeZone">IANA id; absent for that of the server.</param>
/// <param name="Enabled">Absent: true.</param>
/// <param name="Mode">Of a scan; absent: changed.</param>
internal sealed record NewScheduleRequest(
    string Kind, string Cron, LibraryId? LibraryId = null, string? TimeZone = null, bool? Enabled = null, ScanMode? Mode = null) : IAuditable;

/// <summary>What is absent or null stays as it is.</summary>
internal sealed record ScheduleChangeRequest(string? Cron = null, string? TimeZone = null, bool? Enabled = null, ScanMode? Mode = null) : IAuditable;
