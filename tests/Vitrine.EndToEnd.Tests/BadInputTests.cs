using System.Net;
using System.Net.Sockets;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>What a person gets wrong: one line that says what, why and what to do, exit code 2 or 3, and nothing is lost.</summary>
public sealed class BadInputTests(ITestOutputHelper output)
{
    private const int WrongUse = 2;
    private const int CouldNotRun = 3;

    [Theory]
    [InlineData("serve", "--data", "x", "--colour")]
    [InlineData("frobnicate")]
    [InlineData("import")]
    [InlineData("import", "--presets")]
    [InlineData("serve", "--urls", "not-an-address")]
    [InlineData("serve", "--urls", "http://127.0.0.1:99999")]
    [InlineData("import", "")]
    [InlineData("import", "/nonexistent", "--colour")]
    [InlineData("import", "/", "--presets", "gigantic")]
    public async Task AWrongCommandLineIsWrongUse(params string[] arguments)
    {
        await using var scene = new Scene();
        scene.Environment["HOME"] = scene.Folder;

        await RefusedAsync(scene, WrongUse, arguments[^1], [.. arguments]);
    }

    [Fact]
    public async Task WithoutACommandTheHelpIsNamedAndNothingStarts()
    {
        await using var scene = new Scene();

        var ended = await scene.RunAsync();

        Assert.True(ended.ExitCode is 0 or WrongUse, ended.ToString());
        Assert.Contains("--help", ended.Out + string.Join('\n', ended.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import")]
    [InlineData("serve")]
    public async Task AMissingPathIsRefused(string command)
    {
        await using var scene = new Scene();

        await RefusedAsync(scene, WrongUse, "nowhere", Adding(command, scene, scene.Library.PathOf("nowhere")));
    }

    [Theory]
    [InlineData("import")]
    [InlineData("serve")]
    public async Task AFileForAFolderIsRefused(string command)
    {
        await using var scene = new Scene();
        scene.Library.Add("picture.jpg");

        await RefusedAsync(scene, WrongUse, "picture.jpg", Adding(command, scene, scene.Library.PathOf("picture.jpg")));
    }

    [Fact]
    public async Task AFolderThatCannotBeReadIsRefused()
    {
        await using var scene = new Scene();
        WithoutPowers(scene);
        scene.Library.AddMany("closed", 1);
        File.SetUnixFileMode(scene.Library.PathOf("closed"), UnixFileMode.None);

        await RefusedAsync(scene, WrongUse, "closed", "import", scene.Library.PathOf("closed"), "--data", scene.Data);
    }

    /// <summary>Deeper down it is a failure with its name, and the rest is imported.</summary>
    [Fact]
    public async Task AFolderAndAFileThatCannotBeReadAreNamedAndTheRestIsImported()
    {
        await using var scene = new Scene();
        WithoutPowers(scene);
        scene.Library.AddMany("open", 3).Add("closed/inside.jpg");
        scene.Library.Add("open/secret.jpg");
        File.SetUnixFileMode(scene.Library.PathOf("closed"), UnixFileMode.None);
        File.SetUnixFileMode(scene.Library.PathOf("open/secret.jpg"), UnixFileMode.None);

        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(3, summary["completed"].Number);
        Assert.Equal(
            ["closed source-unreadable", "open/secret.jpg source-unreadable"],
            summary["failures"].Items.Select(failure => $"{failure["source"].Text.TrimEnd('/')} {failure["code"].Text}").Order());
    }

    [Fact]
    public async Task ALibraryInsideALibraryIsRefusedBothWays()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("middle/inner", 2);
        await scene.RunJsonAsync("import", scene.Library.PathOf("middle"));

        await RefusedAsync(scene, WrongUse, "inner", "import", scene.Library.PathOf("middle/inner"), "--data", scene.Data);
        await RefusedAsync(scene, WrongUse, scene.Library.Root, "import", scene.Library.Root, "--data", scene.Data);
        await Verified.WholeAsync(scene, 2, 2);
    }

    /// <summary>The cache folder stands in the data folder: pictures made by the program must never be taken for originals.</summary>
    [Fact]
    public async Task ACacheFolderInsideALibraryIsRefused()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 2);
        await scene.RunJsonAsync("import", scene.Library.Root);

        await RefusedAsync(scene, WrongUse, scene.Data, "import", Path.Combine(scene.Data, "cache"), "--data", scene.Data);
        await RefusedAsync(scene, WrongUse, scene.Folder, "import", scene.Folder, "--data", scene.Data);
        scene.Data = scene.Library.PathOf("hidden-data");
        await RefusedAsync(scene, WrongUse, scene.Library.Root, "import", scene.Library.Root, "--data", scene.Data);
    }

