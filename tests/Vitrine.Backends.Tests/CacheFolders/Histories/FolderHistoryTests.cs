using System.Diagnostics;
using System.Globalization;

namespace Vitrine.Backends.Tests.CacheFolders.Histories;

/// <summary>
/// Whatever happens to a cache folder, in whatever order: no file of a live row goes, no original and nothing of others is touched, limits hold, and at rest the
/// disk holds what the rows say and the counters count. <c>VITRINE_FOLDER_SEED=7</c> runs one history again; <c>VITRINE_LONG=1</c> runs five minutes of them.
/// </summary>
[Collection(Simulation.Histories.OneAfterAnother)]
public sealed class FolderHistoryTests
{
    /// <summary>In which all operations come about, on however slow a machine.</summary>
    private const int Fewest = 5;

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ToFind = TimeSpan.FromSeconds(60);
    private static readonly string? One = Environment.GetEnvironmentVariable("VITRINE_FOLDER_SEED");
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("VITRINE_LONG") is not null;

    [Fact]
    public async Task Every_history_of_a_folder_keeps_what_always_holds()
    {
        var first = One is not null ? long.Parse(One, CultureInfo.InvariantCulture) : IsLong ? TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() * 1_000 : 1;
        var (failure, histories, reached) = await RunAsync(FolderPlant.None, first, One is not null ? TimeSpan.Zero : IsLong ? Long : Short, One is not null ? 1 : Fewest);
        var told = string.Join("; ", reached.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {r.Value}"));
        Console.WriteLine($"Histories of a folder: {histories} from seed {first}. {told}");
        Assert.True(failure is null, failure);
        if (One is null) Assert.Empty(FolderOperations.All.Select(operation => operation.Name).Concat(["crashes", "evicted", "moved", "drains ended"]).Except(reached.Keys));
    }

    /// <summary>Histories that find nothing may be blind.</summary>
    /// <param name="first">A seed shortly before one that finds it, which keeps this short; from any other one it may take longer.</param>
    [Theory]
    [InlineData(FolderPlant.NoGrace, 1, "hours old")]
    [InlineData(FolderPlant.FileFirst, 12, "a row and no file")]
    [InlineData(FolderPlant.ForgetsRows, 1, "a row and no file")]
    [InlineData(FolderPlant.EarlyRows, 1, "hours old")]
    [InlineData(FolderPlant.EvictsFileFirst, 1, "a row and no file")]
    [InlineData(FolderPlant.EvictsPinned, 1, "Pins kept")]
    [InlineData(FolderPlant.MovesFileFirst, 1, "a row and no file")]
    internal async Task A_planted_fault_is_found(FolderPlant plant, long first, string said)
    {
        var (failure, histories, _) = await RunAsync(plant, first, ToFind);
        Assert.True(failure is not null, $"{plant} was not found in {histories} histories.");
        Assert.Contains(said, failure.Split('\n')[0], StringComparison.Ordinal);
        Console.WriteLine($"Planted {plant} was found by history {histories}.");
    }

    /// <summary>At least the fewest, until the budget is used up or one fails. Their time says how many are run, and nothing else.</summary>
    private static async Task<(string? Failure, int Histories, Dictionary<string, int> Reached)> RunAsync(FolderPlant plant, long seed, TimeSpan budget, int fewest = 1)
    {
        var reached = new Dictionary<string, int>();
        var started = Stopwatch.GetTimestamp();
        for (var histories = 1; ; histories++)
        {
            var history = new FolderHistory(seed++, plant);
            var failure = await history.RunAsync();
            foreach (var (what, count) in history.Reached) reached[what] = reached.GetValueOrDefault(what) + count;
            if (failure is not null || (histories >= fewest && Stopwatch.GetElapsedTime(started) >= budget)) return (failure, histories, reached);
        }
    }
}
