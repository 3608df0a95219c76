using System.Globalization;
using Vitrine.Tests.Shared;

namespace Vitrine.EndToEnd.Harness;

/// <summary>One test's own place: a temporary folder with a library, a data folder (see <see cref="DataPlace"/>), and the programs that it started. Nothing is left behind.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private static readonly TimeSpan RunBound = TimeSpan.FromSeconds(6);
    private readonly string _firstData;
    private readonly List<Running> _started = [];
    private readonly Stack<Mount> _mounts = [];
    private string _program = Installation.Program;

    public Scene()
    {
        Folder = Directory.CreateTempSubdirectory("vitrine-e2e-").FullName;
        Data = _firstData = DataPlace.Name("vitrine-e2e-");
        Library = new(Path.Combine(Folder, "library"));
    }

    public string Folder { get; }

    /// <summary>Made by the program at its first start.</summary>
    public string Data { get; set; }

    public Shelf Library { get; }

    /// <summary>Settings for the programs of this test. Pictures are not left to settle, and retries come soon, unless a test says so.</summary>
    public Dictionary<string, string> Environment { get; } = new()
    {
        ["VITRINE__Engine__SettleSeconds"] = "0", ["VITRINE__Engine__RetrySeconds"] = "1", ["DOTNET_ROOT"] = Installation.DotnetRoot, ["HOME"] = "/nonexistent", ["NO_COLOR"] = "1",
    };

    /// <summary>Commands before the program, for example one that takes rights away.</summary>
    public List<string> Wrapper { get; } = [];

    /// <summary>Of the programs that are started from now on.</summary>
    public void SetClock(TimeSpan ahead)
    {
        if (ahead == TimeSpan.Zero)
        {
            Environment.Remove("DOTNET_STARTUP_HOOKS");
            _program = Installation.Program;
            return;
        }
        _program = Installation.ManagedProgram;
        Environment["VITRINE__Decoder__Path"] = Installation.Decoder;
        Environment["DOTNET_STARTUP_HOOKS"] = Installation.WrongClock;
        Environment["CLOCK_AHEAD_SECONDS"] = ahead.TotalSeconds.ToString(CultureInfo.InvariantCulture);
    }

    public Running Start(params string[] arguments) => StartWith(null, arguments);

    public Running StartWith(string? input, params string[] arguments)
    {
        var running = Running.Start([.. Wrapper, _program, .. arguments], Environment, Folder, input);
        lock (_started) _started.Add(running);
        return running;
    }

    /// <summary>Runs to the end.</summary>
    public Task<Ended> RunAsync(params string[] arguments) => Start(arguments).EndAsync(RunBound);

    /// <summary>Adds <c>--data</c> and <c>--json</c>, and reads the one object that is printed.</summary>
    public async Task<(Ended Ended, Json Summary)> RunJsonAsync(params string[] arguments)
    {
        var ended = await RunAsync([.. arguments, "--data", Data, "--json"]);
        Assert.True(ended.ExitCode is 0 or 1, ended.ToString());
        return (ended, Json.Parse(ended.Out));
    }

    /// <summary>A server on a free port of the loopback, ready.</summary>
    public async Task<Server> ServeAsync(params string[] arguments)
    {
        var running = Start(["serve", "--data", Data, "--urls", "http://127.0.0.1:0", .. arguments]);
        return await Server.WhenReadyAsync(running, Data);
    }

    /// <summary>A small disk of its own at a folder; a test that needs one is skipped where nobody may mount.</summary>
    public Mount MountDisk(string folder, int megabytes)
    {
        var mount = Mount.Disk(folder, megabytes);
        _mounts.Push(mount);
        return mount;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _started) await running.DisposeAsync();
        while (_mounts.TryPop(out var mount)) mount.Dispose();
        Directory.Delete(Folder, recursive: true);
        if (Directory.Exists(_firstData)) Directory.Delete(_firstData, recursive: true);
    }
}
