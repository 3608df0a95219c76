using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Vitrine.Backends.Sql.Postgres;

[assembly: AssemblyFixture(typeof(Vitrine.Backends.Tests.Postgres.PostgresServer))]

namespace Vitrine.Backends.Tests.Postgres;

/// <summary>
/// One private server for all tests of the assembly, started by the first that asks: its own port on loopback and its own folder, nothing of which is synced.
/// It ends with this process, also where that is killed. Databases come from a template that was migrated once, and are used again, emptied.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    internal const string Template = "vitrine_template";
    private static readonly SemaphoreSlim Starting = new(1);
    private static PostgresServer? _running;
    private static string? _missing;

    private readonly ConcurrentBag<PostgresScratch> _idle = [];
    private Process? _server;
    private string _folder = "";
    private int _port;
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
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};GSS Encryption Mode=Disable"), Readers = 2,
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
        running._server!.StandardInput.Close();
        await running._server.WaitForExitAsync();
        running._server.Dispose();
        Directory.Delete(running._folder, recursive: true);
    }

    private static async Task<(PostgresServer?, string?)> StartAsync()
    {
        if (Programs() is not { } programs) return (null, "PostgreSQL 15 or later is not installed (package postgresql).");
        var server = new PostgresServer { _folder = Directory.CreateTempSubdirectory("vitrine-postgres-").FullName, _port = FreePort() };
        try
        {
            if (await server.RunAsync(programs) is { } failed) return (null, failed);
            await server.CreateTemplateAsync();
            return (server, null);
        }
        catch (NpgsqlException unreachable)
        {
            return (null, $"PostgreSQL does not start: {unreachable.Message}");
        }
    }

    /// <summary>
    /// A shell holds the server and waits for the end of its input, which is when this process ends, however it ends. As root it becomes the user postgres:
    /// the server refuses root.
    /// </summary>
    private async Task<string?> RunAsync(string programs)
    {
        var script = string.Create(CultureInfo.InvariantCulture,
            $"""
            cd "$1" && {programs}/initdb -D data -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8 >init.log 2>&1 || exit 1
            {programs}/postgres -D data -p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
              -c shared_buffers=64MB -c autovacuum=off -c max_connections=200 >server.log 2>&1 </dev/null &
            echo started
            read -r _
            kill -INT $! 2>/dev/null
            wait $!
            """);
        var start = new ProcessStartInfo(Environment.UserName == "root" ? "setpriv" : "sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (Environment.UserName == "root")
        {
            using var owner = Process.Start("chown", ["postgres", _folder]);
            await owner.WaitForExitAsync();
            if (owner.ExitCode != 0) return "There is no user postgres to run PostgreSQL as.";
            foreach (var argument in new[] { "--reuid=postgres", "--regid=postgres", "--clear-groups", "sh" }) start.ArgumentList.Add(argument);
        }
        foreach (var argument in new[] { "-c", script, "sh", _folder }) start.ArgumentList.Add(argument);
        _server = Process.Start(start)!;
        return await _server.StandardOutput.ReadLineAsync() == "started" ? null : $"PostgreSQL cannot be set up: {await _server.StandardError.ReadToEndAsync()}";
    }

    private async Task CreateTemplateAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await AdministerAsync($"CREATE DATABASE {Template} TEMPLATE template0");
                break;
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
        await using (await Stores.OpenPostgresAsync(Options(Template), TimeProvider.System)) { }
        await AdministerAsync("ANALYZE");
    }

    private static string? Programs() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) && version >= 15)
            .Select(folder => Path.Combine(folder, "bin")).Where(bin => File.Exists(Path.Combine(bin, "postgres"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
