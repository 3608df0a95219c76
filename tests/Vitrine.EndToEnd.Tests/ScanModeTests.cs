using System.Net;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>What <c>import --mode</c> does to a library that is known already.</summary>
public sealed class ScanModeTests
{
    [Fact]
    public async Task OverwritingMakesEverythingAnewAndKeepsEveryId()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 6).AddMany("a/b", 3).AddZip("c.zip", 5);
        await using var server = await scene.ServeAsync();
        await scene.RunJsonAsync("import", scene.Library.Root);
        var before = await IdsAsync(server);

        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root, "--mode", "overwrite");

        Assert.Equal((0, 14), (ended.ExitCode, (int)summary["completed"].Number));
        Assert.Equal(28, (await server.CountersAsync())["imagesDecoded"].Number);
        Assert.Equal(before, await IdsAsync(server));
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
    }

    [Fact]
    public async Task WhatIsIncompleteIsMadeAndNothingIsListed()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 6).AddZip("c.zip", 5);
        await using var server = await scene.ServeAsync();
        await scene.RunJsonAsync("import", scene.Library.Root);
        scene.Library.AddMany("new", 3);
        var before = await server.CountersAsync();

        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root, "--mode", "incomplete");

        Assert.Equal((0, 11), (ended.ExitCode, (int)summary["images"].Number));
        Assert.Equal(before["containersListed"].Number, (await server.CountersAsync())["containersListed"].Number);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Api.RefusalAsync(HttpMethod.Post, "libraries/1/scan?mode=all")).Status);
        Assert.Equal(2, (await scene.RunAsync("import", scene.Library.Root, "--mode", "all", "--data", scene.Data)).ExitCode);
    }

    private static async Task<IEnumerable<string>> IdsAsync(Server server) =>
        (await Gallery.ImagesAsync(server.Api)).Select(image => $"{image["id"]} {image["collectionId"]} {image["name"]}").Order().ToList();
}
