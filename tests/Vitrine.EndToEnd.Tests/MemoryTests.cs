using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>Memory does not grow with the library.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const long ServerLimit = 300L << 20;
    private const double Growth = 1.1;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task TheServerStaysSmallDuringAnImport()
    {
        var (peak, plateau) = await ImportAsync(2_000);

        output.WriteLine($"server at most {peak >> 20} MiB, tree {plateau >> 20} MiB in the median");
        Assert.InRange(peak, 1, ServerLimit);
    }

    /// <summary>The median of the second half of an import: what starts up and what is compiled on the way is over by then.</summary>
    [Fact]
    public async Task TheTreeIsAsSmallAtTwentyThousandImagesAsAtTwoThousand()
    {
        Assert.SkipUnless(Installation.IsLong, "22,000 pictures take minutes: ./test long.");
        var (_, small) = await ImportAsync(2_000);
        var (peak, large) = await ImportAsync(20_000);

        output.WriteLine($"2,000: {small >> 20} MiB; 20,000: {large >> 20} MiB, server at most {peak >> 20} MiB");
        Assert.InRange(peak, 1, ServerLimit);
        Assert.True(large <= small * Growth, $"{large >> 20} MiB at 20,000 images, {small >> 20} MiB at 2,000.");
    }

    private static async Task<(long ServerPeak, long TreeMedian)> ImportAsync(int images)
    {
        await using var scene = new Scene();
        for (var i = 0; i < images; i += 500) scene.Library.AddMany($"dir{i:00000}", 500, 32, 32);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        var samples = new List<long>();
        for (var idle = false; !idle;)
        {
            await Task.Delay(Period, TimeProvider.System, TestContext.Current.CancellationToken);
            samples.Add(Processes.ProportionalBytes(server.Running.Id));
            idle = await server.IsIdleAsync();
            Assert.True(samples.Count * Period < Bound * Eventually.Patience, "The import does not end.");
        }
        Assert.Equal(images, (await server.LibraryAsync())["ready"].Number);
        var plateau = samples.Skip(samples.Count / 2).Order().ToList();
        return (Processes.Bytes(server.Running.Id, "status", "VmHWM"), plateau[plateau.Count / 2]);
    }
}
