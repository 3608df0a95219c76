using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Imaging;

/// <summary>
/// What code can do that took a decoder over: a decoder of the tests, in the sandbox of the real one, tries it by the bare calls of the kernel. Each attempt has to be
/// refused; without the sandbox the same attempts succeed, so that the tests are known to tell the difference.
/// </summary>
public sealed class SandboxTests : IDisposable
{
    private const string NotPermitted = "1", NoMemory = "12", AccessDenied = "13", NotImplemented = "38";

    /// <summary>What an attack that succeeds leaves outside of all folders.</summary>
    private static readonly string[] Left = [$"/tmp/vitrine-attack-{Environment.ProcessId}", $"/dev/shm/vitrine-attack-{Environment.ProcessId}"];

    private readonly TestRoot _root = new();
    private readonly string _elsewhere = Directory.CreateTempSubdirectory("vitrine-elsewhere-").FullName;

    public void Dispose()
    {
        _root.Dispose();
        foreach (var left in Left) File.Delete(left);
        Directory.Delete(_elsewhere, recursive: true);
    }

    [Theory]
    [InlineData("socket", 9), InlineData("write", 15), InlineData("read", 7), InlineData("memory", 8), InlineData("start", 8), InlineData("spy", 11), InlineData("signal", 10)]
    [InlineData("kernel", 20)]
    public async Task An_attack_from_within_is_refused(string attack, int attempts)
    {
        var told = await AttackAsync(attack, Database());
        Assert.Equal(attempts, told.Count);
        Assert.All(told, attempt => Assert.True(
            attempt.Value is NotPermitted or AccessDenied || (attempt.Value == NoMemory && attack == "memory") || (attempt.Value == NotImplemented && attempt.Key is "clone3" or "newest"),
            $"{attack} {attempt.Key}: {attempt.Value}"));
        Assert.Equal("rows", await File.ReadAllTextAsync(Database(), TestContext.Current.CancellationToken));
        Assert.Single(Directory.EnumerateFileSystemEntries(_elsewhere));
    }

