using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd.Cluster;

/// <summary>
/// One server, four workers and 2,000 images, while something fails again and again: everything is made once, every total is exact, and work stands still no
/// longer than what failed explains. Each test prints its figures; all of them take minutes, and run where VITRINE_LONG says so.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ChaosTests(ChaosPictures pictures, ITestOutputHelper output) : IClassFixture<ChaosPictures>
{

    /// <summary>Of a server's second half of a long job, to its first.</summary>
    private const double MoreMemory = 1.25;

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    /// <summary>Until what a dead node had is leased again: its lease, and the look of the one that rescues it.</summary>
    private static readonly TimeSpan Recovery = PrivateCluster.Lease + TimeSpan.FromSeconds(2);

    /// <summary>Where the node that rescues may be the one that is gone.</summary>
    private static readonly TimeSpan LongRecovery = (2 * PrivateCluster.Lease) + TimeSpan.FromSeconds(2);

    [Fact]
    public Task WorkersAreKilled() => RunAsync("workers killed", LongRecovery, KillAsync);

    /// <summary>By its own clock, each of two nodes would take what another has for over, or what it has itself for its own for ever.</summary>
    [Fact]
    public Task WorkersAreKilledWhoseClocksAreMinutesApart() => RunAsync("workers killed, clocks apart", LongRecovery, KillAsync, async cluster =>
    {
        (cluster.Workers[0].Ahead, cluster.Workers[1].Ahead) = (Skew, -Skew);
        foreach (var worker in cluster.Workers.Take(2)) await worker.KillAndStartAsync();
        foreach (var (worker, says) in cluster.Workers.Zip(["is 300 s ahead of", "is 300 s behind", "agrees with"]))
        {
            Assert.Contains(says, await worker.DoctorAsync("clock"), StringComparison.Ordinal);
        }
    });

    [Fact]
    public Task TheBrokerIsKilledAndStarted() => RunAsync("broker killed", Recovery, async (cluster, _, stop) =>
    {
        await cluster.Broker.KillAsync();
        await DelayAsync(3);
        await cluster.Broker.StartAgainAsync(stop);
        await DelayAsync(6);
    });

    [Fact]
    public Task QueuesArePurged() => RunAsync("queues purged", Recovery, async (cluster, _, stop) =>
    {
        foreach (var queue in new[] { "covers", "normal", "low" }) await cluster.Broker.ControlAsync(["purge_queue", $"vitrine.{queue}"], stop);
        await DelayAsync(2);
    });

    /// <summary>While it is away nobody can work; the bound is what comes after that.</summary>
    [Fact]
    public Task TheDatabaseIsRestarted() => RunAsync("database restarted", LongRecovery + TimeSpan.FromSeconds(10), async (cluster, _, stop) =>
    {
        await cluster.Postgres.StopAsync(stop);
        await DelayAsync(2);
        await cluster.Postgres.StartAgainAsync(stop);
        await DelayAsync(10);
    });

    [Fact]
    public Task TheNodeThatDispatchesIsPaused() => RunAsync("dispatcher paused", LongRecovery, async (cluster, _, _) =>
    {
        var holder = await cluster.AskAsync("SELECT split_part(owner, '/', 1) FROM locks WHERE name = 'duty/Dispatcher'");
        var dispatches = cluster.Workers.FirstOrDefault(worker => worker.Name == holder)?.Running ?? cluster.Server.Running;
        dispatches.Signal(Processes.Stop);
        await DelayAsync(3 * PrivateCluster.Lease.TotalSeconds);
        Assert.NotEqual(holder, await cluster.AskAsync("SELECT split_part(owner, '/', 1) FROM locks WHERE name = 'duty/Dispatcher'"));
        dispatches.Signal(Processes.Continue);
        await DelayAsync(2);
    });

    [Fact]
    public Task TheWayToTheBrokerIsCutAndStalled() => RunAsync("way to the broker", Recovery, (cluster, random, _) => DisturbAsync(Some(cluster, random).ToBroker, random));

    [Fact]
    public Task TheWayToTheDatabaseIsCutAndStalled() => RunAsync("way to the database", LongRecovery, (cluster, random, _) => DisturbAsync(Some(cluster, random).ToDatabase, random));

    /// <summary>A short queue and as many batches as images: most offers are refused, and come again.</summary>
    [Fact]
    public async Task AJobOfManyMoreBatchesThanTheQueueHolds()
    {
        Assert.SkipUnless(Installation.IsLong, "A cluster under faults takes minutes: ./test long.");
        const int batches = 5000;
        await using var cluster = await PrivateCluster.StartAsync(workers: 4, scene =>
        {
            scene.Environment["VITRINE__Engine__QueueLength"] = "100";
            scene.Environment["VITRINE__Engine__WindowPerWorker"] = "100";
        });
        for (var folder = 0; folder < batches; folder++) cluster.Scene.Library.AddMany($"d{folder % 50}/e{folder}", 1, 24, 16);
        await cluster.Server.AddLibraryAsync(cluster.Scene.Library.Root);
        var progress = new Progress(cluster);
        var memory = new Dictionary<bool, long> { [false] = 0, [true] = 0 };
        await progress.UntilOverAsync(5 * Bound, () =>
        {
            var half = progress.Outcomes > batches;
            memory[half] = Math.Max(memory[half], Processes.ProportionalBytes(cluster.Server.Running.Id));
        });
        var made = await cluster.AskAsync("SELECT max(batches) FROM (SELECT count(*) AS batches FROM batches GROUP BY job_id) AS jobs");
        var refused = (await cluster.Server.CountersAsync())["queueRejections"].Number;
        output.WriteLine($"a queue of 100 and a job of {made} batches: {progress}; {refused} offers were refused; the server took {memory[false] >> 20} MB at most in the first half, {memory[true] >> 20} in the second");
        Assert.True(refused > 0);
        Assert.True(memory[true] <= MoreMemory * memory[false], $"{memory[true]} bytes after {memory[false]}.");
        await cluster.WholeAsync(batches);
    }

    [Fact]
    public async Task OfTwoBulkJobsFromTwoServersOneRuns()
    {
        Assert.SkipUnless(Installation.IsLong, "A cluster under faults takes minutes: ./test long.");
        await using var cluster = await PrivateCluster.StartAsync(workers: 2);
        await using var other = await cluster.ServeAsync();
        cluster.Scene.Library.AddMany("a", 400, 320, 240);
        var library = await cluster.Server.AddLibraryAsync(cluster.Scene.Library.Root);
        await new Progress(cluster).UntilOverAsync(Bound);
        var request = new { operation = "both", libraryIds = new[] { library["id"].Text } };
        await Task.WhenAll(cluster.Server.Api.PostAsync("cache/bulk/operations", request), other.Api.PostAsync("cache/bulk/operations", request));
        var progress = new Progress(cluster);
        await progress.UntilOverAsync(Bound);
        var skipped = (await cluster.AskAsync("SELECT job_id, message, count(*) FROM items WHERE reason = 'in-progress' GROUP BY job_id, message")).Split('|');
        output.WriteLine($"two bulk jobs on one library: {progress}; of job {skipped[0]} {skipped[^1]} items are skipped, since {skipped[1]}");
        Assert.Equal(3, skipped.Length);
        Assert.Matches("^job [0-9]+ has it open$", skipped[1]);
        Assert.NotEqual($"job {skipped[0]} has it open", skipped[1]);
        // The scan made what the library asks for, and the bulk job the preset between.
        await cluster.WholeAsync(400, presets: 3);
    }

    private static Worker Some(PrivateCluster cluster, Random random) => cluster.Workers[random.Next(cluster.Workers.Count)];

    private static async Task KillAsync(PrivateCluster cluster, Random random, CancellationToken stop)
    {
        await Some(cluster, random).KillAndStartAsync();
        await DelayAsync(3);
    }

    private static async Task DisturbAsync(TcpProxy way, Random random)
    {
        way.Set(random.Next(2) == 0 ? Line.Cut : Line.Stalled);
        await DelayAsync(1 + (4 * random.NextDouble()));
        way.Set(Line.Open);
        await DelayAsync(1);
    }

    /// <summary>It is time itself that the script spends: how long a fault lasts.</summary>
    private static Task DelayAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, TestContext.Current.CancellationToken);

    private async Task RunAsync(
        string name, TimeSpan longest, Func<PrivateCluster, Random, CancellationToken, Task> fault, Func<PrivateCluster, Task>? prepare = null)
    {
        Assert.SkipUnless(Installation.IsLong, "A cluster under faults takes minutes: ./test long.");
        var random = new Random(Environment.TickCount);
        await using var cluster = await PrivateCluster.StartAsync(workers: 4);
        if (prepare is not null) await prepare(cluster);
        await cluster.Server.AddLibraryAsync(pictures.Root);
        var progress = new Progress(cluster);
        await progress.UntilAsync(outcomes: 20, Bound);
        var faults = 0;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var failing = FailAsync();
        try
        {
            await progress.UntilOverAsync(3 * Bound);
        }
        finally
        {
            await over.CancelAsync();
            await failing;
        }
        output.WriteLine($"{name}, {faults} times: {progress}");
        await cluster.WholeAsync(ChaosPictures.Count);
        Assert.True(faults > 0 && progress.LongestPause < longest, $"{name}, {faults} times: {progress}; at most {longest.TotalSeconds} s were to be.");

        async Task FailAsync()
        {
            for (; !over.IsCancellationRequested; faults++) await fault(cluster, random, TestContext.Current.CancellationToken);
        }
    }
}

/// <summary>The library of all tests of chaos, which take a minute of processor time to make and are only read: in folders and archives, made when a test asks first.</summary>
public sealed class ChaosPictures : IDisposable
{
    public const int Count = 2000;
    private const int Parts = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-e2e-").FullName;
    private Shelf? _shelf;

    public string Root => (_shelf ??= Make()).Root;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Shelf Make()
    {
        var shelf = new Shelf(Path.Combine(_folder, "library"));
        for (var part = 0; part < Parts; part++) shelf.AddMany($"d{part}", Count / (2 * Parts), 1200, 900).AddZip($"z{part}.zip", Count / (2 * Parts), 1200, 900);
        return shelf;
    }
}
