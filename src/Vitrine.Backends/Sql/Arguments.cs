using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Many values for one statement where a JSON list does not do: byte strings, and values that each have a limit of their own. Every value is an argument, and
/// there is room for the next of a few numbers of them, so that the texts are few and stay prepared.
/// </summary>
internal static partial class Arguments
{
    /// <summary>In one list.</summary>
    private const int MostInList = 1024;

    /// <summary>In one union.</summary>
    private const int MostInUnion = 64;

    private static readonly int[] Rooms = [1, 4, 16, MostInUnion, 256, MostInList];
    private static readonly ConcurrentDictionary<(string Text, int Room), string> Texts = [];

    /// <summary>
    /// The rows of a statement with <c>{list}</c> in it, which stands for all of <paramref name="values"/>, in as few round trips as they fit into. Their
    /// arguments come after <paramref name="before"/>.
    /// </summary>
    public static List<T> QueryList<T>(SqlSession sql, string text, Func<Row, T> map, IEnumerable<byte[]> values, params object?[] before)
    {
        var found = new List<T>();
        foreach (var part in values.Chunk(MostInList))
        {
            var room = Rooms.First(r => r >= part.Length);
            var whole = Texts.GetOrAdd((text, room), static (key, first) =>
                key.Text.Replace("{list}", string.Join(", ", Enumerable.Range(first, key.Room).Select(Name)), StringComparison.Ordinal), before.Length + 1);
            // What is beyond the last is the last once more.
            found.AddRange(sql.Query(whole, map, [.. before, .. Enumerable.Range(0, room).Select(i => part[Math.Min(i, part.Length - 1)])]));
        }
        return found;
    }

    /// <summary>
    /// The rows of a statement for each of some rows of arguments, one after the other, in as few round trips as they fit into. In the text <c>{1}</c> stands for the
    /// first of a row, <c>{2}</c> for the second; those of <paramref name="before"/> are the same for all. No row may have -1 as its first and find something.
    /// </summary>
    public static List<T> QueryUnion<T>(SqlSession sql, string text, Func<Row, T> map, IReadOnlyCollection<object[]> rows, params object?[] before)
    {
        var found = new List<T>();
        foreach (var part in rows.Chunk(MostInUnion))
        {
            var (room, width) = (Rooms.First(r => r >= part.Length), part[0].Length);
            var whole = Texts.GetOrAdd((text, room), static (key, at) =>
                string.Join("\nUNION ALL\n", Enumerable.Range(0, key.Room).Select(i => Arm(key.Text, at.First + (i * at.Width)))), (First: before.Length + 1, Width: width));
            object[] nothing = [-1L, .. part[^1].Skip(1)];
            found.AddRange(sql.Query(whole, map, [.. before, .. part.Concat(Enumerable.Repeat(nothing, room - part.Length)).SelectMany(row => row)]));
        }
        return found;
    }

    /// <summary>
    /// Inserts rows, in their order, by a statement with <c>{rows}</c> in it where their VALUES stand. Nobody needs its answer; how many rows go in one statement follows
    /// from their number alone.
    /// </summary>
    public static void SendRows(SqlSession sql, string text, IReadOnlyList<object?[]> rows)
    {
        for (var (start, room) = (0, MostInUnion); start < rows.Count; start += room)
        {
            room = Rooms.Last(r => r <= Math.Min(MostInUnion, rows.Count - start));
            var whole = Texts.GetOrAdd((text, room), static (key, width) =>
                key.Text.Replace("{rows}", string.Join(", ", Enumerable.Range(0, key.Room).Select(i => Values(i * width, width))), StringComparison.Ordinal), rows[0].Length);
            sql.Send(whole, [.. rows.Skip(start).Take(room).SelectMany(row => row)]);
        }
    }

    private static string Values(int before, int width) => $"({string.Join(", ", Enumerable.Range(before + 1, width).Select(Name))})";

    private static string Arm(string text, int first) =>
        $"SELECT * FROM ({Place().Replace(text, place => Name(first + int.Parse(place.ValueSpan[1..^1], CultureInfo.InvariantCulture) - 1))}) AS arm{first}";

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"${number}");

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
