using System.Diagnostics.CodeAnalysis;
using Cronos;

namespace Vitrine.Core.Schedules;

/// <summary>
/// Cron times: minute, hour, day of the month, month, day of the week, in a time zone. Where clocks are set forward, a time that is left out comes
/// at the first moment after the gap; where they are set back, a time that comes twice is taken once (a field with <c>*</c> or <c>/</c> in
/// minutes or hours both times), as Cronos does it.
/// </summary>
public static class CronTimes
{
    public const int MaxLength = 200;
    private const int Fields = 5;

    /// <summary>Why this is no cron time, in one line; null where it is one.</summary>
    public static string? Refusal(string cron)
    {
        if (!TryParse(cron, out var expression))
            return $"'{Shorten(cron)}' is no cron time: write five fields, as in '30 3 * * mon' (minute, hour, day, month, day of the week).";
        return expression.GetNextOccurrence(DateTime.UnixEpoch) is null ? $"'{cron}' never comes." : null;
    }

    /// <summary>The first time after a moment; null where the zone is not known here, or the time never comes again.</summary>
    public static DateTimeOffset? After(string cron, string timeZone, DateTimeOffset moment) =>
        TimeZones.Find(timeZone) is { } zone && TryParse(cron, out var expression)
            ? expression.GetNextOccurrence(moment, zone)?.ToUniversalTime()
            : null;

    private static bool TryParse(string cron, [NotNullWhen(true)] out CronExpression? expression)
    {
        expression = null;
        // Names such as @daily, which the package takes as well, have no fields.
        return cron.Length <= MaxLength && cron.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == Fields
            && CronExpression.TryParse(cron, CronFormat.Standard, out expression);
    }

    private static string Shorten(string text) => text.Length <= MaxLength ? text : text[..MaxLength];
}