    [Fact]
    public async Task APortInUseIsNamed()
    {
        await using var scene = new Scene();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await RefusedAsync(scene, CouldNotRun, $"{port}", "serve", "--data", scene.Data, "--urls", $"http://127.0.0.1:{port}");
    }

    [Fact]
    public async Task ASecondServerOnTheSameDataFolderNamesTheFirst()
    {
        await using var scene = new Scene();
        await using var first = await scene.ServeAsync();

        var ended = await RefusedAsync(scene, CouldNotRun, $"{first.Running.Id}", "serve", "--data", scene.Data, "--urls", "http://127.0.0.1:0");

        Assert.Contains(scene.Data, ended.Errors[0], StringComparison.Ordinal);
        Assert.True((await first.Api.GetAsync("status"))["ready"].Truth);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    public async Task ACorruptDatabaseIsRefusedAndKept(int from)
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 3);
        await scene.RunJsonAsync("import", scene.Library.Root);
        var database = Path.Combine(scene.Data, "vitrine.db");
        var bytes = await File.ReadAllBytesAsync(database);
        new Random(1).NextBytes(bytes.AsSpan(from, 40_000));
        await File.WriteAllBytesAsync(database, bytes);

        await RefusedAsync(scene, CouldNotRun, scene.Data, "serve", "--data", scene.Data, "--urls", "http://127.0.0.1:0");

        Assert.Equal(bytes, await File.ReadAllBytesAsync(database));
        Assert.Equal(6, Directory.EnumerateFiles(Path.Combine(scene.Data, "cache"), "*", SearchOption.AllDirectories).Count(path => !path.EndsWith(".json", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("VITRINE__Engine__Workers", "many")]
    [InlineData("VITRINE__Engine__Workers", "-1")]
    [InlineData("VITRINE__Engine__Wrokers", "2")]
    [InlineData("VITRINE__Decode__ItemCpuSeconds", "0")]
    [InlineData("VITRINE__Decoder__Path", "/nonexistent/decoder")]
    public async Task ASettingThatCannotBeIsNamed(string name, string value)
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 1);
        scene.Environment[name] = value;

        var ended = await RefusedAsync(scene, null, name.Split("__")[^1] is "Path" ? value : name.Split("__")[^1], "import", scene.Library.Root, "--data", scene.Data);

        Assert.True(ended.ExitCode is WrongUse or CouldNotRun, ended.ToString());
    }

    private static string[] Adding(string command, Scene scene, string path) => command == "import"
        ? ["import", path, "--data", scene.Data]
        : ["serve", "--library", path, "--data", scene.Data, "--urls", "http://127.0.0.1:0"];

    private async Task<Ended> RefusedAsync(Scene scene, int? exitCode, string names, params string[] arguments)
    {
        var ended = await scene.RunAsync(arguments);
        output.WriteLine(ended.ToString());
        if (exitCode is not null) Assert.True(ended.ExitCode == exitCode, ended.ToString());
        var line = Assert.Single(ended.Errors);
        Assert.Contains(names, line, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
        Assert.Equal("", ended.Out);
        return ended;
    }

    /// <summary>root reads whatever it likes; without these powers its files have permissions like anybody's.</summary>
    private static void WithoutPowers(Scene scene)
    {
        if (Environment.UserName != "root") return;
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "root can read everything, and setpriv is not there to take that away.");
        scene.Wrapper.AddRange(["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]);
    }
}
