using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Vitrine.Tests.Shared;

/// <summary>
/// A RabbitMQ node of the test's own: in a temporary folder, with a name, a password file and a port mapper of its own, on free loopback ports. It can be
/// killed and started again on the same ports and data; nothing of it is left when it is disposed.
/// </summary>
public sealed partial class RabbitBroker : IAsyncDisposable
{
    private const string Programs = "/usr/lib/rabbitmq/bin";
    private const int Terminate = 15;

    private static readonly TimeSpan Start = TimeSpan.FromSeconds(90);

    private readonly string _folder = DataPlace.Make("vitrine-rabbit-");
    private readonly int[] _ports = FreePorts.Take(4);
    private readonly List<string> _said = [];
    private Process? _process;

    private RabbitBroker() => Certificates = BrokerCertificates.Write(_folder);

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Missing => File.Exists($"{Programs}/rabbitmq-server") ? null : "rabbitmq-server is not there (package rabbitmq-server).";

    public int Port => _ports[0];

    /// <summary>Of its process.</summary>
    public int Id => _process!.Id;

    public int TlsPort => _ports[1];

    public BrokerCertificates Certificates { get; }

    /// <summary>Of a user who may do everything in the virtual host '/'.</summary>
    public string Uri => $"amqp://{BrokerUsers.Owner}:{BrokerUsers.Password}@127.0.0.1:{Port}/";

    public static async Task<RabbitBroker> StartAsync(CancellationToken cancellation)
    {
        var broker = new RabbitBroker();
        try
        {
            await File.WriteAllTextAsync(Path.Combine(broker._folder, "rabbitmq.conf"), broker.Configuration(), cancellation);
            await File.WriteAllTextAsync(Path.Combine(broker._folder, "users.json"), BrokerUsers.Definitions(), cancellation);
            await File.WriteAllTextAsync(Path.Combine(broker._folder, "plugins"), "[].", cancellation);
            await broker.StartAgainAsync(cancellation);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>After an end, with what it had: until it says that it is complete.</summary>
    public async Task StartAgainAsync(CancellationToken cancellation)
    {
        // The shell is replaced by the node, so that signals go to the node itself.
        var start = Command("rabbitmq-server", []);
        start.Environment["RUNNING_UNDER_SYSTEMD"] = "true";
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Hear(line.Data, complete);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, complete);
        process.Exited += (_, _) => complete.TrySetException(new InvalidOperationException($"RabbitMQ ended at its start: {Said()}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        await complete.Task.WaitAsync(Start, cancellation);
    }

    /// <summary>At once, as when its machine fails.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>As an operator ends it.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        _ = Signal(_process!.Id, Terminate);
        await _process.WaitForExitAsync(cancellation);
        _process.Dispose();
        _process = null;
    }

    /// <summary>What rabbitmqctl answers; it takes a second or two.</summary>
    public async Task<string> ControlAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(Command("rabbitmqctl", [.. arguments, "--quiet"]))!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(cancellation);
        var answer = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? answer : throw new InvalidOperationException($"rabbitmqctl ended with {process.ExitCode}: {answer} {await error}");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        var mapper = new ProcessStartInfo("epmd", ["-kill"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        mapper.Environment["ERL_EPMD_PORT"] = Text(_ports[3]);
        mapper.Environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
        using var kill = Process.Start(mapper)!;
        await kill.WaitForExitAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Configuration() =>
        $"""
        listeners.tcp.1 = 127.0.0.1:{Port}
        listeners.ssl.1 = 127.0.0.1:{TlsPort}
        ssl_options.certfile = {Certificates.ServerPath}
        ssl_options.keyfile = {Certificates.ServerKeyPath}
        ssl_options.verify = verify_none
        load_definitions = {_folder}/users.json
        log.file = false
        log.console = true
        log.console.level = warning
        vm_memory_high_watermark.absolute = 1GiB
        disk_free_limit.absolute = 50MB
        raft.wal_max_size_bytes = 16000000

        """;

    private ProcessStartInfo Command(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Programs, program), arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("RABBITMQ_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in Environment()) start.Environment[name] = value;
        return start;
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["HOME"] = _folder,
        ["LANG"] = "C.UTF-8",
        ["RABBITMQ_NODENAME"] = $"vitrine{Port}@localhost",
        ["RABBITMQ_CONFIG_FILE"] = $"{_folder}/rabbitmq.conf",
        ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
        ["RABBITMQ_MNESIA_BASE"] = $"{_folder}/data",
        ["RABBITMQ_LOG_BASE"] = $"{_folder}/log",
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{_folder}/plugins",
        ["RABBITMQ_DIST_PORT"] = Text(_ports[2]),
        // It shares two cores with all that is tested: its threads sleep instead of waiting busily, as RabbitMQ advises for such machines.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
        ["ERL_EPMD_PORT"] = Text(_ports[3]),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
    };

    private void Hear(string? line, TaskCompletionSource complete)
    {
        if (line is null) return;
        lock (_said) _said.Add(line);
        if (line.Contains("completed with", StringComparison.Ordinal)) complete.TrySetResult();
    }

    private string Said()
    {
        lock (_said) return string.Join('\n', _said.TakeLast(20));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int id, int signal);
}
