using System.Diagnostics;
using Vitrine.Core.Decoding;

namespace Vitrine.Tests.Imaging;

/// <summary>A decoder program as a child, with its limits, as a node runs it.</summary>
internal sealed class ChildDecoder : IDisposable
{
    private readonly Process _process;
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer;

    private ChildDecoder(Process process)
    {
        _process = process;
        _reader = new(process.StandardOutput.BaseStream);
        _writer = new(process.StandardInput.BaseStream);
    }

    public Hello Hello { get; private set; } = null!;

    public int Id => _process.Id;

    /// <summary>One that may read what tests make in temporary folders, and the corpus.</summary>
    /// <param name="program">The name of its project.</param>
    public static Task<ChildDecoder> StartAsync(string program, params string[] arguments) =>
        StartBareAsync(program, [.. arguments, "--read", Path.GetTempPath(), .. Corpus.Folder is { } corpus ? ["--read", corpus] : Array.Empty<string>()]);

    /// <summary>One that may read what the arguments say.</summary>
    public static async Task<ChildDecoder> StartBareAsync(string program, params string[] arguments)
    {
        // Beside this assembly's own folder, in the same configuration: artifacts/bin/PROJECT/release_linux-x64.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name;
        var path = Path.Combine(AppContext.BaseDirectory, "..", "..", program, configuration + "_linux-x64", program);
        var start = new ProcessStartInfo(Path.GetFullPath(path), arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var child = new ChildDecoder(Process.Start(start)!);
        child.Hello = (Hello)(await child.NextAsync())!.Value.Message;
        return child;
    }

    /// <summary>The answers up to and with <typeparamref name="TEnd"/>; fewer, without it, where the child dies.</summary>
    public async Task<(IReadOnlyList<Frame> Frames, bool Died)> AskAsync<TEnd>(DecoderMessage request) where TEnd : DecoderMessage
    {
        var frames = new List<Frame>();
        await _writer.WriteAsync(request, TestContext.Current.CancellationToken);
        while (await NextAsync() is { } frame)
        {
            frames.Add(frame);
            if (frame.Message is TEnd) return (frames, false);
        }
        return (frames, true);
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Send(DecoderMessage message) => _writer.Write(message);

    public void CloseInput() => _process.StandardInput.Close();

    public async Task<Frame?> NextAsync()
    {
        try
        {
            return await _reader.ReadAsync(TestContext.Current.CancellationToken);
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
