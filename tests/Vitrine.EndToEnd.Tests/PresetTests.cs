using System.Net;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>A preset that changes under a library that is made.</summary>
public sealed class PresetTests
{
    private const int Images = 12;
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task AChangeMakesWhatDiffersAndNothingElseAndEveryPictureIsServedAllTheTime()
    {
        await using var scene = new Scene();
        for (var i = 0; i < Images; i++) scene.Library.Add($"a/{i:00}.jpg", 900, 700);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(EndBound);
        var before = await AddressesAsync(server);
        var decoded = (await server.CountersAsync())["imagesDecoded"].Number;

        using (var changed = await server.Api.SendAsync(HttpMethod.Patch, "cache/presets/thumbnail", new { maxEdge = 200 })) Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        foreach (var image in before) Assert.NotEmpty(await server.Api.BytesAsync(image.Thumbnail));
        await Eventually.TrueAsync("all thumbnails are the new ones", EndBound, async () =>
            (await AddressesAsync(server)).Zip(before).All(pair => pair.First.Thumbnail != pair.Second.Thumbnail));
        await server.IdleAsync(EndBound);

        var after = await AddressesAsync(server);
        Assert.Equal(before.Select(image => image.Display), after.Select(image => image.Display));
        var counters = await server.CountersAsync();
        Assert.Equal((decoded, Images), (counters["imagesDecoded"].Number, counters["imagesShrunk"].Number));
        Pictures.Read(await server.Api.BytesAsync(after[0].Thumbnail), out var width, out _);
        Assert.Equal(200, width);
    }

    /// <summary>Of a solid archive not one page has to be unpacked for it. What has no larger derivative, or one that is no longer what was written, is made from its original.</summary>
    [Fact]
    public async Task AThumbnailIsMadeFromTheDisplayAndFromTheOriginalWhereThatIsNotWhatWasWritten()
    {
        await using var scene = new Scene();
        scene.Library.AddSolid("pages.cb7", 8, 2200, 1600);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(EndBound);
        var before = await server.CountersAsync();
        foreach (var display in Displays(scene).Take(3)) await File.WriteAllBytesAsync(display, new byte[new FileInfo(display).Length], TestContext.Current.CancellationToken);

        using (var changed = await server.Api.SendAsync(HttpMethod.Patch, "cache/presets/thumbnail", new { maxEdge = 200 })) Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await server.IdleAsync(EndBound);

        var after = await server.CountersAsync();
        var shrunk = Displays(scene).Count() - 3;
        Assert.InRange(shrunk, 1, 5);
        Assert.Equal((shrunk, 8 - shrunk), ((int)after["imagesShrunk"].Number, (int)(after["imagesDecoded"].Number - before["imagesDecoded"].Number)));
        Assert.Equal(1, after["containersOpened"].Number - before["containersOpened"].Number);
        foreach (var image in await Gallery.ImagesAsync(server.Api))
        {
            var shown = Pictures.Read(await server.Api.BytesAsync(image["urls"]["thumbnail"].Text), out var width, out _);
            Assert.Equal((Pictures.Read(await server.Api.BytesAsync($"images/{image["id"]}/original"), out _, out _), 200), (shown, width));
        }
    }

    [Fact]
    public async Task WhatIsMadeOnDemandAloneIsMadeAnewWhenSomebodyLooks()
    {
        await using var scene = new Scene();
        scene.Library.Add("a.jpg", 900, 700);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(EndBound);
        var address = (await Gallery.ImagesAsync(server.Api)).Single()["urls"]["medium"].Text;
        var before = await server.Api.BytesAsync(address);

        using (var changed = await server.Api.SendAsync(HttpMethod.Patch, "cache/presets/medium", new { maxEdge = 500 })) Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        Assert.Equal(before, await server.Api.BytesAsync(address));
        await Eventually.TrueAsync("the new one is served", EndBound, async () =>
        {
            Pictures.Read(await server.Api.BytesAsync(address), out var width, out _);
            return width == 500;
        });
    }

    private static IEnumerable<string> Displays(Scene scene) =>
        Directory.EnumerateFiles(Path.Combine(scene.Data, "cache"), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static async Task<List<(string Thumbnail, string Display)>> AddressesAsync(Server server) =>
        [.. (await Gallery.ImagesAsync(server.Api)).Select(image => (image["urls"]["thumbnail"].Text, image["urls"]["display"].Text))];
}
