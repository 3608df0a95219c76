using Vitrine.EndToEnd.Harness;

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

    /// <summary>That node sees other pictures than the other one, so nobody else has listed or read them.</summary>
    [Fact]
    public async Task ALibraryWithALabelIsMadeByTheNodeThatHasItFromItsOwnMount()
    {
        await using var cluster = await PrivateCluster.StartAsync(workers: 2);
        var library = cluster.Scene.Library.AddMany("a", Images / 2);
        var elsewhere = new Shelf(Path.Combine(cluster.Scene.Folder, "mnt")).AddMany("b", Images / 3);
        cluster.Workers[1].Labels = "nas";
        cluster.Workers[1].Roots = $"{library.Root}={elsewhere.Root}";
        await cluster.Workers[1].KillAndStartAsync();

        await cluster.Server.Api.PostAsync("libraries", new { root = library.Root, nodeLabels = new[] { "nas" } });
        await new Progress(cluster).UntilOverAsync(Bound);

        await cluster.WholeAsync(Images / 3);
    }
}
