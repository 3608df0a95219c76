using Microsoft.Data.Sqlite;
using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Sqlite;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>
/// SQLite in memory, on the calling thread: a call is answered when it returns. The connection and its statements are kept from history to history, and
/// emptied between them.
/// </summary>
internal sealed class InlineSqlite : InlineDatabase
{
    private readonly RewritingConnection _connection;
    private readonly SqlSession _session;
    private readonly List<(string Table, bool Seeded)> _tables;

    /// <param name="rewrite">What becomes of the text of each statement.</param>
    /// <param name="prepare">Runs once on the new schema.</param>
    public InlineSqlite(Func<string, string>? rewrite = null, string prepare = "")
    {
        _connection = new("Data Source=:memory:", rewrite ?? (static text => text));
        _connection.Open();
        SqliteConnections.Execute(_connection, "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;");
        Migrations.Apply(_connection);
        if (prepare.Length > 0) SqliteConnections.Execute(_connection, prepare);
        _session = new SqliteSession(_connection);
        _tables = _session.Query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'", row => row.Text(0)).ConvertAll(Seed);
    }

    public override long Changes => SQLitePCL.raw.sqlite3_total_changes(_connection.Handle);

    /// <summary>As it was after the migrations.</summary>
    public override void Empty()
    {
        _session.Execute("PRAGMA foreign_keys = OFF");
        _session.Execute("BEGIN");
        foreach (var (table, seeded) in _tables)
        {
            _session.Execute($"DELETE FROM {table}");
            if (seeded) _session.Execute($"INSERT INTO {table} SELECT * FROM temp.seed_{table}");
        }
        _session.Execute("COMMIT");
        _session.Execute("PRAGMA foreign_keys = ON");
    }

    public override T Read<T>(Func<SqlSession, T> read) => read(_session);

    protected override Task<T> RunAsync<T>(Lane lane, Func<SqlSession, T> write, CancellationToken cancellation)
    {
        _session.Execute("BEGIN");
        var done = false;
        try
        {
            var answer = write(_session);
            _session.Execute("COMMIT");
            done = true;
            return Task.FromResult(answer);
        }
        finally
        {
            if (!done) _session.Execute("ROLLBACK");
        }
    }

    public override void Dispose() => _session.Dispose();

    private (string, bool) Seed(string table)
    {
        if (_session.Number($"SELECT 1 FROM {table} LIMIT 1") is null) return (table, false);
        SqliteConnections.Execute(_connection, $"CREATE TEMP TABLE seed_{table} AS SELECT * FROM {table}");
        return (table, true);
    }

    /// <summary>For faults that are planted into single statements, without a switch in the product.</summary>
    private sealed class RewritingConnection(string settings, Func<string, string> rewrite) : SqliteConnection(settings)
    {
        public override SqliteCommand CreateCommand() => new Command(this, rewrite);

        private sealed class Command : SqliteCommand
        {
            private readonly Func<string, string> _rewrite;

            public Command(SqliteConnection connection, Func<string, string> rewrite) => (Connection, _rewrite) = (connection, rewrite);

            public override string CommandText
            {
                get => base.CommandText;
#pragma warning disable CS8765 // The parameter may be null here as well.
                set => base.CommandText = _rewrite is null ? value : _rewrite(value);
#pragma warning restore CS8765
            }
        }
    }
}
