using System.Globalization;
using Vitrine.Core;

namespace Vitrine.Backends.Sql;

/// <summary>Cursors of keyset pages that go by one or two numbers, as text.</summary>
internal static class Cursor
{
    /// <exception cref="FormatException">The cursor is none of ours.</exception>
    public static long Number(string? cursor, long start = 0) => cursor is null
        ? start
        : long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && cursor[^1] != '\0' ? value : throw Bad();

    /// <exception cref="FormatException">The cursor is none of ours.</exception>
    public static (long First, long Second) Pair(string? cursor)
    {
        if (cursor is null) return (0, 0);
        var parts = cursor.Split('.');
        return parts.Length == 2 ? (Number(parts[0]), Number(parts[1])) : throw Bad();
    }

    public static string Of(long first, long second) => string.Create(CultureInfo.InvariantCulture, $"{first}.{second}");

    /// <summary>A full page has a next one, which may turn out to be empty.</summary>
    public static Page<T> Page<T>(IReadOnlyList<T> items, int limit, Func<T, string> next) =>
        new(items, items.Count < limit ? null : next(items[^1]));

    public static FormatException Bad() => new("The cursor does not belong to this query.");
}
