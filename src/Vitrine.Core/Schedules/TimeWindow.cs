using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Vitrine.Core.Schedules;

/// <summary>
/// A time of the day on some days of the week, by the clock on the wall: <c>22:00-06:00</c> or <c>mon-fri,sun 22:00-06:00</c>. One that passes
/// midnight belongs to the day on which it begins; equal times are a whole day.
/// </summary>
/// <param name="Days">Bit n is the day n of <see cref="DayOfWeek"/>.</param>
/// <param name="To">The first moment after it.</param>
public readonly record struct TimeWindow(int Days, TimeOnly From, TimeOnly To) : IParsable<TimeWindow>
{
    private const int Week = 7;
    private const int EveryDay = (1 << Week) - 1;
    private const string ClockFormat = "HH:mm";
    private static readonly string[] Names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>Whether this time of the wall clock lies in it.</summary>
    public bool Contains(DateTime local)
    {
        var clock = TimeOnly.FromDateTime(local);
        return From < To
            ? IsOn(local.DayOfWeek) && clock >= From && clock < To
            : (IsOn(local.DayOfWeek) && clock >= From) || (IsOn(local.AddDays(-1).DayOfWeek) && clock < To);
    }

    /// <summary>The times at which it begins, from a day on, for as many days.</summary>
    public IEnumerable<DateTime> Beginnings(DateOnly first, int days)
    {
        for (var day = first; day < first.AddDays(days); day = day.AddDays(1))
        {
            if (IsOn(day.DayOfWeek)) yield return day.ToDateTime(From);
        }
    }

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TimeWindow result)
    {
        result = default;
        if (s is not { Length: <= 100 }) return false;
        var parts = s.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var days = parts.Length == 2 ? ParseDays(parts[0]) : EveryDay;
        if (parts.Length is not (1 or 2) || days == 0 || parts[^1].Split('-') is not [var from, var to]) return false;
        if (!TryParseClock(from, out var begin) || !TryParseClock(to, out var end)) return false;
        result = new(days, begin, end);
        return true;
    }

    public static TimeWindow Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var window) ? window : throw new FormatException($"'{s}' is no time window.");

    public override string ToString()
    {
        var times = $"{From.ToString(ClockFormat, CultureInfo.InvariantCulture)}-{To.ToString(ClockFormat, CultureInfo.InvariantCulture)}";
        var (self, names) = (this, Names);
        return Days == EveryDay ? times : $"{string.Join(',', Enumerable.Range(1, Week).Select(n => (DayOfWeek)(n % Week)).Where(self.IsOn).Select(d => names[(int)d]))} {times}";
    }

    private bool IsOn(DayOfWeek day) => (Days & (1 << (int)day)) != 0;

    /// <summary>0: a part of it is no day and no range of days.</summary>
    private static int ParseDays(string text)
    {
        var days = 0;
        foreach (var part in text.ToLowerInvariant().Split(','))
        {
            var ends = part.Split('-').Select(name => Array.IndexOf(Names, name)).ToArray();
            if (ends.Length > 2 || ends.Contains(-1)) return 0;
            for (var day = ends[0]; ; day = (day + 1) % Week)
            {
                days |= 1 << day;
                if (day == ends[^1]) break;
            }
        }
        return days;
    }

    private static bool TryParseClock(string text, out TimeOnly clock)
    {
        // Midnight at the end of a day is the next day's beginning.
        var plain = text == "24:00" ? "00:00" : text;
        return TimeOnly.TryParseExact(plain, ClockFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out clock);
    }
}

/// <summary>The hours in which background work runs: in any of these windows, or always where there is none.</summary>
public sealed record WorkHours(IReadOnlyList<TimeWindow> Windows, TimeZoneInfo Zone)
{
    public static WorkHours Always { get; } = new([], TimeZoneInfo.Utc);

    public bool IsOpen(DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, Zone).DateTime;
        return Windows.Count == 0 || Windows.Any(window => window.Contains(local));
    }

    /// <summary>When they begin again; null where they are open now.</summary>
    public DateTimeOffset? OpensAt(DateTimeOffset now)
    {
        if (IsOpen(now)) return null;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Zone).DateTime);
        return Windows.SelectMany(window => window.Beginnings(today, 8)).Select(Moment).Where(begins => begins > now).Order().Cast<DateTimeOffset?>().FirstOrDefault();
    }

    /// <summary>A time that the clock leaves out when it is set forward begins with the first one after the gap.</summary>
    private DateTimeOffset Moment(DateTime local)
    {
        while (Zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        return new(local, Zone.GetUtcOffset(local));
    }
}
