using System.Data.Common;
using System.Globalization;

namespace Vitrine.Backends.Sql.Sqlite;

/// <summary>A connection within this process: nothing is gained by waiting, so what is sent is run.</summary>
internal sealed class SqliteSession(DbConnection connection) : SqlSession
{
    private const string Returning = "RETURNING";
    private readonly Dictionary<string, DbCommand> _commands = [];
    private bool _sent;

    public override DbConnection Connection => connection;

    public override IReadOnlyCollection<string> Statements => _commands.Keys;

    public override void Send(string sql, params ReadOnlySpan<object?> arguments)
    {
        Changes += Math.Max(0, Prepare(sql, arguments).ExecuteNonQuery());
        _sent = true;
    }

    /// <summary>Nothing waits; that somebody would wait elsewhere is counted.</summary>
    public override void Flush()
    {
        if (_sent) RoundTrips++;
        _sent = false;
    }

    /// <summary>It always may.</summary>
    public override void TakeTime()
    {
    }

    public override int Execute(string sql, params ReadOnlySpan<object?> arguments)
    {
        Trip();
        var changed = Prepare(sql, arguments).ExecuteNonQuery();
        Changes += Math.Max(0, changed);
        return changed;
    }

    public override void Dispose()
    {
        foreach (var command in _commands.Values) command.Dispose();
        connection.Dispose();
    }

    protected override DbDataReader Open(string sql, ReadOnlySpan<object?> arguments)
    {
        Trip();
        return Prepare(sql, arguments).ExecuteReader();
    }

    /// <summary>A statement that answers rows has changed them where it says RETURNING.</summary>
    protected override void Close(string sql, int rows)
    {
        if (rows > 0 && sql.Contains(Returning, StringComparison.Ordinal)) Changes += rows;
    }

    private void Trip()
    {
        RoundTrips++;
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
}
