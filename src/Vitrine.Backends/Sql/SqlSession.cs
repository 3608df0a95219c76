using System.Data.Common;
using System.Globalization;
using System.Text.Json;

namespace Vitrine.Backends.Sql;

/// <summary>
/// One connection within one transaction. Statements are written with <c>$1, $2, …</c>, prepared and kept with the connection, so their texts must be
/// constants or come from a small closed set. They are written in the SQL that all databases understand; what one of them lacks it is given as a function, or
/// translated where its commands are made.
/// </summary>
internal abstract class SqlSession : IDisposable
{
    public abstract DbConnection Connection { get; }

    /// <summary>Rows that its statements have changed so far, also those of what was rolled back; of those that were sent, after <see cref="Flush"/>.</summary>
    public long Changes { get; protected set; }

    /// <summary>How often whoever used it has waited for the database: once for each statement with an answer, once for all that were sent before it.</summary>
    public long RoundTrips { get; protected set; }

    /// <summary>The texts of all statements that were run, for a test of their plans.</summary>
    public abstract IReadOnlyCollection<string> Statements { get; }

    /// <summary>
    /// A write whose answer nobody needs, and that answers no rows. It runs at the latest before the next statement that is answered and before the
    /// transaction ends; where the database is another process, all that wait go in one round trip. What fails in it fails there.
    /// </summary>
    public abstract void Send(string sql, params ReadOnlySpan<object?> arguments);

    /// <summary>Runs what was sent.</summary>
    public abstract void Flush();

    /// <summary>What follows in this transaction reads through whole tables, and may take as long as that takes.</summary>
    public abstract void TakeTime();

    /// <summary>Rows changed.</summary>
    public abstract int Execute(string sql, params ReadOnlySpan<object?> arguments);

    public List<T> Query<T>(string sql, Func<Row, T> map, params ReadOnlySpan<object?> arguments)
    {
        var rows = new List<T>();
        try
        {
            using var reader = Open(sql, arguments);
            var row = new Row(reader);
            while (reader.Read()) rows.Add(map(row));
        }
        finally
        {
            Close(sql, rows.Count);
        }
        return rows;
    }

    public T? First<T>(string sql, Func<Row, T> map, params ReadOnlySpan<object?> arguments) where T : class
    {
        T? first = null;
        try
        {
            using var reader = Open(sql, arguments);
            if (reader.Read()) first = map(new(reader));
        }
        finally
        {
            Close(sql, first is null ? 0 : 1);
        }
        return first;
    }

    /// <summary>The first column of the first row; null where there is no row or it is NULL.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> arguments)
    {
        long? number = null;
        try
        {
            using var reader = Open(sql, arguments);
            if (reader.Read() && !reader.IsDBNull(0)) number = reader.GetInt64(0);
        }
        finally
        {
            Close(sql, number is null ? 0 : 1);
        }
        return number;
    }

    /// <summary>The next value of the store's one sequence: lease and lock tokens, versions of jobs.</summary>
    public long Next() => Number("UPDATE sequence SET value = value + 1 WHERE id = 1 RETURNING value")!.Value;

    /// <summary>A list as one argument, for <c>IN (SELECT value FROM json_each($n))</c>.</summary>
    public static string List(IEnumerable<long> values) => JsonSerializer.Serialize(values, SqlJson.Default.IEnumerableInt64);

    /// <summary>The same of texts, for <c>IN (SELECT value FROM json_each($n, '$'))</c>: the second argument tells texts from numbers.</summary>
    public static string List(IEnumerable<string> values) => JsonSerializer.Serialize(values, SqlJson.Default.IEnumerableString);

    public abstract void Dispose();

    /// <summary>The rows of a statement; <see cref="Close"/> follows once they were read, or reading them failed.</summary>
    protected abstract DbDataReader Open(string sql, ReadOnlySpan<object?> arguments);

    /// <param name="rows">How many were read.</param>
    protected abstract void Close(string sql, int rows);

    /// <summary>An argument as all databases take it: a 64-bit integer, a text or bytes.</summary>
    protected static object Bind(object? value) => value switch
    {
        null => DBNull.Value,
        bool flag => flag ? 1L : 0L,
        int number => (long)number,
        Enum number => Convert.ToInt64(number, CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToUnixTimeMilliseconds(),
        TimeSpan span => (long)span.TotalMilliseconds,
        _ => value,
    };
}
