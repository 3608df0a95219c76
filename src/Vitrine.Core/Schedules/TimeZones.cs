namespace Vitrine.Core.Schedules;

/// <summary>Time zones by their IANA ids. All but UTC come from the machine's tzdata, which small images may lack.</summary>
public static class TimeZones
{
    public const string Utc = "UTC";

    public static TimeZoneInfo? Find(string id)
    {
        if (id == Utc) return TimeZoneInfo.Utc;
        return id.Length is > 0 and <= 100 && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;
    }

    /// <summary>Why there is no such zone, in one line; null where there is.</summary>
    public static string? Refusal(string id) => Find(id) is not null
        ? null
        : $"'{(id.Length <= 100 ? id : id[..100])}' is no time zone of this machine: write an IANA id such as 'Europe/Berlin', or UTC, and see that tzdata is installed.";

    /// <summary>The machine's own zone where it has a name that is found again, else UTC.</summary>
    public static string Default(TimeProvider time) => Find(time.LocalTimeZone.Id) is null ? Utc : time.LocalTimeZone.Id;
}
