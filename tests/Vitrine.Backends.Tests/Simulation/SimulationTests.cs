using System.Diagnostics;
using System.Globalization;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>
/// Whatever fails, nothing is lost, nothing doubled, and everything ends. <c>VITRINE_SEED=sqlite:123</c> runs that one history again and tells all of it;
/// <c>VITRINE_LONG=1</c> runs for a quarter of an hour on two cores, and on until there are as many as there have to be.
/// </summary>
[Collection(Histories.OneAfterAnother)]
public sealed class SimulationTests
{
    private const int ModelAtLeast = 20_000;
    private const int SqliteAtLeast = 1_000;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(15);

    /// <summary>Where others take the cores.</summary>
    private static readonly TimeSpan Longest = 2 * Long;

    /// <summary>What a long run has to come to, beside nothing wrong.</summary>
    private static readonly string[] MustReach =
    [
        "commits Fenced", "commits Held", "holds of Disk", "holds of Folder", "holds of Root", "items Failed crashed", "items Failed dead-letter",
        "items Skipped in-progress", "items Skipped removed", "items Skipped source-changed", "jobs Cancelled", "jobs Completed", "jobs Failed",
        "leases of dead nodes", "leases one by one", "offers refused by a full queue", "planners too late", "retries", "stale jobs given up", "stale jobs resumed",
    ];

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("VITRINE_LONG") is not null;

    [Fact]
    public void Every_history_keeps_what_always_holds()
    {
        if (Environment.GetEnvironmentVariable("VITRINE_SEED") is { } one) Replay(one);
        else if (IsLong) RunLong();
        else RunShort();
    }

    /// <summary>The same seed takes the same steps: without that, no failure could be run again.</summary>
    [Theory]
    [InlineData("model")]
    [InlineData("sqlite")]
    public void A_seed_decides_everything(string store)
    {
        using var database = new InlineSqlite();
        for (var seed = 1; seed <= 5; seed++) Assert.Equal(Story(seed), Story(seed));

        string Story(long seed)
        {
            using var history = new History(new(seed, store == "sqlite" ? database : null, TraceLength: 1_000_000));
            history.Run();
            return history.Told;
        }
    }

    private static void RunShort()
    {
        var seed = 0L;
        using var histories = new Histories();
        histories.Run(Short, () => ++seed, () => false);
        Console.WriteLine($"Simulation: {histories.Counts}.\nReached: {Told(histories.Reached)}");
        if (histories.Failure is { } failure) Assert.Fail(failure);
    }

    private static void RunLong()
    {
        // Other seeds each time: that is what the long run is for.
        var first = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() * 1_000_000;
        var seed = first;
        Histories[] both = [new(), new()];
        var started = Stopwatch.GetTimestamp();
        Parallel.ForEach(both, new ParallelOptions { MaxDegreeOfParallelism = 2 }, histories =>
            histories.Run(Longest, () => Interlocked.Increment(ref seed), () => both.Any(other => other.Failure is not null) || (Stopwatch.GetElapsedTime(started) >= Long && AreEnough(Run()))));
        var (model, sqlite) = Run();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Simulation: {model} histories on the model, {sqlite} on SQLite, from seed {first}."));
        if (both.Select(histories => histories.Failure).FirstOrDefault(failure => failure is not null) is { } failure) Assert.Fail(failure);
        Assert.True(AreEnough((model, sqlite)), $"{model} and {sqlite} histories, of {ModelAtLeast} and {SqliteAtLeast}.");
        var reached = both.SelectMany(histories => histories.Reached).ToLookup(r => r.Key, r => r.Value);
        Console.WriteLine($"Reached: {Told(reached.Select(r => KeyValuePair.Create(r.Key, r.Sum())))}");
        Assert.Empty(MustReach.Except(reached.Select(r => r.Key)));
        foreach (var histories in both) histories.Dispose();

        (int Model, int Sqlite) Run() => (both.Sum(histories => histories.OnModel), both.Sum(histories => histories.OnSqlite));
    }

    private static bool AreEnough((int Model, int Sqlite) run) => run.Model >= ModelAtLeast && run.Sqlite >= SqliteAtLeast;

    private static string Told(IEnumerable<KeyValuePair<string, int>> reached) =>
        string.Join("; ", reached.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {r.Value}"));

    private static void Replay(string name)
    {
        var parts = name.Split(':');
        using var histories = new Histories();
        histories.RunOne(parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), traceLength: 100_000);
        if (histories.Failure is { } failure) Assert.Fail(failure);
    }
}
