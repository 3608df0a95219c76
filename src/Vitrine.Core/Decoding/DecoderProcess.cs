using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Runtime.CompilerServices;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Decoding;

/// <summary>
/// A decoder that is a process of its own, spoken to over its standard input and output. A watch beside each answer ends it when an
/// item takes more processor time than its limit, when it stands still, or when nothing comes for too long.
/// </summary>
public sealed class DecoderProcess : IDecoder
{
    /// <summary>By SIGKILL, and not by us: so the kernel does when memory is short.</summary>
    private const int Killed = 128 + 9;

    private const int PipeBytes = 1 << 20;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer;
    private readonly TimeProvider _time;
    private readonly int _id;
    private readonly long _mostMemory;

    /// <summary>The roots that it was told of, as they were when it started.</summary>
    private readonly Dictionary<string, RootStamp> _roots;

    private volatile string? _endedFor;
    private bool _answering;

    /// <summary>Its next frame is waited for; while whoever asked does something else, its silence means nothing.</summary>
    private volatile bool _awaited;

    private DecoderProcess(Process process, DecoderCommand command, Dictionary<string, RootStamp> roots, TimeProvider time)
    {
        (_process, _id) = (process, process.Id);
        _mostMemory = command.MemoryBytes + ItemWatch.SharedBytes;
        _roots = roots;
        _time = time;
        _reader = new(new PooledStream(Widened(process.StandardOutput.BaseStream)));
        _writer = new(new PooledStream(process.StandardInput.BaseStream));
    }

    public Hello Hello { get; private set; } = new(0, "", [], []);

    public bool Ready => !_answering && _endedFor is null && !_process.HasExited;

    public int ProcessId => _id;

    /// <summary>Where the kernel has no rules of files it reaches all.</summary>
    public bool Reaches(string root) =>
        Confinement.Of(Hello).FileRules == 0 || (Hello.Roots.Contains(root) && _roots.TryGetValue(root, out var then) && then == RootStamp.Of(root));

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

    public async IAsyncEnumerable<Frame> AskAsync(Frame request, DecodeLimits limits, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(!Ready, this);
        _answering = true;
        var watch = new ItemWatch(limits, _mostMemory, _time.GetTimestamp(), ProcessorSeconds());
        var still = new Stillness(TimeSpan.Zero, watch.LastSign, watch.ItemSeconds);
        await using var timer = _time.CreateTimer(_ => Look(watch, ref still), null, Stillness.LookPeriod, Stillness.LookPeriod);
        var rules = new AnswerRules(request.Message);
        await SendAsync(request, cancellation);
        while (true)
        {
            watch = watch with { LastSign = _time.GetTimestamp() };
            var frame = await NextAsync(rules, cancellation);
            watch = watch.Saw(frame.Message, _time.GetTimestamp(), ItemWatch.IsBegin(frame.Message) ? ProcessorSeconds() : 0);
            if (frame.Message is ListEnd or CompareEnd or DeriveEnd or ShrinkEnd or ReadEnd) _answering = false;
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

    /// <summary>With room for all that is made of most pictures, which are read in a few calls, while the decoder has the next one in hand. Where the kernel grants no more it stays as it is.</summary>
    private static Stream Widened(Stream answers)
    {
        if (answers is PipeStream pipe) Kernel.SetPipeSize(pipe.SafePipeHandle, PipeBytes);
        return answers;
    }

    private async Task SendAsync(Frame request, CancellationToken cancellation)
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
            _awaited = true;
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
        finally
        {
            _awaited = false;
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

    /// <summary>On the timer's thread.</summary>
    private void Look(ItemWatch watch, ref Stillness still)
    {
        var (use, awaited) = (Use(), _awaited);
        still = still.Next(watch.LastSign, use.ProcessorSeconds);
        var verdict = watch.Verdict(
            use, awaited ? _time.GetElapsedTime(watch.LastSign) : TimeSpan.Zero, awaited ? still.For : TimeSpan.Zero, () => SleepingThreads.AreAll(_id));
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

    /// <summary>What the process takes; nothing when it has ended. For the memory the runtime reads of all its threads.</summary>
    private ProcessUse Use() => OfLiving(static process =>
    {
        process.Refresh();
        return new ProcessUse(process.TotalProcessorTime.TotalSeconds, process.WorkingSet64);
    });

    private double ProcessorSeconds() => OfLiving(static process => process.TotalProcessorTime.TotalSeconds);

    private T OfLiving<T>(Func<Process, T> read) where T : struct
    {
        try
        {
            return _process.HasExited ? default : read(_process);
        }
        catch (Exception ended) when (ended is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It ended between the look and the reading of its times. On a timer's thread an exception would end the server.
            return default;
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
