using System.Diagnostics;

namespace Vitrine.EndToEnd.Harness;

/// <summary>The built program, started with arguments in a session of its own, so that a signal reaches its whole group, as Ctrl-C does.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HashSet<Seen> _children = [];
    private bool _disposed;

    private Running(Process process) => _process = process;

    public int Id => _process.Id;

    public Lines Out { get; } = new();

    public Lines Errors { get; } = new();

    public bool HasEnded => _process.HasExited;

    public static Running Start(IEnumerable<string> command, IReadOnlyDictionary<string, string> environment, string folder, string? input = null)
    {
        // A test run in the background has the signal of Ctrl-C ignored, which its programs would inherit.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "setsid", .. command])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true, WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var running = new Running(new() { StartInfo = start });
        running._process.OutputDataReceived += (_, line) => running.Out.Add(line.Data);
        running._process.ErrorDataReceived += (_, line) => running.Errors.Add(line.Data);
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        if (input is not null) running._process.StandardInput.WriteLine(input);
        running._process.StandardInput.Close();
        return running;
    }

    /// <summary>Its decoders and whatever else it started; remembered, so that what outlives it is ended with the test.</summary>
    public IReadOnlyList<Seen> Children()
    {
        var now = Processes.Below(Id);
        _children.UnionWith(now);
        return now;
    }

    public IReadOnlyList<Seen> Survivors() => [.. _children.Where(Processes.IsAlive)];

    public void Kill()
    {
        Children();
        Processes.Signal(Id, Processes.KillSignal);
    }

    public void Signal(int signal) => Processes.Signal(Id, signal);

    /// <summary>What Ctrl-C on a terminal does: every process of the group gets it.</summary>
    public void SignalGroup(int signal) => Processes.Signal(-Id, signal);

    public async Task<Ended> EndAsync(TimeSpan bound)
    {
        using var limit = new CancellationTokenSource(bound * Eventually.Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"'{string.Join(' ', _process.StartInfo.ArgumentList)}' did not end within {bound * Eventually.Patience}.\n{Out.Tail}\n{Errors.Tail}");
        }
        return new(_process.ExitCode, Out.Text, Errors.All);
    }

    /// <summary>Whatever is left of it ends: first with what it started, as /proc shows it, then by the ids that were seen before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (!HasEnded)
        {
            Children();
            Processes.Signal(Id, Processes.KillSignal);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        foreach (var survivor in Survivors()) Processes.End(survivor);
        _process.Dispose();
    }
}

/// <summary>How a run ended.</summary>
internal sealed record Ended(int ExitCode, string Out, IReadOnlyList<string> Errors)
{
    public override string ToString() => $"exit code {ExitCode}\n{Out}\n{string.Join('\n', Errors)}";
}
