using System.Collections.Concurrent;
using System.Data.Common;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Vitrine.Backends.Sql.Postgres;

/// <summary>
/// A connection to a server. What was sent goes in one batch with the next statement that is answered. Npgsql prepares what runs a second time, and keeps it with
/// the connection.
/// </summary>
/// <param name="statements">Those of the database, by their texts.</param>
internal sealed class PostgresSession(NpgsqlConnection connection, ConcurrentDictionary<string, PostgresStatement> statements) : SqlSession
{
    private readonly NpgsqlBatch _batch = new(connection);
    private readonly List<(string Sql, NpgsqlBatchCommand Command)> _queued = [];
    private readonly Dictionary<string, Stack<NpgsqlBatchCommand>> _idle = [];

    public override DbConnection Connection => connection;

    /// <summary>The connection is gone, and its transaction with it.</summary>
    public bool IsLost => connection.State != System.Data.ConnectionState.Open;

    public override IReadOnlyCollection<string> Statements => _idle.Keys;

    public override void Send(string sql, params ReadOnlySpan<object?> arguments) => Enqueue(sql, arguments);

    public override void Flush()
    {
        if (_queued.Count > 0) Run();
    }

    public override void TakeTime()
    {
        _batch.Timeout = 0;
        Send("SET LOCAL enable_seqscan = on");
    }

    /// <summary>Begins a transaction. Nothing of a former one is left.</summary>
    public void Begin(string how = "")
    {
        Discard();
        _batch.Timeout = connection.CommandTimeout;
        Send($"BEGIN {how}");
    }

    /// <summary>Forgets what was sent and did not run.</summary>
    public void Discard()
    {
        _batch.BatchCommands.Clear();
        foreach (var (sql, command) in _queued) Idle(sql).Push(command);
        _queued.Clear();
    }

    public override int Execute(string sql, params ReadOnlySpan<object?> arguments)
    {
        var command = Enqueue(sql, arguments);
        Run();
        return command.RecordsAffected;
    }

    public override void Dispose()
    {
        _batch.Dispose();
        connection.Dispose();
    }

    protected override DbDataReader Open(string sql, ReadOnlySpan<object?> arguments)
    {
        Enqueue(sql, arguments);
        RoundTrips++;
        // What was sent answers no rows, so the first rows are those of the last statement.
        return _batch.ExecuteReader();
    }

    protected override void Close(string sql, int rows) => Count();

    private void Run()
    {
        RoundTrips++;
        try
        {
            _batch.ExecuteNonQuery();
        }
        finally
        {
            Count();
        }
    }

    private void Count()
    {
        foreach (var (_, command) in _queued) Changes += Math.Max(0, command.RecordsAffected);
        Discard();
    }

    private NpgsqlBatchCommand Enqueue(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!statements.TryGetValue(sql, out var statement)) statement = statements.GetOrAdd(sql, new PostgresStatement(sql, arguments.Length));
        if (!statement.IsTyped) Learn(statement, arguments);
        var command = Idle(sql).TryPop(out var idle) ? idle : Create(statement);
        for (var i = 0; i < arguments.Length; i++) command.Parameters[i].Value = statement.IsUsed(i) ? Storable(Bind(arguments[i])) : DBNull.Value;
        _queued.Add((sql, command));
        _batch.BatchCommands.Add(command);
        return command;
    }

    private Stack<NpgsqlBatchCommand> Idle(string sql)
    {
        if (!_idle.TryGetValue(sql, out var idle)) _idle[sql] = idle = new();
        return idle;
    }

    private static NpgsqlBatchCommand Create(PostgresStatement statement)
    {
        var command = new NpgsqlBatchCommand(statement.Text);
        for (var i = 0; i < statement.Parameters; i++) command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = statement.Type(i)!.Value });
        return command;
    }

    private void Learn(PostgresStatement statement, ReadOnlySpan<object?> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (Bind(arguments[i]) is not DBNull and var value) statement.SetType(i, PostgresStatement.TypeOf(value));
        }
        if (!statement.IsTyped) Infer(statement);
    }

    /// <summary>Asks the server for the types of parameters that were NULL in all that ran so far: it tells them of a prepared statement, once for each text.</summary>
    private void Infer(PostgresStatement statement)
    {
        var known = string.Join(", ", Enumerable.Range(0, statement.Parameters).Select(i => NameOf(statement.Type(i))));
        using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new($"PREPARE vitrine_types ({known}) AS {statement.Text}"));
        batch.BatchCommands.Add(new("SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'vitrine_types'"));
        batch.BatchCommands.Add(new("DEALLOCATE vitrine_types"));
        var types = (string[])batch.ExecuteScalar()!;
        for (var i = 0; i < types.Length; i++) statement.SetType(i, TypeOf(types[i]));
    }

    private static string NameOf(NpgsqlDbType? type) => type switch
    {
        NpgsqlDbType.Bigint => "bigint",
        NpgsqlDbType.Text => "text",
        NpgsqlDbType.Bytea => "bytea",
        NpgsqlDbType.Double => "double precision",
        _ => "unknown",
    };

    private static NpgsqlDbType TypeOf(string name) => name switch
    {
        "bigint" or "integer" or "numeric" => NpgsqlDbType.Bigint,
        "bytea" => NpgsqlDbType.Bytea,
        "double precision" => NpgsqlDbType.Double,
        _ => NpgsqlDbType.Text,
    };

    /// <summary>A text as the server can keep it: the character NUL and halves of pairs are none there, and become U+FFFD as in all that is not Unicode.</summary>
    private static object Storable(object value)
    {
        if (value is not string text || !(text.Contains('\0') || text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))) return value;
        return string.Concat(text.EnumerateRunes().Select(rune => (rune.Value == 0 ? Rune.ReplacementChar : rune).ToString()));
    }
}
