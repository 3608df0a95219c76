using System.Diagnostics;
using System.Globalization;

namespace Vitrine.Tests.Shared;

/// <summary>
/// A PostgreSQL server of the test's own: its own port on loopback and its own folder, nothing of which is synced. It ends with this process, also where that
/// is killed, can be ended and started again on the same port and data, and nothing of it is left when it is disposed.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const int OldestServer = 15;
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(60);

    private readonly string _programs = Programs() ?? throw new InvalidOperationException(Missing);
    private readonly string _folder = DataPlace.Make("vitrine-postgres-");
    private Process? _process;

    private PrivatePostgres()
    {
    }

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Missing => Programs() is null ? "PostgreSQL 15 or later is not installed (package postgresql)." : null;

    public int Port { get; } = FreePorts.Take();

    /// <summary>Of the process that the server runs below.</summary>
    public int Id => _process!.Id;

    public static async Task<PrivatePostgres> StartAsync(CancellationToken cancellation)
    {
        var server = new PrivatePostgres();
        try
        {
            if (IsRoot) await RunAsync("chown", ["postgres", server._folder], cancellation);
            await server.StartAgainAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string ConnectionString(string database, int? port = null) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port ?? Port};Username=postgres;Database={database};GSS Encryption Mode=Disable");

    /// <summary>
    /// Until it lets somebody in. A shell holds the server and waits for the end of its input, which is when this process ends, however it ends. As root it
    /// becomes the user postgres: the server refuses root.
    /// </summary>
    public async Task StartAgainAsync(CancellationToken cancellation)
    {
        var script = string.Create(CultureInfo.InvariantCulture,
            $"""
            cd "$1" || exit 1
            [ -d data ] || {_programs}/initdb -D data -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8 >init.log 2>&1 || exit 1
            {_programs}/postgres -D data -p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
              -c shared_buffers=64MB -c autovacuum=off -c max_connections=200 >>server.log 2>&1 </dev/null &
            read -r _
            kill -INT $! 2>/dev/null
            wait $!
            """);
        string[] shell = ["sh", "-c", script, "sh", _folder];
        string[] command = IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. shell] : shell;
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true })!;
        var watch = Stopwatch.StartNew();
        while (await AnswerAsync("postgres", "SELECT 1", cancellation) is null)
        {
            if (_process.HasExited || watch.Elapsed > Start) throw new InvalidOperationException($"PostgreSQL does not start: {Said()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellation);
        }
    }

    /// <summary>As an operator ends it in a hurry: whoever is connected is thrown out.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_process is not { } process) return;
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellation);
        process.Dispose();
        _process = null;
    }

    /// <summary>Lines of the answer, with columns parted by '|'.</summary>
    public async Task<string[]> AskAsync(string database, string sql, CancellationToken cancellation) =>
        await AnswerAsync(database, sql, cancellation) ?? throw new InvalidOperationException($"psql refuses {sql}: {Said()}");

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Null where there is no answer.</summary>
    private async Task<string[]?> AnswerAsync(string database, string sql, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.Combine(_programs, "psql"), ["-XAtq", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-d", database, "-c", sql])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        using var asked = Process.Start(start)!;
        var errors = asked.StandardError.ReadToEndAsync(cancellation);
        var answer = await asked.StandardOutput.ReadToEndAsync(cancellation);
        await errors;
        await asked.WaitForExitAsync(cancellation);
        return asked.ExitCode == 0 ? answer.Split('\n', StringSplitOptions.RemoveEmptyEntries) : null;
    }

    private string Said() => string.Join('\n', Directory.GetFiles(_folder, "*.log").SelectMany(File.ReadLines).TakeLast(10));

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    private static string? Programs() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) && version >= OldestServer)
            .Select(folder => Path.Combine(folder, "bin")).Where(bin => File.Exists(Path.Combine(bin, "postgres"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;
}
