using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace Vitrine.Backends.Sql;

/// <summary>
/// One connection within one transaction. Statements are written with <c>$1, $2, …</c>, prepared at their first use and kept with the
/// connection, so their texts must be constants or come from a small closed set.
/// </summary>
internal sealed class SqlSession(DbConnection connection) : IDisposable
{
    private const string Returning = "RETURNING";
    private readonly Dictionary<string, DbCommand> _commands = [];
    private bool _sent;

    public DbConnection Connection => connection;

    /// <summary>Rows that its statements have changed so far, also those of what was rolled back.</summary>
    public long Changes { get; private set; }

    /// <summary>The texts of all statements that were run, for a test of their plans.</summary>
    public IReadOnlyCollection<string> Statements => _commands.Keys;

    /// <summary>How often whoever used it has waited for the database: once for each statement with an answer, once for all that were sent before it.</summary>
    public long RoundTrips { get; private set; }

    /// <summary>
    /// A write whose answer nobody needs. It runs at the latest before the next statement that is answered and before the transaction ends; where the
    /// database is another process, all that wait go in one round trip.
    /// </summary>
    public void Send(string sql, params ReadOnlySpan<object?> arguments)
    {
        Changes += Math.Max(0, Prepare(sql, arguments).ExecuteNonQuery());
        _sent = true;
    }

    /// <summary>Rows changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> arguments)
    {
        Trip();
        var changed = Prepare(sql, arguments).ExecuteNonQuery();
        Changes += Math.Max(0, changed);
        return changed;
    }

    public List<T> Query<T>(string sql, Func<Row, T> map, params ReadOnlySpan<object?> arguments)
    {
        Trip();
        var rows = new List<T>();
        using var reader = Prepare(sql, arguments).ExecuteReader();
        var row = new Row(reader);
        while (reader.Read()) rows.Add(map(row));
        Count(sql, rows.Count);
        return rows;
    }

    public T? First<T>(string sql, Func<Row, T> map, params ReadOnlySpan<object?> arguments) where T : class
    {
        Trip();
        using var reader = Prepare(sql, arguments).ExecuteReader();
        if (!reader.Read()) return null;
        Count(sql, 1);
        return map(new(reader));
    }

    /// <summary>The first column of the first row; null where there is no row or it is NULL.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> arguments)
    {
        Trip();
        if (Prepare(sql, arguments).ExecuteScalar() is not long value) return null;
        Count(sql, 1);
        return value;
    }

    /// <summary>The next value of the store's one sequence: lease and lock tokens, versions of jobs.</summary>
    public long Next() => Number("UPDATE sequence SET value = value + 1 WHERE id = 1 RETURNING value")!.Value;

    /// <summary>A list as one argument, for <c>IN (SELECT value FROM json_each($n))</c>.</summary>
    public static string List(IEnumerable<long> values) => JsonSerializer.Serialize(values);

    /// <inheritdoc cref="List(IEnumerable{long})"/>
    public static string List(IEnumerable<string> values) => JsonSerializer.Serialize(values);

    /// <summary>A statement that answers rows has changed them where it says RETURNING.</summary>
    private void Count(string sql, int rows)
    {
        if (rows > 0 && sql.Contains(Returning, StringComparison.Ordinal)) Changes += rows;
    }

    private void Trip()
    {
        RoundTrips += _sent ? 2 : 1;
        _sent = false;
    }

    private DbCommand Prepare(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!_commands.TryGetValue(sql, out var command)) _commands[sql] = command = Create(sql, arguments.Length);
        for (var i = 0; i < arguments.Length; i++) command.Parameters[i].Value = Bind(arguments[i]);
        return command;
    }

    private DbCommand Create(string sql, int arguments)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= arguments; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "$" + i.ToString(CultureInfo.InvariantCulture);
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private static object Bind(object? value) => value switch
    {
        null => DBNull.Value,
        bool flag => flag ? 1L : 0L,
        Enum number => Convert.ToInt64(number, CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToUnixTimeMilliseconds(),
        TimeSpan span => (long)span.TotalMilliseconds,
        _ => value,
    };

    public void Dispose()
    {
        foreach (var command in _commands.Values) command.Dispose();
        connection.Dispose();
    }
}
