using System.Diagnostics;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>kill -9 at random moments of an import, of the server and of its decoders: nothing is lost, doubled or torn.</summary>
[Collection(nameof(Alone))]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int PicturesOfARound = 60;
    private const int RoundsBetweenChecks = 10;
    private static readonly TimeSpan FirstOutcomeBound = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LatestKill = TimeSpan.FromMilliseconds(1500);

    [Fact]
    public Task AnImportSurvivesTheDeathOfItsServer() => RunAsync(Installation.IsLong ? 70 : 4, KillServerAsync);

    [Fact]
    public Task AnImportSurvivesTheDeathOfItsDecoders() => RunAsync(Installation.IsLong ? 30 : 2, KillDecodersAsync);

    private async Task RunAsync(int rounds, Func<Server, Task> kill)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {rounds} rounds");
        var random = new Random(seed);
        await using var scene = new Scene();
        var server = await scene.ServeAsync("--library", scene.Library.Root);
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                scene.Library.AddMany($"round{round}", PicturesOfARound / 2, 400, 300).AddZip($"round{round}.zip", PicturesOfARound / 2, 360, 240);
                await server.ScanAsync();
                await Task.Delay(LatestKill * random.NextDouble(), TimeProvider.System, TestContext.Current.CancellationToken);
                await kill(server);
                if (server.Running.HasEnded) server = await RestartAsync(scene, server);
                if (round % RoundsBetweenChecks == RoundsBetweenChecks - 1) await WholeAsync(scene, server);
            }
            await WholeAsync(scene, server);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task KillServerAsync(Server server)
    {
        var decoders = server.Running.Children();
        server.Running.Kill();
        await server.Running.EndAsync(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync("the decoders of a dead server end", TimeSpan.FromSeconds(2), () => !decoders.Any(Processes.IsAlive));
    }

    /// <summary>An image that kills its decoder twice is given up, and rightly: so that none is hit twice, this round's work ends before the next one.</summary>
    private static async Task KillDecodersAsync(Server server)
    {
        foreach (var decoder in server.Running.Children()) Processes.End(decoder);
        await server.IdleAsync(EndBound);
    }

    /// <summary>What was open goes on: the first outcome comes soon after the server is ready.</summary>
    private async Task<Server> RestartAsync(Scene scene, Server dead)
    {
        await dead.DisposeAsync();
        var server = await scene.ServeAsync();
        var watch = Stopwatch.StartNew();
        await Eventually.TrueAsync("the first outcome after a restart", FirstOutcomeBound, async () => await OutcomesAsync(server) > 0 || await server.IsIdleAsync());
        output.WriteLine($"first outcome {watch.ElapsedMilliseconds} ms after ready");
        if (Installation.IsLong) Assert.True(watch.Elapsed < FirstOutcomeBound, $"The first outcome came only {watch.Elapsed} after the server was ready.");
        return server;
    }

    private static async Task<long> OutcomesAsync(Server server)
    {
        var counters = await server.CountersAsync();
        return counters["itemsDone"].Number + counters["itemsSkipped"].Number + counters["itemsFailed"].Number;
    }

    private static async Task WholeAsync(Scene scene, Server server)
    {
        await server.IdleAsync(EndBound);
        await server.ScanAsync();
        await server.IdleAsync(EndBound);
        var library = await server.LibraryAsync();
        Assert.Equal((scene.Library.Numbers.Count, 0, 0), (library["ready"].Number, library["failed"].Number, library["skipped"].Number));
        await Verified.WholeAsync(scene, scene.Library.Numbers.Count, 2);
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
    }
}
