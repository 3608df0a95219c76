using System.Collections.Concurrent;
using Npgsql;
using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Postgres;

namespace Vitrine.Backends.Tests.Postgres;

/// <summary>One writer in the store though there are several nodes, and what becomes of reads and writes when a connection is lost.</summary>
public sealed class PostgresDatabaseTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private PostgresOptions _options = null!;
    private PostgresDatabase _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.UseAsync();
        _options = await _server.CreateAsync(PostgresServer.Template) with { StallSeconds = 1 };
        _database = PostgresDatabase.Open(_options, null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_piece_that_fails_takes_nothing_with_it()
    {
        using var gate = new ManualResetEventSlim();
        var first = _database.WriteAsync(Lane.Bulk, sql => { gate.Wait(Cancellation); return Set(sql, "first"); }, Cancellation);
        var failing = _database.WriteAsync<int>(Lane.Bulk, sql => { sql.Send("INSERT INTO settings (key, json) VALUES ('lost', '1')"); throw new InvalidOperationException("no"); }, Cancellation);
        var broken = _database.WriteAsync(Lane.Bulk, sql => { Set(sql, "lost too"); return sql.Execute("INSERT INTO nowhere VALUES (1)"); }, Cancellation);
        var sent = _database.WriteAsync(Lane.Bulk, sql => { Set(sql, "lost as well"); sql.Send("INSERT INTO nowhere VALUES (1)"); return 0; }, Cancellation);
        var last = _database.WriteAsync(Lane.Bulk, sql => Set(sql, "last"), Cancellation);
        gate.Set();

        await first;
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        await Assert.ThrowsAsync<PostgresException>(() => broken);
        await Assert.ThrowsAsync<PostgresException>(() => sent);
        await last;
        Assert.Equal(["first", "last"], await KeysAsync());
    }

    [Fact]
    public async Task A_first_piece_that_fails_leaves_nothing_and_the_next_is_written()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _database.WriteAsync<int>(Lane.Bulk, sql => { Set(sql, "lost"); throw new InvalidOperationException("no"); }, Cancellation));
        await SetAsync(_database, "kept");
        Assert.Equal(["kept"], await KeysAsync());
    }

    [Fact]
    public async Task What_is_sent_goes_with_the_next_question()
    {
        var (trips, changes) = await _database.WriteAsync(Lane.Bulk, sql =>
        {
            var (trips, changes) = (sql.RoundTrips, sql.Changes);
            for (var i = 0; i < 10; i++) sql.Send("INSERT INTO settings (key, json) VALUES ($1, '1')", $"key {i}");
            Assert.Equal(10, sql.Number("SELECT count(*) FROM settings"));
            return (sql.RoundTrips - trips, sql.Changes - changes);
        }, Cancellation);
        Assert.Equal((1, 10), (trips, changes));
    }

    [Fact]
    public async Task A_text_that_the_server_could_not_keep_is_kept_without_what_is_none()
    {
        await SetAsync(_database, "a\0b\ud800c");
        Assert.Equal(["a\ufffdb\ufffdc"], await KeysAsync());
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        await Assert.ThrowsAsync<PostgresException>(() => _database.ReadAsync(sql => Set(sql, "x"), Cancellation));
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task A_parameter_that_was_null_first_takes_a_value_later()
    {
        foreach (var detail in new[] { null, "why", null })
            await _database.WriteAsync(Lane.Bulk, sql => sql.Execute("INSERT INTO audit (at, user_id, name, what, detail) VALUES ($1, $2, 'n', 'w', $3)", 1L, detail is null ? null : 7L, detail), Cancellation);
        Assert.Equal(["/", "7/why", "/"], await _database.ReadAsync(
            sql => sql.Query("SELECT coalesce(user_id::text, '') || '/' || coalesce(detail, '') FROM audit ORDER BY id", row => row.Text(0)), Cancellation));
    }

    [Fact]
    public async Task Tokens_of_two_nodes_are_one_sequence_and_become_visible_in_their_order()
    {
        await using var other = PostgresDatabase.Open(_options, null);
        var seen = new ConcurrentQueue<long>();
        using var stop = new CancellationTokenSource();
        var looking = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) seen.Enqueue((await _database.ReadAsync(sql => sql.Number("SELECT value FROM sequence"), Cancellation))!.Value);
        }, Cancellation);
        var tokens = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? _database : other).WriteAsync(Lane.Interactive, sql => sql.Next(), Cancellation)));
        await stop.CancelAsync();
        await looking;
        Assert.Equal(200, tokens.Distinct().Count());
        Assert.Equal(seen, seen.Order());
    }

    [Fact]
    public async Task A_commit_of_another_node_is_heard_of()
    {
        await using var other = PostgresDatabase.Open(_options, null);
        // Whoever listens anew rings once, since it may have missed something.
        for (var i = 0; ; i++)
        {
            var next = _database.NextCommit;
            await SetAsync(other, $"key {i}");
            await next.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
            if (i > 3) return;
        }
    }

    [Fact]
    public async Task Connections_that_the_server_ends_cost_a_wait_and_nothing_else()
    {
        await SetAsync(_database, "before");
        Assert.Equal(["before"], await KeysAsync());
        for (var i = 0; i < 3; i++)
        {
            await EndConnectionsAsync();
            var write = SetAsync(_database, $"after {i}");
            var read = KeysAsync();
            await write.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
            await read.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        }
        Assert.Equal(["after 0", "after 1", "after 2", "before"], await KeysAsync());
    }

    /// <summary>There are two threads that read: the next reads would wait for ever for one that ended.</summary>
    [Fact]
    public async Task A_read_that_fails_by_itself_as_its_connection_is_lost_costs_no_thread()
    {
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => _database.ReadAsync<int>(sql =>
            {
                Assert.ThrowsAny<NpgsqlException>(() => sql.Number("SELECT 1 FROM (SELECT pg_terminate_backend(pg_backend_pid())) AS ended"));
                throw new InvalidDataException("no");
            }, Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        }
        Assert.Empty(await KeysAsync().WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
    }

    [Fact]
    public async Task A_server_that_ends_silent_connections_leaves_these()
    {
        await _server.AdministerAsync($"ALTER DATABASE {Name} SET idle_session_timeout = 100");
        await using var node = PostgresDatabase.Open(_options, null);
        await SetAsync(node, "before");
        var connections = await ProcessesAsync();
        // What is set for the database holds for one that says nothing of its own.
        await using var silent = new NpgsqlConnection(_options.ConnectionString + ";Pooling=false");
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () =>
        {
            await silent.OpenAsync(Cancellation);
            await silent.WaitAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        });

        Assert.Empty(connections.Except(await ProcessesAsync()));

        Task<List<long>> ProcessesAsync() => node.ReadAsync(
            sql => sql.Query("SELECT pid::bigint FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'vitrine'", row => row.Long(0)), Cancellation);
    }

    /// <summary>Its transaction is lost, and it is run again from its beginning once it goes on.</summary>
    [Fact]
    public async Task A_node_that_stalls_in_the_midst_of_a_write_holds_up_the_others_for_a_moment()
    {
        await using var other = PostgresDatabase.Open(_options, null);
        using var gate = new ManualResetEventSlim();
        var held = new TaskCompletionSource();
        var runs = 0;
        var stalled = _database.WriteAsync(Lane.Bulk, sql =>
        {
            runs++;
            Set(sql, "stalled");
            held.TrySetResult();
            gate.Wait(Cancellation);
            return sql.Number("SELECT count(*) FROM settings");
        }, Cancellation);
        await held.Task;

        await SetAsync(other, "other").WaitAsync(TimeSpan.FromSeconds(15), Cancellation);
        gate.Set();

        Assert.Equal(2, await stalled);
        Assert.Equal(2, runs);
        Assert.Equal(["other", "stalled"], await KeysAsync());
    }

    [Fact]
    public async Task The_clock_is_the_databases()
    {
        var inner = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var clock = new DatabaseClock(inner);
        await using var other = PostgresDatabase.Open(_options, clock);
        var before = clock.GetUtcNow();
        Assert.True(before.Year > 2024);

        inner.Advance(TimeSpan.FromHours(5));
        Assert.Equal(before + TimeSpan.FromHours(5), clock.GetUtcNow());
        await SetAsync(other, "a");
        Assert.True(clock.GetUtcNow() < before + TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData("Username=nobody", "database-credentials")]
    [InlineData("Database=nowhere", "database-missing")]
    [InlineData("Port=1", "database-unreachable")]
    [InlineData("Nonsense=1", "database-settings")]
    public void What_is_wrong_is_named_without_a_secret(string wrong, string code)
    {
        var options = _options with { ConnectionString = $"{_options.ConnectionString};Password=secret;{wrong}" };
        var refused = Assert.Throws<StoreException>(() => PostgresDatabase.Open(options, null));
        Assert.Equal(code, refused.Code);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        await _database.WriteAsync(Lane.Bulk, sql => sql.Execute("UPDATE schema_version SET version = version + 1"), Cancellation);
        Assert.Equal("database-newer", Assert.Throws<StoreException>(() => PostgresDatabase.Open(_options, null)).Code);
        await _database.WriteAsync(Lane.Bulk, sql => sql.Execute("UPDATE schema_version SET version = version - 1"), Cancellation);
        await PostgresDatabase.Open(_options, null).DisposeAsync();
    }

    [Fact]
    public async Task Nodes_that_start_together_on_an_empty_database_make_one_schema()
    {
        var empty = await _server.CreateAsync();
        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => PostgresDatabase.Open(empty, null), Cancellation)));
        foreach (var node in nodes)
        {
            Assert.Equal(1, await node.ReadAsync(sql => sql.Number("SELECT count(*) FROM sequence"), Cancellation));
            await node.DisposeAsync();
        }
    }

    private static int Set(SqlSession sql, string key) => sql.Execute("INSERT INTO settings (key, json) VALUES ($1, '1')", key);

    private static Task<int> SetAsync(PostgresDatabase database, string key) => database.WriteAsync(Lane.Interactive, sql => Set(sql, key), Cancellation);

    private Task<List<string>> KeysAsync() => _database.ReadAsync(sql => sql.Query("SELECT key FROM settings ORDER BY key", row => row.Text(0)), Cancellation);

    private string? Name => new NpgsqlConnectionStringBuilder(_options.ConnectionString).Database;

    private Task EndConnectionsAsync() => _server.AdministerAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Name}'");
}
