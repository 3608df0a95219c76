using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>The commands beside <c>serve</c> and <c>import</c>, with and without a running owner, and how a run is stopped.</summary>
public sealed class CommandLineTests
{
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task StatusNeedsAServerAndSaysSo()
    {
        await using var scene = new Scene();
        var without = await scene.RunAsync("status", "--data", scene.Data);
        Assert.Equal(3, without.ExitCode);
        Assert.Contains("serve", Assert.Single(without.Errors), StringComparison.Ordinal);

        await using var server = await scene.ServeAsync();
        var (ended, status) = await scene.RunJsonAsync("status");

        Assert.Equal(0, ended.ExitCode);
        Assert.True(status["ready"].Truth);
        Assert.Contains("jpeg", status["formats"].Items.Select(format => format.Text));
        Assert.InRange(status["workers"].Number, 1, 256);
        Assert.Equal(0, status["counters"]["imagesDecoded"].Number);
        Assert.Equal(0, (await scene.RunAsync("status", "--data", scene.Data)).ExitCode);
    }

    [Fact]
    public async Task VerifySaysTheSameWithAndWithoutAServer()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 9).AddZip("b.zip", 4);
        await scene.RunJsonAsync("import", scene.Library.Root);
        var (_, without) = await scene.RunJsonAsync("verify");
        await using var server = await scene.ServeAsync();

        var (_, with) = await scene.RunJsonAsync("verify");

        Assert.Equal("""{"images":13,"rows":26,"files":26,"orphans":0,"missing":0,"damaged":0,"countersEqual":true}""", with.ToString());
        Assert.Equal(with.ToString(), without.ToString());
    }

    /// <summary>verify is honest: it counts what somebody took, damaged or added, changes nothing, and ends with 1.</summary>
    [Fact]
    public async Task VerifyFindsWhatIsWrong()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 10);
        await scene.RunJsonAsync("import", scene.Library.Root);
        var files = BlobFiles(scene);
        File.Delete(files[0]);
        var damaged = await File.ReadAllBytesAsync(files[1]);
        damaged[damaged.Length / 2] ^= 0x40;
        await File.WriteAllBytesAsync(files[1], damaged);
        await File.WriteAllBytesAsync(files[2], (await File.ReadAllBytesAsync(files[2]))[..10]);

        var (ended, verified) = await scene.RunJsonAsync("verify");

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal((10, 20, 1, 2), (verified["images"].Number, verified["rows"].Number, verified["missing"].Number, verified["damaged"].Number));
        Assert.Equal(damaged, await File.ReadAllBytesAsync(files[1]));
    }

    [Fact]
    public async Task DoctorIsContentWithAndWithoutAServer()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 1);
        await scene.RunJsonAsync("import", scene.Library.Root);
        var without = await scene.RunAsync("doctor", "--data", scene.Data);
        Assert.True(without.ExitCode == 0, without.ToString());
        Assert.Contains("SVG (svg svgz) is not read: ", without.Out, StringComparison.Ordinal);
        Assert.Equal(6, without.Out.Split("ok       sandbox of decoders: ").Length - 1);
        await using var server = await scene.ServeAsync();

        var with = await scene.RunAsync("doctor", "--data", scene.Data, "--json");

        Assert.True(with.ExitCode == 0, with.ToString());
        Json.Parse(with.Out);
        Assert.Empty(with.Errors);
    }

    [Fact]
    public async Task DoctorNamesABrokenDecoder()
    {
        await using var scene = new Scene();
        scene.Environment["VITRINE__Decoder__Path"] = "/nonexistent/decoder";

        var ended = await scene.RunAsync("doctor", "--data", scene.Data);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("/nonexistent/decoder", ended.Out, StringComparison.Ordinal);
    }

    /// <summary>Ctrl-C reaches the whole group, decoders included; SIGTERM the server alone. Both end in order.</summary>
    [Theory]
    [InlineData(Processes.Interrupt, true)]
    [InlineData(Processes.Interrupt, false)]
    [InlineData(Processes.Terminate, false)]
    public async Task ASignalStopsAServerInTheMiddleOfItsWork(int signal, bool group)
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 60, 900, 700).AddZip("b.zip", 30, 900, 700);
        var server = await scene.ServeAsync("--library", scene.Library.Root);
        await Eventually.TrueAsync("the first image is made", Bound, async () => (await server.CountersAsync())["itemsDone"].Number > 0);
        var children = server.Running.Children();

        if (group) server.Running.SignalGroup(signal);
        else server.Running.Signal(signal);
        var ended = await server.Running.EndAsync(StopBound);

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.DoesNotContain("Exception", string.Join('\n', ended.Errors), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(scene.Data, "vitrine.sock")), "The socket is left behind.");
        await Eventually.TrueAsync("no decoder is left", TimeSpan.FromSeconds(1), () => !children.Any(Processes.IsAlive));
        await server.DisposeAsync();
        await GoesOnAsync(scene, 90);
    }

    [Theory]
    [InlineData(Processes.Interrupt, true)]
    [InlineData(Processes.Terminate, false)]
    public async Task AnInterruptedImportGoesOnWhereItWas(int signal, bool group)
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 60, 900, 700).AddZip("b.zip", 30, 900, 700);
        var running = scene.Start("import", scene.Library.Root, "--data", scene.Data, "--json");
        await Eventually.TrueAsync("the first file is made", Bound, () => BlobFiles(scene).Count > 0);
        var children = running.Children();

        if (group) running.SignalGroup(signal);
        else running.Signal(signal);
        var ended = await running.EndAsync(StopBound);

        Assert.True(ended.ExitCode == 3, ended.ToString());
        Assert.Equal("", ended.Out);
        Assert.Single(ended.Errors);
        Assert.False(File.Exists(Path.Combine(scene.Data, "vitrine.sock")), "The socket is left behind.");
        await Eventually.TrueAsync("no decoder is left", TimeSpan.FromSeconds(1), () => !children.Any(Processes.IsAlive));
        await GoesOnAsync(scene, 90);
    }

    /// <summary>Names, accents and blanks in paths are just names.</summary>
    [Fact]
    public async Task PathsMayHoldAnyCharacter()
    {
        await using var scene = new Scene();
        scene.Data = Path.Combine(scene.Folder, "dätä with blanks & 'quotes'");
        scene.Library.AddMany("a folder/été #1 100%?", 3).AddZip("odd [name] 日本.zip", 2);

        var (_, summary) = await scene.RunJsonAsync("import", scene.Library.Root);

        Assert.Equal(5, summary["completed"].Number);
        await using var server = await scene.ServeAsync();
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
    }

    /// <summary>Without <c>--json</c> a person reads a summary; nothing of it stands on standard error.</summary>
    [Fact]
    public async Task WithoutJsonTheSummaryIsText()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 3).Write("a/bad.jpg", "bad");

        var ended = await scene.RunAsync("import", scene.Library.Root, "--data", scene.Data);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("4 images", ended.Out, StringComparison.Ordinal);
        Assert.Contains("a/bad.jpg", ended.Out, StringComparison.Ordinal);
        Assert.Contains("corrupt", ended.Out, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> BlobFiles(Scene scene)
    {
        var cache = Path.Combine(scene.Data, "cache");
        if (!Directory.Exists(cache)) return [];
        return [.. Directory.EnumerateFiles(cache, "*", SearchOption.AllDirectories)
            .Where(path => !Path.GetFileName(path).StartsWith('.') && !path[cache.Length..].Contains("/tmp/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    private static async Task GoesOnAsync(Scene scene, int images)
    {
        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal((images, images), ((int)summary["images"].Number, (int)summary["completed"].Number));
        await Verified.WholeAsync(scene, images, 2);
    }
}
