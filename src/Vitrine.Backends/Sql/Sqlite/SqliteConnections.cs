using Microsoft.Data.Sqlite;

namespace Vitrine.Backends.Sql.Sqlite;

internal static class SqliteConnections
{
    public const int Corrupt = 11;
    public const int NotADatabase = 26;
    private const long WholeCheckBytes = 64L << 20;

    public static SqliteConnection OpenWriter(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        // 16,384 pages of 4 KiB: the log is written back to the database at 64 MiB. The page cache of 4 MiB is full within the first
        // thousands of images: a larger one would grow with the library, and what it misses comes from the system's page cache.
        Execute(connection, """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            PRAGMA foreign_keys = ON;
            PRAGMA wal_autocheckpoint = 16384;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -4096;
            """);
        return connection;
    }

    public static SqliteConnection OpenReader(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite);
        // Two megabytes hold the inner pages of the trees; several readers with more would grow with the library.
        Execute(connection, "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2048;");
        return connection;
    }

    /// <summary>
    /// Damage is better found now than in the middle of the night: a small database is checked whole; of a large one, where that would take
    /// minutes, one row of each table is read.
    /// </summary>
    /// <exception cref="SqliteException">With <see cref="Corrupt"/>.</exception>
    public static void Check(SqliteConnection connection)
    {
        if (new FileInfo(connection.DataSource).Length <= WholeCheckBytes)
        {
            if (Texts(connection, "PRAGMA quick_check(1)") is not ["ok"] and var damage) throw new SqliteException(string.Join("; ", damage), Corrupt);
            return;
        }
        foreach (var table in Texts(connection, "SELECT name FROM sqlite_schema WHERE type = 'table'")) Texts(connection, $"SELECT 'x' FROM \"{table}\" LIMIT 1");
    }

    /// <summary>See https://www.sqlite.org/c3ref/c_dbstatus_options.html: cache hits and misses of a connection, 7 and 8.</summary>
    public static long PagesRead(SqlSession session)
    {
        var handle = ((SqliteConnection)session.Connection).Handle;
        var pages = 0L;
        foreach (var counter in new[] { 7, 8 })
        {
            SQLitePCL.raw.sqlite3_db_status(handle, counter, out var current, out _, 0);
            pages += current;
        }
        return pages;
    }

    private static List<string> Texts(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read()) texts.Add(reader.GetString(0));
        return texts;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 30 };
        var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        return connection;
    }
}
