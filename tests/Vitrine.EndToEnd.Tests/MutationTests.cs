using System.Globalization;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>Files that were damaged on purpose, by a seed: whatever they do to a decoder, the server lives, each ends with a reason, and nothing leaves its limits.</summary>
[Collection(nameof(Alone))]
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Seed = 20261125;
    private const int Files = 500, ManyFiles = 10_000, FilesOfFolder = 100;
    private const int Workers = 2;
    private const long ChildMemory = 512L << 20, Programs = 256L << 20, OfTree = 512L << 20;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>A kernel that is short of descriptors or a start that is slow must not fail this: the bound is on the whole.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(Installation.IsLong ? 30 : 2);

    [Fact]
    public async Task DamagedFilesEndAsPicturesOrAsNamedRefusals()
    {
        await using var scene = new Scene();
        scene.Environment["VITRINE__Engine__Workers"] = Workers.ToString(CultureInfo.InvariantCulture);
        scene.Environment["VITRINE__Decode__ChildMemoryBytes"] = ChildMemory.ToString(CultureInfo.InvariantCulture);
        scene.Environment["VITRINE__Decode__LargeChildMemoryBytes"] = ChildMemory.ToString(CultureInfo.InvariantCulture);
        scene.Environment["VITRINE__Decode__ItemCpuSeconds"] = "5";
        Write(scene.Library, Installation.IsLong ? ManyFiles : Files);
        await using var server = await scene.ServeAsync();

        var import = scene.Start("import", scene.Library.Root, "--data", scene.Data, "--json");
        var (child, tree) = await WatchAsync(server, import);
        var ended = await import.EndAsync(Bound);

        Assert.True(ended.ExitCode is 0 or 1, ended.ToString());
        Assert.False(server.Running.HasEnded);
        var summary = Json.Parse(ended.Out);
        output.WriteLine($"{summary["images"]} images: {summary["completed"]} pictures, {summary["skipped"]} skipped, {summary["failed"]} failed; a decoder took {child >> 20} MiB at most, all {tree >> 20} MiB");
        foreach (var group in summary["failures"].Items.GroupBy(failure => failure["code"].Text)) output.WriteLine($"{group.Key}: {group.Count()}");
        Assert.Equal(summary["images"].Number, summary["completed"].Number + summary["skipped"].Number + summary["failed"].Number);
        Assert.All(summary["failures"].Items, failure => Assert.Contains($"`{failure["code"].Text}`", Reasons.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(summary["failures"].Items, failure => failure["code"].Text is "dead-letter" or "stalled");
        Assert.InRange(child, 1, ChildMemory + Programs);
        Assert.InRange(tree, 1, (Workers * ChildMemory) + OfTree);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetTempPath(), "corpus-pwned*"));
    }

    private static Lazy<string> Reasons { get; } = new(() => File.ReadAllText(Path.Combine(Installation.Root, "docs", "reason-codes.md")));

    private static void Write(Shelf shelf, int count)
    {
        var chance = new Random(Seed);
        var bases = Mutations.Bases();
        for (var number = 0; number < count; number++)
        {
            var (extension, bytes) = bases[number % bases.Count];
            shelf.Write($"{number / FilesOfFolder:000}/{number:00000}.{extension}", Mutations.Of(bytes, bases[chance.Next(bases.Count)].Bytes, chance));
        }
    }

    /// <summary>The most that one decoder had in memory, and that all of the server's processes had together.</summary>
    private static async Task<(long Child, long Tree)> WatchAsync(Server server, Running import)
    {
        var (child, tree) = (0L, 0L);
        for (var waited = TimeSpan.Zero; !import.HasEnded; waited += Period)
        {
            Assert.True(waited < Bound, "The import does not end.");
            foreach (var decoder in server.Running.Children()) child = Math.Max(child, PeakOf(decoder.Id));
            tree = Math.Max(tree, Processes.ProportionalBytes(server.Running.Id));
            await Task.Delay(Period, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        return (child, tree);
    }

    private static long PeakOf(int id)
    {
        try
        {
            return Processes.Bytes(id, "status", "VmHWM");
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            return 0;
        }
    }
}
