using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Vitrine.Backends.Sql.Sqlite;

/// <summary>A database file: one writer, and read-only connections, of which each serves one read at a time.</summary>
internal sealed class SqliteDatabase : SqlDatabase
{
    private const int MaxReaders = 8;
    private readonly string _path;
    private readonly SqliteWriter _writer;
    private readonly ConcurrentBag<SqlSession> _idle = [];
    private readonly SemaphoreSlim _readers = new(MaxReaders);

    private SqliteDatabase(string path, SqliteWriter writer)
    {
        _path = path;
        _writer = writer;
    }

    public override Task NextCommit => _writer.NextCommit;

    /// <summary>Opens the file, makes it where it is missing, and brings its schema up to date.</summary>
    /// <exception cref="StoreException">The file is damaged, is no database, or was written by a newer Vitrine.</exception>
    public static SqliteDatabase Open(string path)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnections.OpenWriter(path);
            Migrations.Apply(connection);
            SqliteConnections.Check(connection);
            var database = new SqliteDatabase(path, new(new SqliteSession(connection)));
            connection = null;
            return database;
        }
        catch (SqliteException damaged) when (damaged.SqliteErrorCode is SqliteConnections.Corrupt or SqliteConnections.NotADatabase)
        {
            throw new StoreException("database-damaged", $"The database {path} is damaged: {damaged.Message}", damaged);
        }
        finally
        {
            connection?.Dispose();
        }
    }

    public override async Task<T> ReadAsync<T>(Func<SqlSession, T> read, CancellationToken cancellation)
    {
        await _readers.WaitAsync(cancellation);
        SqlSession? session = null;
        try
        {
            if (!_idle.TryTake(out session)) session = new SqliteSession(SqliteConnections.OpenReader(_path));
            session.Execute("BEGIN");
            try
            {
                return read(session);
            }
            finally
            {
                session.Execute("COMMIT");
            }
        }
        finally
        {
            if (session is not null) _idle.Add(session);
            _readers.Release();
        }
    }

    protected override Task<T> RunAsync<T>(Lane lane, Func<SqlSession, T> write, CancellationToken cancellation) =>
        _writer.RunAsync(lane, write, cancellation);

    /// <summary>The texts of all statements that its connections have run, for a test of their plans.</summary>
    internal async Task<IReadOnlyCollection<string>> StatementsAsync()
    {
        var written = await _writer.RunAsync(Lane.Interactive, sql => sql.Statements.ToList(), CancellationToken.None);
        return [.. written, .. _idle.SelectMany(session => session.Statements)];
    }

    /// <summary>Pages that its connections have looked at so far, in their caches or beside them, for a test of what an event costs.</summary>
    internal async Task<long> PagesReadAsync() =>
        await _writer.RunAsync(Lane.Interactive, SqliteConnections.PagesRead, CancellationToken.None) + _idle.Sum(SqliteConnections.PagesRead);

    public override async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        while (_idle.TryTake(out var session)) session.Dispose();
        _readers.Dispose();
    }
}
