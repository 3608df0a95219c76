using Vitrine.Core.Libraries;

namespace Vitrine.Core.Schedules;

/// <summary>What a schedule asks for.</summary>
public enum ScheduleKind
{
    /// <summary>A scan of one library, as a job.</summary>
    Scan,

    /// <summary>A comparison of rows, files and counters, for so long as the options say; the next one goes on from there. It changes nothing.</summary>
    Verify,

    /// <summary>The history of old jobs shrinks to their counts and failures, and cache folders lose what they hold for nothing.</summary>
    Clean,

    /// <summary>A look for stale jobs, beside the one that the engine makes by itself each minute.</summary>
    Recover,
}

/// <summary>How the last run of a schedule stands.</summary>
public enum ScheduleEnd
{
    /// <summary>It goes on. A job moves it when it is over; other runs end as Done or Failed, or as Interrupted when their node dies.</summary>
    Running,

    Done,

    Failed,

    /// <summary>Its job was cancelled by a person.</summary>
    Cancelled,

    /// <summary>The node ended in its middle. It is not run again before its next time.</summary>
    Interrupted,
}

/// <summary>When something is to be done again and again.</summary>
/// <param name="Library">Of a scan, and of nothing else.</param>
/// <param name="Cron">Five fields, as <see cref="CronTimes"/> reads them.</param>
/// <param name="TimeZone">An IANA id, in which the fields are meant.</param>
/// <param name="Mode">What a scan does.</param>
public sealed record NewSchedule(ScheduleKind Kind, LibraryId? Library, string Cron, string TimeZone, bool Enabled, ScanMode Mode = ScanMode.Changed);

/// <param name="NextAt">The time that is due next; null where it is disabled, or where its time zone is no longer known on this machine.</param>
/// <param name="LastRun">Null before the first.</param>
public sealed record Schedule(
    ScheduleId Id, ScheduleKind Kind, LibraryId? Library, string Cron, string TimeZone, bool Enabled, DateTimeOffset CreatedAt,
    DateTimeOffset? NextAt, ScheduleRun? LastRun, ScanMode Mode = ScanMode.Changed)
{
    public NewSchedule Wanted => new(Kind, Library, Cron, TimeZone, Enabled, Mode);
}

/// <param name="DueAt">The time that it ran for. A time never has a second run.</param>
/// <param name="At">When it was started.</param>
/// <param name="Job">The job that it added, where it did.</param>
/// <param name="Message">What it found, or why it failed; null for a job, which says so itself.</param>
public sealed record ScheduleRun(DateTimeOffset DueAt, DateTimeOffset At, ScheduleEnd End, JobId? Job, string? Message);
