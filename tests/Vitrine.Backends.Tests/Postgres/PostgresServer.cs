using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Vitrine.Backends.Sql.Postgres;
using Vitrine.Tests.Shared;

[assembly: AssemblyFixture(typeof(Vitrine.Backends.Tests.Postgres.PostgresServer))]

namespace Vitrine.Backends.Tests.Postgres;

/// <summary>
/// One private server for all tests of the assembly, started by the first that asks. Databases come from a template that was migrated once, and are used
/// again, emptied.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    internal const string Template = "vitrine_template";
    private static readonly SemaphoreSlim Starting = new(1);
    private static PostgresServer? _running;
    private static string? _missing;

    private readonly ConcurrentBag<PostgresScratch> _idle = [];
    private PrivatePostgres? _server;
    private int _databases;

    /// <summary>The server, or a skipped test where there is none to be had.</summary>
    internal static async Task<PostgresServer> UseAsync()
    {
        await Starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_running is null && _missing is null) (_running, _missing) = await StartAsync();
        }
        finally
        {
            Starting.Release();
        }
        Assert.SkipWhen(_running is null, _missing ?? "");
        return _running;
    }

    /// <summary>An empty database of the present schema, for one test at a time.</summary>
    internal async Task<PostgresScratch> RentAsync() => _idle.TryTake(out var idle) ? idle : new(this, await CreateAsync(Template));

    internal void Return(PostgresScratch scratch) => _idle.Add(scratch);

    /// <summary>A new database, empty or like another one.</summary>
    internal async Task<PostgresOptions> CreateAsync(string? template = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"vitrine_{Interlocked.Increment(ref _databases)}");
        await AdministerAsync($"CREATE DATABASE {name} TEMPLATE {template ?? "template0"}");
        return Options(name);
    }

    internal PostgresOptions Options(string database) => new()
    {
        ConnectionString = _server!.ConnectionString(database), Readers = 2,
    };

    internal async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Options("postgres").ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Of the fixture, which is made whether a test needs the server or not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_running is not { } running) return;
        _running = null;
        while (running._idle.TryTake(out var scratch)) await scratch.CloseAsync();
        await running._server!.DisposeAsync();
    }

    private static async Task<(PostgresServer?, string?)> StartAsync()
    {
        if (PrivatePostgres.Missing is { } missing) return (null, missing);
        try
        {
            var server = new PostgresServer { _server = await PrivatePostgres.StartAsync(TestContext.Current.CancellationToken) };
            await server.AdministerAsync($"CREATE DATABASE {Template} TEMPLATE template0");
            await using (await Stores.OpenPostgresAsync(server.Options(Template), TimeProvider.System)) { }
            await server.AdministerAsync("ANALYZE");
            return (server, null);
        }
        catch (InvalidOperationException refused)
        {
            return (null, refused.Message);
        }
    }
}
