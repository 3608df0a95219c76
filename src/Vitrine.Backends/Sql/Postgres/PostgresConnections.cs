using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace Vitrine.Backends.Sql.Postgres;

/// <summary>Opens connections of one database, each set up so that a peer that is silent is noticed on either side.</summary>
internal sealed class PostgresConnections
{
    private const int OldestServer = 15;
    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly ConcurrentDictionary<string, PostgresStatement> _statements = new();

    /// <exception cref="StoreException">The connection string is none.</exception>
    public PostgresConnections(PostgresOptions options)
    {
        try
        {
            _settings = new(options.ConnectionString)
            {
                Pooling = false,
                Enlist = false,
                MaxAutoPrepare = 1000,
                AutoPrepareMinUsages = 2,
                CommandTimeout = options.StatementSeconds,
                TcpKeepAlive = true,
                TcpKeepAliveTime = 5,
                TcpKeepAliveInterval = 1,
                ApplicationName = "vitrine",
            };
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            throw new StoreException("database-settings", $"Postgres:ConnectionString cannot be read: {wrong.Message}", wrong);
        }
        var stall = options.StallSeconds * 1000;
        // Plans are kept, also those that were made while a table was empty: each goes by an index, as a test on SQLite holds for all statements.
        _settings.Options = string.Join(' ', _settings.Options, "-c jit=off -c max_parallel_workers_per_gather=0 -c enable_seqscan=off -c random_page_cost=1.1",
            // A connection waits for work, however short a silence the server allows to others.
            "-c idle_session_timeout=0",
            string.Create(CultureInfo.InvariantCulture, $"-c idle_in_transaction_session_timeout={stall} -c tcp_user_timeout={(IsSocket ? 0 : stall)}")).Trim();
        if (!options.ConnectionString.Contains("Timeout", StringComparison.OrdinalIgnoreCase)) _settings.Timeout = 5;
    }

    private bool IsSocket => _settings.Host?.StartsWith('/') == true;

    /// <exception cref="NpgsqlException">There is no server, or it refuses.</exception>
    public NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(_settings.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch (NpgsqlException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="Open"/>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(_settings.ToString());
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch (Exception failed) when (failed is NpgsqlException or OperationCanceledException)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public PostgresSession OpenSession() => new(Open(), _statements);

    /// <summary>Looks whether server and database can be used, brings the schema up to date, and answers its name.</summary>
    /// <exception cref="StoreException">It cannot be used, and why.</exception>
    public string Prepare(DatabaseClock? clock)
    {
        try
        {
            using var connection = Open();
            if (connection.PostgreSqlVersion.Major < OldestServer)
            {
                throw new StoreException("database-too-old",
                    $"PostgreSQL at {_settings.Host} is version {connection.PostgreSqlVersion}; Vitrine needs {OldestServer} or later.");
            }
            if (Text(connection, "SHOW server_encoding") is not "UTF8" and var encoding)
            {
                throw new StoreException("database-encoding",
                    $"Database '{_settings.Database}' has the encoding {encoding}. Make one with ENCODING 'UTF8' TEMPLATE template0.");
            }
            if (Text(connection, "SELECT coalesce(current_schema(), '')") is not { Length: > 0 } schema)
            {
                throw new StoreException("database-permissions", $"User '{_settings.Username}' has no schema to work in: none of the search path is there.");
            }
            PostgresSchema.Apply(connection);
            clock?.Seen(Now(connection));
            return schema;
        }
        catch (NpgsqlException failed)
        {
            throw PostgresFault.Named(failed, _settings);
        }
    }

    private static DateTimeOffset Now(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        return new((DateTime)command.ExecuteScalar()!);
    }

    public static string Text(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return (string)command.ExecuteScalar()!;
    }

    /// <summary>However long it takes: a migration may write a large table anew, and others wait for it.</summary>
    public static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.ExecuteNonQuery();
    }
}
