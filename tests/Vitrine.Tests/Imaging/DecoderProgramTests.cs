using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Imaging;

public sealed class DecoderProgramTests : IDisposable
{
    private readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task The_program_says_what_it_is_and_lives_under_its_limits()
    {
        using var child = await ChildDecoder.StartAsync("Vitrine.Decoder", "--memory", $"{512L << 20}", "--nice", "3");
        Assert.Equal(Hello.CurrentProtocol, child.Hello.Protocol);
        Assert.Equal(["jpeg", "png", "webp", "gif", "tiff", "avif", "bmp", "raw"], child.Hello.Formats);
        Assert.Contains($"data={512L << 20}", child.Hello.Limits);
        var limits = await File.ReadAllTextAsync($"/proc/{child.Id}/limits", TestContext.Current.CancellationToken);
        Assert.Matches($@"Max data size\s+{512L << 20}\s+{512L << 20}", limits);
        Assert.Matches(@"Max core file size\s+0\s+0", limits);
        Assert.Equal("800", (await File.ReadAllTextAsync($"/proc/{child.Id}/oom_score_adj", TestContext.Current.CancellationToken)).Trim());
        Assert.Contains("NoNewPrivs:\t1", await File.ReadAllTextAsync($"/proc/{child.Id}/status", TestContext.Current.CancellationToken));
        var environment = await File.ReadAllTextAsync($"/proc/{child.Id}/environ", TestContext.Current.CancellationToken);
        Assert.Contains("DOTNET_GCHeapHardLimit=18000000", environment);
    }

    [Fact]
    public async Task The_program_derives_and_ends_with_its_input()
    {
        _root.Put("a.jpg", Pictures.Jpeg(2000, 1500));
        var item = new LoopClient().List(_root.Place()).Images.Single();
        using var child = await ChildDecoder.StartAsync("Vitrine.Decoder");
        var (frames, died) = await child.AskAsync<DeriveEnd>(Request(item, LoopClient.Usual));
        Assert.False(died);
        Assert.Equal(Outcome.Done, LoopClient.Answers(frames, 1)[0].End.Outcome);
        child.CloseInput();
        Assert.Equal(0, await child.ExitAsync());
    }

    [Fact]
    public async Task A_wrong_argument_is_refused()
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../Vitrine.Decoder", $"{new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name}_linux-x64", "Vitrine.Decoder")),
            ["--memory", "12"]) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, process.ExitCode);
    }

    [Fact]
    public async Task A_crash_kills_the_child_with_the_item_in_hand()
    {
        using var child = await ChildDecoder.StartAsync("Vitrine.FaultyDecoder");
        var (frames, died) = await child.AskAsync<DeriveEnd>(Fault("crash"));
        Assert.True(died);
        Assert.IsType<BeginItem>(frames[^1].Message);
        Assert.Equal(134, await child.ExitAsync());
    }

    [Fact]
    public async Task Memory_is_refused_at_the_limit()
    {
        using var child = await ChildDecoder.StartAsync("Vitrine.FaultyDecoder", "--memory", $"{400L << 20}");
        var (frames, died) = await child.AskAsync<DeriveEnd>(Fault("memory"));
        Assert.True(died || ((EndItem)frames[^2].Message).Reason == Reason.OutOfMemory);
    }

    [Fact]
    public async Task A_child_that_hangs_ends_when_its_input_closes()
    {
        using var child = await ChildDecoder.StartAsync("Vitrine.FaultyDecoder");
        child.Send(Fault("hang"));
        Assert.IsType<BeginItem>((await child.NextAsync())!.Value.Message);
        child.CloseInput();
        Assert.Equal(0, await child.ExitAsync());
    }

    /// <summary>A signal to the whole process group is the server's to handle; a decoder that it ended would be blamed on the item in hand.</summary>
    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task A_stop_of_the_whole_group_does_not_end_the_child(string signal)
    {
        _root.Put("a.jpg", Pictures.Jpeg(200, 150));
        var item = new LoopClient().List(_root.Place()).Images.Single();
        using var child = await ChildDecoder.StartAsync("Vitrine.Decoder");
        using var kill = System.Diagnostics.Process.Start("/bin/kill", [signal, $"{child.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var (_, died) = await child.AskAsync<DeriveEnd>(Request(item, LoopClient.Usual));
        Assert.False(died);
        child.CloseInput();
        Assert.Equal(0, await child.ExitAsync());
    }

    private DeriveRequest Fault(string kind)
    {
        _root.Put("fault.jpg", System.Text.Encoding.ASCII.GetBytes($"VITRINE-FAULT {kind}\n"));
        return Request(new LoopClient().List(_root.Place()).Images.Single(), Preset.Thumbnail);
    }

    private DeriveRequest Request(ListedImage image, params Preset[] presets) =>
        new(_root.Place(), [new DeriveItem(0, image.RawName, 0, image.Version, presets)], new(), false);
}
