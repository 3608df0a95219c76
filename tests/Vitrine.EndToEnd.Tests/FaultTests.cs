using System.Text;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>Originals that kill whoever decodes them, among good ones: the culprits are named, and only they.</summary>
public sealed class FaultTests
{
    private const int Good = 200;

    [Fact]
    public async Task FourFatalFilesAmongTwoHundredCostFourFailures()
    {
        await using var scene = FaultyScene();
        scene.Library.AddMany("a", Good / 2).AddZip("b.zip", Good / 2 - 1);
        scene.Library.Write("a/p00030-crash.jpg", Fault("crash")).Write("a/p00040-hang.jpg", Fault("hang")).Write("a/p00050-sleep.jpg", Fault("sleep")).Write("a/p00070-memory.jpg", Fault("memory"));
        scene.Library.AddMany("a/last", 1);
        await using var server = await scene.ServeAsync();

        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(
            ["a/p00030-crash.jpg crashed", "a/p00040-hang.jpg timeout", "a/p00050-sleep.jpg decoder-hung", "a/p00070-memory.jpg out-of-memory"],
            summary["failures"].Items.Select(failure => $"{failure["source"].Text} {failure["code"].Text}").Order());
        Assert.Equal((Good, 4, 0), ((int)summary["completed"].Number, (int)summary["failed"].Number, (int)summary["skipped"].Number));
        Assert.False(server.Running.HasEnded);
        Assert.InRange((await server.CountersAsync())["decoderDeaths"].Number, 4, 20);
        await Verified.WholeAsync(scene, Good + 4, 2, notReady: 4);
    }

    [Fact]
    public async Task AFatalEntryOfAnArchiveIsNamedByItsPlace()
    {
        await using var scene = FaultyScene();
        var shelf = scene.Library;
        var entries = Enumerable.Range(0, 30).Select(i => ($"{i:00}.jpg", shelf.Next())).ToList();
        entries.Insert(11, ("pages/10b.jpg", Fault("crash")));
        shelf.AddZip("book.zip", Encoding.UTF8, entries);

        var (_, summary) = await scene.RunJsonAsync("import", shelf.Root);

        Assert.Equal((30, 1), ((int)summary["completed"].Number, (int)summary["failed"].Number));
        var failure = Assert.Single(summary["failures"].Items);
        Assert.Equal("crashed", failure["code"].Text);
        Assert.Contains("book.zip", failure["source"].Text, StringComparison.Ordinal);
        Assert.EndsWith("pages/10b.jpg", failure["source"].Text, StringComparison.Ordinal);
    }

    /// <summary>The second import does not stumble over the same file again, and a mended file is taken.</summary>
    [Fact]
    public async Task AMendedFileIsTakenUp()
    {
        await using var scene = FaultyScene();
        scene.Library.AddMany("a", 5).Write("a/bad.jpg", Fault("crash"));
        await scene.RunJsonAsync("import", scene.Library.Root);

        scene.Library.Add("a/bad.jpg");
        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal((6, 0), ((int)summary["completed"].Number, (int)summary["failed"].Number));
    }

    /// <summary>One that no longer looks whether its input ends, and is busy: the kernel ends it with the server that is killed.</summary>
    [Fact]
    public async Task ADecoderThatClingsToLifeDoesNotOutliveItsServer()
    {
        await using var scene = FaultyScene();
        scene.Environment["VITRINE__Decode__ItemCpuSeconds"] = "600";
        scene.Library.Write("cling.jpg", Fault("cling"));
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await Eventually.TrueAsync("a decoder is busy", TimeSpan.FromSeconds(20), () => Task.FromResult(server.Running.Children().Any(IsBusy)));

        server.Running.Kill();

        await Eventually.TrueAsync("no decoder is left", TimeSpan.FromSeconds(5), () => Task.FromResult(server.Running.Survivors().Count == 0));
    }

    /// <summary>More processor time than a start takes: state, then utime and stime in hundredths of a second, behind the name in brackets.</summary>
    private static bool IsBusy(Seen process)
    {
        try
        {
            var fields = File.ReadAllText($"/proc/{process.Id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return int.Parse(fields[11], System.Globalization.CultureInfo.InvariantCulture) > 150;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Scene FaultyScene()
    {
        var scene = new Scene();
        scene.Environment["VITRINE__Decoder__Path"] = Installation.FaultyDecoder;
        scene.Environment["VITRINE__Decode__ItemCpuSeconds"] = "2";
        scene.Environment["VITRINE__Decode__HungSeconds"] = "1";
        scene.Environment["VITRINE__Decode__ChildMemoryBytes"] = (384L << 20).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return scene;
    }

    private static byte[] Fault(string kind) => [.. Encoding.ASCII.GetBytes($"VITRINE-FAULT {kind}\n"), .. new byte[2000]];
}
