namespace Vitrine.EndToEnd.Cluster;

/// <summary>A small cluster, as everybody who builds Vitrine can see it.</summary>
public sealed class ClusterTests(ITestOutputHelper output)
{
    private const int Images = 60;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task WhatAWorkerHadWhenItWasKilledIsMadeByAnotherOnce()
    {
        await using var cluster = await PrivateCluster.StartAsync(workers: 2);
        cluster.Scene.Library.AddMany("a", Images / 2, 800, 600).AddZip("b.zip", Images / 2, 800, 600);
        await cluster.Server.AddLibraryAsync(cluster.Scene.Library.Root);
        var progress = new Progress(cluster);
        await progress.UntilAsync(outcomes: 5, Bound);
        cluster.Workers[0].Running.Kill();
        await progress.UntilOverAsync(Bound);
        output.WriteLine($"{Images} images on two workers of which one was killed: {progress}");
        await cluster.WholeAsync(Images);
    }
}
