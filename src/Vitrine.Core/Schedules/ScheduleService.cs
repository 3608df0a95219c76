using Vitrine.Core.Libraries;

namespace Vitrine.Core.Schedules;

/// <summary>Adds and changes schedules, after the checks of what is asked.</summary>
public sealed class ScheduleService(IScheduleStore schedules, ILibraryStore libraries, TimeProvider time)
{
    public const int MaxSchedules = 1000;

    /// <param name="mayUse">Which libraries the caller may name.</param>
    public async Task<ScheduleAnswer> AddAsync(ScheduleRequest request, Predicate<LibraryId> mayUse, CancellationToken cancellation)
    {
        var wanted = new NewSchedule(
            request.Kind, request.Library, request.Cron.Trim(), request.TimeZone ?? TimeZones.Default(time), request.Enabled, request.Mode);
        if (Refusal(wanted) is { } refused) return refused;
        if (wanted.Library is { } named && (!mayUse(named) || (await libraries.ListAsync(cancellation)).All(l => l.Id != named)))
            return new ScheduleAnswer.Refused("unknown-library", $"There is no library {named}.");

        var added = await schedules.AddAsync(wanted, DueRule.NextAt(wanted, null, time.GetUtcNow()), cancellation);
        return added is null
            ? new ScheduleAnswer.Refused("too-many-schedules", $"There are {MaxSchedules} schedules, or the library went meanwhile: remove one.")
            : new ScheduleAnswer.Stored(added);
    }

    /// <summary>Changes what is not null; null where there is no such schedule.</summary>
    public async Task<ScheduleAnswer?> ChangeAsync(ScheduleId id, ScheduleChange change, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not { } known) return null;
        var wanted = known.Wanted with
        {
            Cron = change.Cron?.Trim() ?? known.Cron, TimeZone = change.TimeZone ?? known.TimeZone, Enabled = change.Enabled ?? known.Enabled,
            Mode = change.Mode ?? known.Mode,
        };
        if (Refusal(wanted) is { } refused) return refused;
        if (!await schedules.ChangeAsync(id, wanted, DueRule.NextAt(wanted, known.LastRun?.DueAt, time.GetUtcNow()), cancellation)) return null;
        return await FindAsync(id, cancellation) is { } changed ? new ScheduleAnswer.Stored(changed) : null;
    }

    public async Task<Schedule?> FindAsync(ScheduleId id, CancellationToken cancellation) =>
        (await schedules.ListAsync(cancellation)).FirstOrDefault(schedule => schedule.Id == id);

    private static ScheduleAnswer.Refused? Refusal(NewSchedule wanted)
    {
        if ((wanted.Kind == ScheduleKind.Scan) != (wanted.Library is not null))
            return new("unknown-library", "A scan names its library, and no other kind names one.");
        if (wanted is { Kind: not ScheduleKind.Scan, Mode: not ScanMode.Changed }) return new("bad-mode", "Only a scan has a mode.");
        if (CronTimes.Refusal(wanted.Cron) is { } badCron) return new("bad-cron", badCron);
        return TimeZones.Refusal(wanted.TimeZone) is { } badZone ? new("unknown-time-zone", badZone) : null;
    }
}

/// <param name="TimeZone">Null: that of this machine.</param>
public sealed record ScheduleRequest(ScheduleKind Kind, LibraryId? Library, string Cron, string? TimeZone, bool Enabled, ScanMode Mode);

/// <summary>Null leaves a value as it is.</summary>
public sealed record ScheduleChange(string? Cron, string? TimeZone, bool? Enabled, ScanMode? Mode);

public abstract record ScheduleAnswer
{
    private ScheduleAnswer() { }

    public sealed record Stored(Schedule Schedule) : ScheduleAnswer;

    /// <param name="Code">One of: unknown-library, bad-mode, bad-cron, unknown-time-zone, too-many-schedules.</param>
    /// <param name="Message">One line: what, why, and what to do.</param>
    public sealed record Refused(string Code, string Message) : ScheduleAnswer;
}
