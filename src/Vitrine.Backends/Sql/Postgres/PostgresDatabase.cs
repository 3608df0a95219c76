using Npgsql;

namespace Vitrine.Backends.Sql.Postgres;

/// <summary>A schema of a server that several nodes share: one writer in each, of which one writes at a time, and connections that read and wait for nobody.</summary>
internal sealed class PostgresDatabase : SqlDatabase
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly PostgresConnections _connections;
    private readonly PostgresWriter _writer;
    private readonly PostgresReaders _readers;
    private readonly CancellationTokenSource _stop = new();
    private readonly string _channel;
    private readonly string _node = Guid.NewGuid().ToString("N");
    private readonly Task _listening;

    private PostgresDatabase(PostgresOptions options, PostgresConnections connections, string schema, DatabaseClock? clock)
    {
        _connections = connections;
        _channel = $"\"vitrine {schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var patience = TimeSpan.FromSeconds(options.ReconnectSeconds);
        _writer = new(connections, patience, clock, $"NOTIFY {_channel}, '{_node}'");
        _readers = new(connections, options.Readers, patience);
        _listening = Task.Run(ListenAsync);
    }

    /// <summary>For tests that look in from beside it.</summary>
    internal PostgresConnections Connections => _connections;

    public override Task NextCommit => _writer.NextCommit;

    /// <summary>Connects, and brings the schema up to date. The clock is set by the database's with each write.</summary>
    /// <exception cref="StoreException">The server or the database cannot be used: which, and what to do.</exception>
    public static PostgresDatabase Open(PostgresOptions options, DatabaseClock? clock)
    {
        var connections = new PostgresConnections(options);
        return new(options, connections, connections.Prepare(clock), clock);
    }

    public override Task<T> ReadAsync<T>(Func<SqlSession, T> read, CancellationToken cancellation) => _readers.RunAsync(read, cancellation);

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        await _writer.DisposeAsync();
        await _readers.DisposeAsync();
        _stop.Dispose();
    }

    protected override Task<T> RunAsync<T>(Lane lane, Func<SqlSession, T> write, CancellationToken cancellation) => _writer.RunAsync(lane, write, cancellation);

    /// <summary>Hears of commits of other nodes. It only shortens waits: what listens looks from time to time by itself.</summary>
    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _connections.OpenAsync(_stop.Token);
                connection.Notification += (_, notice) =>
                {
                    if (notice.Payload != _node) _writer.Ring();
                };
                await using var listen = new NpgsqlCommand($"LISTEN {_channel}", connection);
                await listen.ExecuteNonQueryAsync(_stop.Token);
                _writer.Ring();
                while (true) await connection.WaitAsync(_stop.Token);
            }
            catch (NpgsqlException)
            {
                // The server is away: what is read or written meanwhile says so.
                await Task.Delay(Pause, TimeProvider.System, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
