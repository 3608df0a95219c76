using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Decoding;

/// <summary>
/// A decoder that is a process of its own, spoken to over its standard input and output. A watch beside each answer ends it when an
/// item takes more processor time than its limit, or when nothing comes for too long.
/// </summary>
public sealed class DecoderProcess : IDecoder
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(500);
    /// <summary>By SIGKILL, and not by us: so the kernel does when memory is short.</summary>
    private const int Killed = 128 + 9;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer;
    private readonly TimeProvider _time;
    private readonly long _mostMemory;

    /// <summary>The roots that it may read, as they were when it started.</summary>
    private readonly Dictionary<string, RootStamp> _roots;

    private volatile string? _endedFor;
    private bool _answering;

    private DecoderProcess(Process process, DecoderCommand command, Dictionary<string, RootStamp> roots, TimeProvider time)
    {
        _process = process;
        _mostMemory = command.MemoryBytes + ItemWatch.SharedBytes;
        _roots = roots;
        _time = time;
        _reader = new(process.StandardOutput.BaseStream);
        _writer = new(process.StandardInput.BaseStream);
    }

    public Hello Hello { get; private set; } = new(0, "", [], []);

    public bool Ready => !_answering && _endedFor is null && !_process.HasExited;

    public int ProcessId => _process.Id;

    /// <summary>Where the kernel has no rules of files it reaches all.</summary>
    public bool Reaches(string root) => Confinement.Of(Hello).FileRules == 0 || (_roots.TryGetValue(root, out var then) && then == RootStamp.Of(root));

    /// <summary>Starts the program and waits for its hello.</summary>
    /// <exception cref="DecoderUnavailableException">It cannot be started, says nothing in 30 s, or speaks another protocol.</exception>
    public static async Task<IDecoder> StartAsync(DecoderCommand command, TimeProvider time, CancellationToken cancellation)
    {
        var roots = command.Roots.ToDictionary(root => root, RootStamp.Of);
        var process = await LaunchAsync(command);
        var decoder = new DecoderProcess(process, command, roots, time);
        var started = false;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await using var timer = time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), limit, StartLimit, Timeout.InfiniteTimeSpan);
            var first = await decoder._reader.ReadAsync(limit.Token);
            if (first?.Message is not Hello hello || hello.Protocol != Hello.CurrentProtocol)
                throw new DecoderUnavailableException($"{command.Path} is no decoder of this version; build it anew together with the server.");
            decoder.Hello = hello;
            started = true;
            return decoder;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new DecoderUnavailableException($"{command.Path} did not start as a decoder: {failure.Message}", failure);
        }
        finally
        {
            if (!started) await decoder.DisposeAsync();
        }
    }

    public async IAsyncEnumerable<Frame> AskAsync(DecoderMessage request, DecodeLimits limits, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(!Ready, this);
        _answering = true;
        var watch = new ItemWatch(limits, _mostMemory, _time.GetTimestamp(), Use().ProcessorSeconds);
        await using var timer = _time.CreateTimer(
            _ => EndWhere(watch.Verdict(_time.GetElapsedTime(watch.LastSign), Use())), null, WatchPeriod, WatchPeriod);
        var rules = new AnswerRules(request);
        await SendAsync(request, cancellation);
        while (true)
        {
            var frame = await NextAsync(rules, cancellation);
            watch = watch.Saw(frame.Message, _time.GetTimestamp(), ItemWatch.IsBegin(frame.Message) ? Use().ProcessorSeconds : 0);
            if (frame.Message is ListEnd or DeriveEnd or ReadEnd) _answering = false;
            yield return frame;
            if (!_answering) yield break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _endedFor ??= Reason.Crashed;
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task SendAsync(DecoderMessage request, CancellationToken cancellation)
    {
        try
        {
            await _writer.WriteAsync(request, cancellation);
        }
        catch (IOException)
        {
            throw await DiedAsync();
        }
    }

    private async Task<Frame> NextAsync(AnswerRules rules, CancellationToken cancellation)
    {
        try
        {
            var frame = await _reader.ReadAsync(cancellation) ?? throw await DiedAsync();
            rules.Check(frame.Message);
            return frame;
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            if (broken is InvalidDataException) _endedFor ??= Reason.Crashed;
            Kill();
            throw await DiedAsync(broken is InvalidDataException ? "the decoder was ended: it sent what is no answer" : null);
        }
    }

    private async Task<DecoderDiedException> DiedAsync(string? fault = null)
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        var code = _process.ExitCode;
        var how = code > 128 ? $"signal {code - 128}" : $"exit code {code}";
        var unasked = _endedFor is null;
        var reason = _endedFor ??= Reason.Crashed;
        return new(reason, fault ?? (reason == Reason.Crashed ? $"the decoder ended with {how}" : $"the decoder was ended: {reason}"))
        {
            ForMemory = reason == Reason.OutOfMemory || (unasked && code == Killed),
        };
    }

    private void EndWhere(string? verdict)
    {
        if (verdict is null || !_answering) return;
        _endedFor ??= verdict;
        Kill();
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended already, which is what was wanted.
        }
    }

    /// <summary>What the process takes; nothing when it has ended.</summary>
    private ProcessUse Use()
    {
        try
        {
            if (_process.HasExited) return default;
            var now = Snapshot(_process);
            return new(now.TotalProcessorTime.TotalSeconds, now.WorkingSet64);
        }
        catch (Exception ended) when (ended is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It ended between the look and the reading of its times. On a timer's thread an exception would end the server.
            return default;
        }

        static Process Snapshot(Process process)
        {
            process.Refresh();
            return process;
        }
    }

    private static async Task<Process> LaunchAsync(DecoderCommand command)
    {
        var start = new ProcessStartInfo(command.Path) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add("--memory");
        start.ArgumentList.Add(command.MemoryBytes.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add("--parent");
        start.ArgumentList.Add(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add("--nice");
        start.ArgumentList.Add(command.Nice.ToString(CultureInfo.InvariantCulture));
        foreach (var root in command.Roots)
        {
            start.ArgumentList.Add("--read");
            start.ArgumentList.Add(root);
        }
        if (command.Library is { Folder: { } folder } library)
        {
            start.ArgumentList.Add("--libraries");
            start.ArgumentList.Add(folder);
            start.ArgumentList.Add("--formats");
            start.ArgumentList.Add(string.Join(',', library.Formats.Except(library.Confined)));
            start.ArgumentList.Add("--confined-formats");
            start.ArgumentList.Add(string.Join(',', library.Confined));
        }
        foreach (var name in start.Environment.Keys.Except(DecoderCommand.Environment).ToList()) start.Environment.Remove(name);
        try
        {
            return await DecoderLauncher.StartAsync(start) ?? throw new DecoderUnavailableException($"{command.Path} did not start.");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new DecoderUnavailableException($"The decoder {command.Path} cannot be started ({missing.Message}); build Vitrine anew.", missing);
        }
    }
}

/// <summary>How a decoder is started.</summary>
/// <param name="Path">The program.</param>
/// <param name="MemoryBytes">RLIMIT_DATA.</param>
/// <param name="Library">The system's, for that flavour; null for the bundled one.</param>
public sealed record DecoderCommand(string Path, long MemoryBytes, int Nice, SystemLibrary? Library = null)
{
    /// <summary>Folders below which it may read originals.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>The only variables that a decoder inherits: nothing that could be a credential.</summary>
    public static IReadOnlySet<string> Environment { get; } = new HashSet<string> { "PATH", "HOME", "LANG", "DOTNET_ROOT", "DOTNET_ROOT_X64", "TMPDIR" };
}

/// <summary>What a process takes.</summary>
/// <param name="ProcessorSeconds">User and system time.</param>
/// <param name="Bytes">In memory now, what it shares with others included.</param>
internal readonly record struct ProcessUse(double ProcessorSeconds, long Bytes);

/// <summary>When an answer takes too long, or its decoder too much memory. Pure: times and uses come in.</summary>
/// <param name="MostBytes">
/// The limit inside counts what a process asks for as data, and code that took it over can hide memory from that; what is really in memory only we can see.
/// </param>
/// <param name="LastSign">Timestamp of the last frame.</param>
/// <param name="ItemSeconds">Processor seconds of the process when the item in hand began (or the request was sent, or more of a sequential container was passed over).</param>
internal sealed record ItemWatch(DecodeLimits Limits, long MostBytes, long LastSign, double ItemSeconds)
{
    /// <summary>Programs and libraries, which are no data and stand in memory once for all decoders.</summary>
    public const long SharedBytes = 256L << 20;

    public ItemWatch Saw(DecoderMessage message, long now, double processorSeconds) =>
        IsBegin(message) ? this with { LastSign = now, ItemSeconds = processorSeconds } : this with { LastSign = now };

    public static bool IsBegin(DecoderMessage message) => message is BeginItem or Passed or OriginalBegins;

    /// <summary>The reason to end the decoder, or null.</summary>
    public string? Verdict(TimeSpan silence, ProcessUse use)
    {
        if (use.Bytes > MostBytes) return Reason.OutOfMemory;
        if (use.ProcessorSeconds - ItemSeconds > Limits.ItemCpuSeconds) return Reason.Timeout;
        return silence > TimeSpan.FromSeconds(Limits.SilenceSeconds) ? Reason.SourceSlow : null;
    }
}
