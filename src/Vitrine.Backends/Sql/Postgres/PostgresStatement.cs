using System.Globalization;
using System.Text.RegularExpressions;
using NpgsqlTypes;

namespace Vitrine.Backends.Sql.Postgres;

/// <summary>
/// A statement as PostgreSQL understands it, with the types of its parameters, which are those of the first arguments that were no NULL. Shared by all
/// connections of a database.
/// </summary>
internal sealed partial class PostgresStatement
{
    private readonly NpgsqlDbType?[] _types;
    private readonly bool[] _used;

    public PostgresStatement(string sql, int parameters)
    {
        // SQLite's way to say in which order tables are joined; here the planner decides.
        Text = List().Replace(sql.Replace("CROSS JOIN", "JOIN", StringComparison.Ordinal), Array);
        _types = new NpgsqlDbType?[parameters];
        _used = new bool[parameters];
        foreach (Match placeholder in Placeholder().Matches(Text)) _used[int.Parse(placeholder.ValueSpan[1..], CultureInfo.InvariantCulture) - 1] = true;
        IsTyped = !_used.Contains(true);
    }

    public string Text { get; }

    /// <summary>Whether the types of all parameters are known.</summary>
    public bool IsTyped { get; private set; }

    public int Parameters => _types.Length;

    /// <summary>The type of a parameter; null where it is not known yet. An argument that the text does not use is a text that nobody reads.</summary>
    public NpgsqlDbType? Type(int parameter) => _used[parameter] ? _types[parameter] : NpgsqlDbType.Text;

    public bool IsUsed(int parameter) => _used[parameter];

    public void SetType(int parameter, NpgsqlDbType type)
    {
        _types[parameter] ??= type;
        IsTyped = Enumerable.Range(0, Parameters).All(i => Type(i) is not null);
    }

    /// <summary>The type of an argument that is not NULL, as sessions bind it.</summary>
    public static NpgsqlDbType TypeOf(object value) => value switch
    {
        long => NpgsqlDbType.Bigint,
        string => NpgsqlDbType.Text,
        byte[] => NpgsqlDbType.Bytea,
        double => NpgsqlDbType.Double,
        _ => throw new NotSupportedException($"An argument is a {value.GetType().Name}."),
    };

    /// <summary>As an array, a list is a condition of an index; what it is joined with is planned by how long it might be.</summary>
    private static string Array(Match list)
    {
        var array = list.Groups["texts"].Success
            ? $"ARRAY(SELECT jsonb_array_elements_text({list.Groups["list"]}::jsonb))"
            : $"translate({list.Groups["list"]}, '[]', '{{}}')::bigint[]";
        return list.Groups["not"].Success ? $"<> ALL ({array})" : $"= ANY ({array})";
    }

    [GeneratedRegex(@"\$\d+")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?<not>NOT )?IN \(SELECT value FROM json_each\((?<list>\$\d+)(?<texts>, '\$')?\)\)")]
    private static partial Regex List();
}
