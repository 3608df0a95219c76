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
        Assert.Equal(decoded + Images, (await server.CountersAsync())["imagesDecoded"].Number);
        Pictures.Read(await server.Api.BytesAsync(after[0].Thumbnail), out var width, out _);
        Assert.Equal(200, width);
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

    private static async Task<List<(string Thumbnail, string Display)>> AddressesAsync(Server server) =>
        [.. (await Gallery.ImagesAsync(server.Api)).Select(image => (image["urls"]["thumbnail"].Text, image["urls"]["display"].Text))];
}
