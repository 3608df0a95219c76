using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>Pictures as a browser asks for them.</summary>
public sealed class ServingTests
{
    [Fact]
    public async Task ADerivativeIsCachedForEverUnderItsHash()
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene, shelf => shelf.AddMany("a", 1, 800, 600));
        var url = Assert.Single(await Gallery.ImagesAsync(server.Api))["urls"]["thumbnail"].Text;

        using var exact = await server.Api.SendAsync(HttpMethod.Get, url);
        Assert.Equal("immutable max-age=31536000 private", CacheControl(exact));
        Assert.NotNull(exact.Headers.ETag);
        Assert.False(exact.Headers.ETag.IsWeak);
        Assert.Equal("image/webp", exact.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Assert.Single(exact.Headers.GetValues("X-Content-Type-Options")));

        foreach (var other in new[] { url.Split('?')[0], url.Split('?')[0] + "?v=0000" })
        {
            using var current = await server.Api.SendAsync(HttpMethod.Get, other);
            Assert.Equal(HttpStatusCode.OK, current.StatusCode);
            Assert.Contains("no-cache", CacheControl(current), StringComparison.Ordinal);
            Assert.DoesNotContain("public", CacheControl(current), StringComparison.Ordinal);
            Assert.Equal(exact.Headers.ETag, current.Headers.ETag);
        }

        using var known = await server.Api.SendAsync(HttpMethod.Get, url, null, request => request.Headers.IfNoneMatch.Add(exact.Headers.ETag));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Empty(await known.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("thumbnail")]
    [InlineData("original")]
    public async Task PartsAndHeadersAreServed(string what)
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene, shelf => shelf.AddMany("a", 1, 800, 600));
        var image = Assert.Single(await Gallery.ImagesAsync(server.Api));
        var url = what == "original" ? $"images/{image["id"]}/original" : image["urls"][what].Text;
        var whole = await server.Api.BytesAsync(url);

        using var head = await server.Api.SendAsync(HttpMethod.Head, url);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(whole.Length, head.Content.Headers.ContentLength);

        using var part = await server.Api.SendAsync(HttpMethod.Get, url, null, request => request.Headers.Range = new RangeHeaderValue(10, 49));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal($"bytes 10-49/{whole.Length}", part.Content.Headers.ContentRange?.ToString());
        Assert.Equal(whole[10..50], await part.Content.ReadAsByteArrayAsync());

        using var beyond = await server.Api.SendAsync(HttpMethod.Get, url, null, request => request.Headers.Range = new RangeHeaderValue(whole.Length + 10L, null));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
    }

    [Fact]
    public async Task AMissingDerivativeIsMadeWhenItIsAskedFor()
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene, shelf => shelf.AddMany("a", 2, 1600, 1200).AddZip("b.zip", 2, 1600, 1200));

        foreach (var image in await Gallery.ImagesAsync(server.Api))
        {
            Assert.DoesNotContain("v=", image["urls"]["medium"].Text, StringComparison.Ordinal);
            var medium = Pictures.Read(await Gallery.PictureAsync(server.Api, image["urls"]["medium"].Text), out var width, out var height);
            Assert.Equal((1080, 810), (width, height));
            Assert.Equal(Pictures.Read(await server.Api.BytesAsync(image["urls"]["thumbnail"].Text)), medium);
            Assert.Contains("v=", (await server.Api.GetAsync($"images/{image["id"]}"))["urls"]["medium"].Text, StringComparison.Ordinal);
        }
        Assert.Equal(4, (await server.LibraryAsync())["derivatives"]["medium"]["count"].Number);
        Assert.Equal(8, (await server.CountersAsync())["imagesDecoded"].Number);
        var (_, verified) = await scene.RunJsonAsync("verify");
        Assert.Equal((12, true), (verified["rows"].Number, verified["countersEqual"].Truth));
    }

    [Fact]
    public async Task ManyRequestsForTheSameDerivativeDecodeItOnce()
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene, shelf => shelf.AddMany("a", 1, 3000, 2000));
        var image = Assert.Single(await Gallery.ImagesAsync(server.Api));
        var before = (await server.CountersAsync())["imagesDecoded"].Number;

        var pictures = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Gallery.PictureAsync(server.Api, image["urls"]["full"].Text)));

        Assert.Equal(1, (await server.CountersAsync())["imagesDecoded"].Number - before);
        Assert.All(pictures, picture => Assert.Equal(pictures[0], picture));
    }

    [Fact]
    public async Task WidthChoosesTheSmallestPresetThatSuffices()
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene, shelf => shelf.AddMany("a", 1, 2400, 1200));
        var id = Assert.Single(await Gallery.ImagesAsync(server.Api))["id"];

        foreach (var (wanted, expected) in new[] { (100, 320), (320, 320), (321, 1080), (1081, 1920), (1921, 2400) })
        {
            Pictures.Read(await Gallery.PictureAsync(server.Api, $"images/{id}/thumbnail?width={wanted}"), out var width, out _);
            Assert.Equal(expected, width);
        }
    }

    [Fact]
    public async Task OriginalsAreTheBytesAsFound()
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene, shelf => shelf.AddMany("a", 4).AddZip("b.zip", 4, 300, 200));
        using var zip = ZipFile.OpenRead(scene.Library.PathOf("b.zip"));

        foreach (var image in await Gallery.ImagesAsync(server.Api))
        {
            var name = image["name"].Text;
            var path = scene.Library.PathOf("a/" + name);
            var expected = File.Exists(path) ? await File.ReadAllBytesAsync(path) : await ReadAsync(zip.GetEntry(name)!);
            Assert.Equal(expected, await server.Api.BytesAsync($"images/{image["id"]}/original"));
        }
    }

    /// <summary>Every kind of refusal has its stable code.</summary>
    [Fact]
    public async Task RefusalsHaveStableCodes()
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene, shelf => shelf.AddMany("a", 1).Write("a/bad.jpg", "bad"));
        var images = await Gallery.ImagesAsync(server.Api);
        var bad = images.Single(image => image["state"].Text == "failed");
        var good = images.Single(image => image["state"].Text == "ready");

        Assert.Equal("corrupt", bad["reason"].Text);
        Assert.Equal("corrupt", (await server.Api.RefusalAsync(HttpMethod.Get, $"images/{bad["id"]}/thumbnail")).Code);
        Assert.Equal((HttpStatusCode.NotFound, "not-found"), await server.Api.RefusalAsync(HttpMethod.Get, "images/999999"));
        Assert.Equal((HttpStatusCode.NotFound, "not-found"), await server.Api.RefusalAsync(HttpMethod.Get, "images/999999/thumbnail"));
        Assert.Equal((HttpStatusCode.NotFound, "not-found"), await server.Api.RefusalAsync(HttpMethod.Get, "collections/999999/images"));
        Assert.Equal((HttpStatusCode.NotFound, "not-found"), await server.Api.RefusalAsync(HttpMethod.Get, $"images/{good["id"]}/poster"));
        Assert.Equal((HttpStatusCode.NotFound, "not-found"), await server.Api.RefusalAsync(HttpMethod.Get, "nothing/here"));
        Assert.Equal((HttpStatusCode.BadRequest, "bad-cursor"), await server.Api.RefusalAsync(HttpMethod.Get, "collections?cursor=nonsense"));
        foreach (var path in new[] { "collections?limit=0", "collections?limit=201", "collections?limit=x", "collections?sort=colour", $"images/{good["id"]}/thumbnail?width=-1" })
            Assert.Equal((HttpStatusCode.BadRequest, "bad-request"), await server.Api.RefusalAsync(HttpMethod.Get, path));
        Assert.Equal((HttpStatusCode.BadRequest, "path-refused"), await server.Api.RefusalAsync(HttpMethod.Post, "libraries", new { root = scene.Library.PathOf("nowhere") }));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Api.RefusalAsync(HttpMethod.Post, "libraries", new { root = "relative/path" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Api.RefusalAsync(HttpMethod.Post, "libraries", new { root = 7 })).Status);
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), await server.Api.RefusalAsync(HttpMethod.Post, "libraries", new { root = scene.Library.Root }));
        var job = (await server.JobsAsync())[0];
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), await server.Api.RefusalAsync(HttpMethod.Post, $"cache/processing-jobs/{job["id"]}/resume"));
    }

    /// <summary>An original that went or changed after the scan is not served as what was recorded.</summary>
    [Fact]
    public async Task AnOriginalThatChangedIsNotServed()
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene, shelf => shelf.AddMany("a", 2));
        var images = await Gallery.ImagesAsync(server.Api);
        File.Delete(scene.Library.PathOf("a/" + images[0]["name"].Text));
        await File.WriteAllBytesAsync(scene.Library.PathOf("a/" + images[1]["name"].Text), Pictures.Make(5, "png", 70, 70));

        var (_, gone) = await server.Api.RefusalAsync(HttpMethod.Get, $"images/{images[0]["id"]}/original");
        var changed = await server.Api.RefusalAsync(HttpMethod.Get, $"images/{images[1]["id"]}/original");

        Assert.Equal("source-unavailable", gone);
        Assert.Equal((HttpStatusCode.Conflict, "source-changed"), changed);
        foreach (var image in images) Assert.NotEmpty(await server.Api.BytesAsync(image["urls"]["thumbnail"].Text));
    }

    [Fact]
    public async Task NeighboursAndPagesFollowTheNaturalOrder()
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene, shelf => shelf.AddMany("a", 11));
        var collection = Assert.Single(await server.Api.AllAsync("collections"));
        var images = await server.Api.AllAsync($"collections/{collection["id"]}/images", limit: 4);

        Assert.Equal(images.Select(image => image["name"].Text).Order(StringComparer.Ordinal), images.Select(image => image["name"].Text));
        var middle = await server.Api.GetAsync($"images/{images[5]["id"]}/neighbours");
        Assert.Equal((5, 11), (middle["index"].Number, middle["count"].Number));
        Assert.Equal((images[4]["id"].ToString(), images[6]["id"].ToString()), (middle["previous"]["id"].ToString(), middle["next"]["id"].ToString()));
        Assert.True((await server.Api.GetAsync($"images/{images[0]["id"]}/neighbours"))["previous"].IsNull);
        Assert.Contains((await server.Api.GetAsync("images/random"))["id"].ToString(), images.Select(image => image["id"].ToString()));
    }

    /// <summary>They are every connection's: were a request worked on there, most of the processor time would be theirs.</summary>
    [Fact]
    public async Task ARequestLeavesTheThreadsThatWaitForSockets()
    {
        const int ticks = 100;
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene, shelf => shelf.AddMany("a", 1));
        var before = Processes.Ticks(server.Running.Id);

        Dictionary<string, long> after;
        do
        {
            for (var i = 0; i < 50; i++) await server.Api.GetAsync("collections");
            after = Processes.Ticks(server.Running.Id);
        }
        while (after.Values.Sum() - before.Values.Sum() < ticks);

        AssertSocketsTakeLessThan(0.5, before, after);
    }

    /// <summary>A decoder's pipe is waited for by the same thread.</summary>
    [Fact]
    public async Task AnImportLeavesTheThreadThatWaitsForSockets()
    {
        await using var scene = new Scene();
        await using var server = await ServeAsync(scene, shelf => shelf.AddMany("a", 1));
        var before = Processes.Ticks(server.Running.Id);

        for (var i = 0; i < 4; i++)
        {
            scene.Library.AddMany($"more{i}", 300, 32, 32);
            await scene.RunJsonAsync("import", scene.Library.Root);
        }

        AssertSocketsTakeLessThan(0.25, before, Processes.Ticks(server.Running.Id));
    }

    private static void AssertSocketsTakeLessThan(double share, Dictionary<string, long> before, Dictionary<string, long> after)
    {
        var (ofSockets, all) = (after[".NET Sockets"] - before[".NET Sockets"], after.Values.Sum() - before.Values.Sum());
        Assert.True(ofSockets < share * all, $"{ofSockets} of {all} ticks");
    }

    private static async Task<Server> ServeAsync(Scene scene, Func<Shelf, Shelf> fill)
    {
        fill(scene.Library);
        var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(TimeSpan.FromSeconds(10));
        return server;
    }

    private static string CacheControl(HttpResponseMessage response) => string.Join(' ', string.Join(',', response.Headers.GetValues("Cache-Control")).Split(',', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal));

    private static async Task<byte[]> ReadAsync(ZipArchiveEntry entry)
    {
        await using var stream = entry.Open();
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
