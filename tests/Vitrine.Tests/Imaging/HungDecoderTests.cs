using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Imaging;

/// <summary>A real decoder that does nothing any more: it is ended long before a slow source would be, and under another name.</summary>
public sealed partial class HungDecoderTests : IDisposable
{
    /// <summary>The clock of these tests runs far ahead of the decoder, which must not be silent for too long before it has come to its fault.</summary>
    private static readonly DecodeLimits Patient = new() { SilenceSeconds = 86400 };

    private static readonly DecodeLimits Short = new() { HungSeconds = 5, SilenceSeconds = 30 };

    private readonly TestRoot _root = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task One_whose_threads_all_sleep_is_hung()
    {
        var (death, waited) = await RunAsync("sleep", Patient);
        Assert.Equal((Reason.DecoderHung, "the decoder was ended: decoder-hung"), (death.Reason, death.Message));
        Assert.InRange(waited.TotalSeconds, Patient.HungSeconds, Patient.SilenceSeconds - 1);
    }

    [Fact]
    public async Task One_that_was_stopped_is_hung()
    {
        var (death, waited) = await RunAsync("hang", Patient, decoder => Assert.Equal(0, Signal(decoder.ProcessId, Stop)));
        Assert.Equal(Reason.DecoderHung, death.Reason);
        Assert.InRange(waited.TotalSeconds, Patient.HungSeconds, Patient.SilenceSeconds - 1);
    }

    /// <summary>A file system in user space lets who reads sleep like any other: here it is a pipe with a name that nobody writes to.</summary>
    [Fact]
    public async Task One_that_waits_for_a_file_has_a_slow_source()
    {
        Assert.Equal(0, MakePipe(Path.Combine(_root.Path, "pipe"), 0x180));
        var (death, waited) = await RunAsync($"read {Path.Combine(_root.Path, "pipe")}", Short);
        Assert.Equal(Reason.SourceSlow, death.Reason);
        Assert.True(waited.TotalSeconds > Short.SilenceSeconds);
    }

    /// <summary>Whoever asked is busy with what came: that the decoder is silent meanwhile says nothing.</summary>
    [Fact]
    public async Task An_answer_that_nobody_waits_for_is_not_late()
    {
        _root.Put("a.jpg", Pictures.Jpeg(200, 150));
        await using var decoder = await StartAsync();
        var item = new LoopClient().List(_root.Place()).Images.Single();
        var request = new DeriveRequest(_root.Place(), [new DeriveItem(0, item.RawName, 0, item.Version, [Preset.Thumbnail])], new(), false);
        await using var frames = decoder.AskAsync(request, Short, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await frames.MoveNextAsync());
        for (var looks = 0; looks < 3 * Short.SilenceSeconds; looks++) _time.Advance(Stillness.LookPeriod);
        while (frames.Current.Message is not DeriveEnd) Assert.True(await frames.MoveNextAsync());
    }

    /// <summary>Runs the one item, with a clock that goes as fast as it can be looked at, until the decoder is ended.</summary>
    /// <param name="begun">When the item is in hand.</param>
    private async Task<(DecoderDiedException Death, TimeSpan Waited)> RunAsync(string fault, DecodeLimits limits, Action<DecoderProcess>? begun = null)
    {
        _root.Put("fault.jpg", System.Text.Encoding.ASCII.GetBytes($"VITRINE-FAULT {fault}\n"));
        var item = new LoopClient().List(_root.Place()).Images.Single(image => image.Name == "fault.jpg");
        await using var decoder = (DecoderProcess)await StartAsync();
        var request = new DeriveRequest(_root.Place(), [new DeriveItem(0, item.RawName, 0, item.Version, [Preset.Thumbnail])], new(), false);
        await using var frames = decoder.AskAsync(request, limits, Cancellation).GetAsyncEnumerator(Cancellation);
        while (await frames.MoveNextAsync() && frames.Current.Message is not BeginItem) { }
        begun?.Invoke(decoder);
        var since = _time.GetUtcNow();
        var next = frames.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            _time.Advance(Stillness.LookPeriod);
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Cancellation));
        }
        return (await Assert.ThrowsAsync<DecoderDiedException>(() => next), _time.GetUtcNow() - since);
    }

    private Task<IDecoder> StartAsync() => DecoderProcess.StartAsync(
        new(Path.GetFullPath(SystemFlavour.Program.Replace("Vitrine.Decoder", "Vitrine.FaultyDecoder", StringComparison.Ordinal)), 512L << 20, 0) { Roots = [_root.Path] }, _time, Cancellation);

    private const int Stop = 19;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);
}
