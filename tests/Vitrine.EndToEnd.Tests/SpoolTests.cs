using System.Net;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>Pages of a solid archive that somebody looks at: it is unpacked once for all of them.</summary>
public sealed class SpoolTests
{
    private const int Pages = 12;

    [Fact]
    public async Task EveryPageOfASolidArchiveIsHadWithOnePassOverIt()
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene);
        var images = await Gallery.ImagesAsync(server.Api);

        foreach (var image in images.Skip(5).Concat(images.Take(5)))
        {
            var made = await Gallery.PictureAsync(server.Api, image["urls"]["display"].Text);
            Assert.Equal(NumberOf(image), Pictures.Read(made));
            Assert.Equal(NumberOf(image), Pictures.Read(await server.Api.BytesAsync($"images/{image["id"]}/original")));
        }

        var counters = (await server.Api.GetAsync("status"))["counters"];
        Assert.Equal((1, Pages, 0), (counters["spoolPasses"].Number, counters["spoolWrites"].Number, counters["spoolEvictions"].Number));
        Assert.Equal(2 * Pages, counters["spoolReads"].Number);
        Assert.Equal(Pages, Directory.GetFiles(Path.Combine(scene.Data, "spool")).Length);
    }

    [Fact]
    public async Task AnOriginalOfASolidArchiveCanBeAskedForInParts()
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene);
        var url = $"images/{(await Gallery.ImagesAsync(server.Api))[3]["id"]}/original";
        var whole = await server.Api.BytesAsync(url);
        using var part = await server.Api.SendAsync(HttpMethod.Get, url, null, request => request.Headers.Range = new(10, 49));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[10..50], await part.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task WithoutASpoolAPageIsUnpackedEachTime()
    {
        await using var scene = new Scene();
        scene.Environment["VITRINE__Decoder__SpoolBytes"] = "0";
        await using var server = await ServeAsync(scene);
        var image = (await Gallery.ImagesAsync(server.Api))[7];
        Assert.Equal(NumberOf(image), Pictures.Read(await Gallery.PictureAsync(server.Api, image["urls"]["display"].Text)));
        Assert.Equal(0, (await server.Api.GetAsync("status"))["counters"]["spoolPasses"].Number);
    }

    /// <summary>What is seen through the viewer: the pages behind are made before they are asked for.</summary>
    [Fact]
    public async Task PagesBehindTheOneInTheViewerAreMadeAhead()
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene);
        var images = await Gallery.ImagesAsync(server.Api);
        using var told = await server.Api.SendAsync(HttpMethod.Post, "view", new { imageId = images[2]["id"].Text, preset = "display" });
        Assert.Equal(HttpStatusCode.NoContent, told.StatusCode);

        await Eventually.TrueAsync("three pages ahead", TimeSpan.FromSeconds(5), async () => (await MadeAsync(server.Api)).SequenceEqual(new[] { 3, 4, 5 }));
        Assert.Equal(3, (await server.Api.GetAsync("status"))["counters"]["derivativesAhead"].Number);
    }

    private static async Task<List<int>> MadeAsync(Api api) =>
        [.. (await Gallery.ImagesAsync(api)).Select((image, i) => (image, i)).Where(p => p.image["urls"]["display"].Text.Contains("v=", StringComparison.Ordinal)).Select(p => p.i)];

    private static int NumberOf(Json image) => int.Parse(image["name"].Text[1..6], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<Server> ServeAsync(Scene scene)
    {
        scene.Library.AddSolid("book.cb7", Pages, 400, 300);
        await scene.RunJsonAsync("import", scene.Library.Root, "--presets", "thumbnail");
        return await scene.ServeAsync();
    }
}