    /// <summary>An original is as safe as all else from being written, and the only thing of anybody's that can be read.</summary>
    [Fact]
    public async Task An_original_is_read_and_not_written()
    {
        var original = _root.Put("other.jpg", Pictures.Jpeg(32, 32));
        var before = await File.ReadAllBytesAsync(original, TestContext.Current.CancellationToken);
        Assert.Equal(("done", "done"), await AttackAsync("read", original) is var read ? (read["file"], read["folder"]) : default);
        Assert.DoesNotContain("done", (await AttackAsync("write", original)).Values);
        Assert.Equal(before, await File.ReadAllBytesAsync(original, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("socket", "internet"), InlineData("write", "openat"), InlineData("read", "file"), InlineData("memory", "memfd"), InlineData("signal", "kill"), InlineData("spy", "limits")]
    public async Task Without_the_sandbox_the_same_attack_succeeds(string attack, string attempt) =>
        Assert.Equal("done", (await AttackAsync(attack, Database(), "--unconfined"))[attempt]);

    [Fact]
    public async Task The_greeting_says_what_holds()
    {
        using var child = await ChildDecoder.StartAsync("Vitrine.Decoder");
        Assert.True(Confinement.Of(child.Hello).IsWhole, string.Join(' ', child.Hello.Limits));
        var status = await File.ReadAllTextAsync($"/proc/{child.Id}/status", TestContext.Current.CancellationToken);
        Assert.Contains("Seccomp:\t2", status);
        Assert.Contains("Seccomp_filters:\t2", status);
        Assert.Matches("CapEff:\\t000000000000000[0-7]\n", status);
        using var bare = await ChildDecoder.StartAsync("Vitrine.FaultyDecoder", "--unconfined");
        Assert.Equal(new Confinement(false, 0), Confinement.Of(bare.Hello));
    }

    /// <summary>The filter is set for all threads, also those that the runtime had before.</summary>
    [Fact]
    public async Task Every_thread_stands_under_both_filters()
    {
        using var child = await ChildDecoder.StartAsync("Vitrine.Decoder");
        var threads = Directory.GetDirectories($"/proc/{child.Id}/task");
        Assert.True(threads.Length > 3);
        Assert.All(threads, thread => Assert.Contains("Seccomp_filters:\t2", File.ReadAllText(Path.Combine(thread, "status"))));
    }

    [Fact]
    public async Task Nothing_beside_the_roots_is_read_as_an_original()
    {
        _root.Put("a.jpg", Pictures.Jpeg(64, 48));
        var images = new LoopClient().List(_root.Place()).Images;
        using var child = await ChildDecoder.StartBareAsync("Vitrine.Decoder", "--read", _elsewhere);
        var (frames, died) = await child.AskAsync<DeriveEnd>(new DeriveRequest(
            _root.Place(), [.. images.Select((image, i) => new DeriveItem(i, image.RawName, 0, image.Version, [Preset.Thumbnail]))], new(), false));
        Assert.False(died);
        Assert.Equal(Reason.SourceUnreadable, Assert.IsType<DeriveEnd>(Assert.Single(frames).Message).Reason);
    }

    /// <summary>What the limit inside does not count, the watch outside sees.</summary>
    [Fact]
    public async Task Memory_that_is_hidden_from_the_limit_ends_the_decoder()
    {
        var command = new DecoderCommand(ProgramOf("Vitrine.FaultyDecoder"), 256L << 20, 0) { Roots = [_root.Path] };
        await using var decoder = await DecoderProcess.StartAsync(command, TimeProvider.System, TestContext.Current.CancellationToken);
        var death = await Assert.ThrowsAsync<DecoderDiedException>(async () =>
        {
            await foreach (var _ in decoder.AskAsync(Fault("hoard"), new(), TestContext.Current.CancellationToken)) { }
        });
        Assert.Equal((Reason.OutOfMemory, true), (death.Reason, death.ForMemory));
    }

    /// <summary>The rules are bound to directories: a path that leads elsewhere now is another root.</summary>
    [Fact]
    public async Task A_decoder_reaches_the_roots_that_it_was_started_with_as_they_were()
    {
        var root = Path.Combine(_elsewhere, "library");
        Directory.CreateDirectory(root);
        var command = new DecoderCommand(ProgramOf("Vitrine.Decoder"), 1L << 30, 0) { Roots = [root] };
        await using var decoder = await DecoderProcess.StartAsync(command, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(decoder.Reaches(root));
        Assert.False(decoder.Reaches(_elsewhere));
        Directory.Move(root, root + ".old");
        Assert.False(decoder.Reaches(root));
        Directory.CreateDirectory(root);
        Assert.False(decoder.Reaches(root));
    }

    /// <summary>It was away while the rules were taken, and looked the same before and after: whoever asks then starts another decoder.</summary>
    [Fact]
    public async Task A_root_that_was_away_when_the_decoder_took_its_rules_is_not_reached()
    {
        var away = Path.Combine(_elsewhere, "away");
        var command = new DecoderCommand(ProgramOf("Vitrine.Decoder"), 1L << 30, 0) { Roots = [_root.Path, away] };
        await using var decoder = await DecoderProcess.StartAsync(command, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal([_root.Path], decoder.Hello.Roots);
        Assert.True(decoder.Reaches(_root.Path));
        Assert.False(decoder.Reaches(away));
    }

    private string Database()
    {
        var path = Path.Combine(_elsewhere, "vitrine.db");
        if (!File.Exists(path)) File.WriteAllText(path, "rows");
        return path;
    }

    private async Task<Dictionary<string, string>> AttackAsync(string attack, string file, params string[] arguments)
    {
        using var child = await ChildDecoder.StartBareAsync("Vitrine.FaultyDecoder", [.. arguments, "--memory", $"{512L << 20}", "--read", _root.Path]);
        var (frames, died) = await child.AskAsync<DeriveEnd>(Fault($"attack {attack} {file}"));
        Assert.False(died);
        return LoopClient.Answers(frames, 1)[0].End.Message!.Split(' ').Select(attempt => attempt.Split('=')).ToDictionary(attempt => attempt[0], attempt => attempt[1]);
    }

    private DeriveRequest Fault(string what)
    {
        _root.Put("fault.jpg", System.Text.Encoding.UTF8.GetBytes($"VITRINE-FAULT {what}\n"));
        var image = new LoopClient().List(_root.Place()).Images.Single(found => found.Name == "fault.jpg");
        return new(_root.Place(), [new DeriveItem(0, image.RawName, 0, image.Version, [Preset.Thumbnail])], new(), false);
    }

    private static string ProgramOf(string project) => SystemFlavour.Program.Replace("Vitrine.Decoder", project, StringComparison.Ordinal);
}
