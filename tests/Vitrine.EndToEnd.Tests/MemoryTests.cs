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
        var (peak, samples) = await ImportAsync(2_000);

        output.WriteLine($"server at most {peak >> 20} MiB, tree {Median(samples.Skip(samples.Count / 2)) >> 20} MiB in the median");
        Assert.InRange(peak, 1, ServerLimit);
    }

    /// <summary>The last quarter of an import against its second: in the first few seconds the collector has not yet looked at its oldest generation once.</summary>
    [Fact]
    public async Task TheTreeIsAsSmallAtTheEndOfALongImportAsBefore()
    {
        Assert.SkipUnless(Installation.IsLong, "20,000 pictures take minutes: ./test long.");
        var (peak, samples) = await ImportAsync(20_000);
        var quarter = samples.Count / 4;
        var (early, late) = (Median(samples.Skip(quarter).Take(quarter)), Median(samples.Skip(3 * quarter)));

        output.WriteLine($"from 5,000 to 10,000 images: {early >> 20} MiB; to 20,000: {late >> 20} MiB; server at most {peak >> 20} MiB");
        Assert.InRange(peak, 1, ServerLimit);
        Assert.True(late <= early * Growth, $"{late >> 20} MiB up to 20,000 images, {early >> 20} MiB up to 10,000.");
    }

    private static async Task<(long ServerPeak, List<long> Tree)> ImportAsync(int images)
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
        return (Processes.Bytes(server.Running.Id, "status", "VmHWM"), samples);
    }

    private static long Median(IEnumerable<long> samples)
    {
        List<long> sorted = [.. samples.Order()];
        return sorted[sorted.Count / 2];
    }
}
