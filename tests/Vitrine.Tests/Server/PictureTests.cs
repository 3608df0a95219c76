using System.Net;
using System.Net.Http.Headers;

namespace Vitrine.Tests.Server;

/// <summary>Pictures and originals over HTTP: validators, ranges, caching, and what is said where there is none.</summary>
public sealed class PictureTests(SeededServer server) : IClassFixture<SeededServer>
{
    private string Thumbnail => $"/api/v1/images/{server.Image}/thumbnail";
    private string Original => $"/api/v1/images/{server.Image}/original";

    [Fact]
    public async Task A_picture_comes_with_its_type_its_hash_and_no_guessing()
    {
        using var response = await server.Admin.GetAsync(Thumbnail);
        Assert.Equal(SeededServer.ThumbnailBytes, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/webp", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"\"{server.Hash}\"", response.Headers.ETag?.Tag);
        Assert.Equal("private, no-cache", Order(response));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task With_its_hash_in_the_address_it_may_be_kept_for_ever()
    {
        using var right = await server.Admin.GetAsync($"{Thumbnail}?v={server.Hash}");
        Assert.Equal("immutable, max-age=31536000, private", Order(right));
        using var old = await server.Admin.GetAsync($"{Thumbnail}?v={new string('0', 64)}");
        Assert.Equal("private, no-cache", Order(old));
        Assert.Equal(SeededServer.ThumbnailBytes, await old.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("\"{0}\"", HttpStatusCode.NotModified)]
    [InlineData("W/\"{0}\"", HttpStatusCode.NotModified)]
    [InlineData("\"other\", \"{0}\"", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("\"other\"", HttpStatusCode.OK)]
    public async Task What_the_client_has_is_not_sent_again(string ifNoneMatch, HttpStatusCode expected)
    {
        foreach (var path in new[] { Thumbnail, Original.Replace("/original", $"/thumbnail?v={server.Hash}", StringComparison.Ordinal) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch.Replace("{0}", server.Hash, StringComparison.Ordinal));
            using var response = await server.Admin.SendAsync(request);
            Assert.Equal(expected, response.StatusCode);
            Assert.Equal($"\"{server.Hash}\"", response.Headers.ETag?.Tag);
            if (expected == HttpStatusCode.NotModified) Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    /// <summary>What is known to be there is answered without opening it: only where no other condition wants the bytes after all.</summary>
    [Theory]
    [InlineData("*", "*")]
    [InlineData("\"{0}\"", "\"{0}\"")]
    [InlineData("*", "*1.5Z9223372036854775808,*")]
    public async Task Two_conditions_that_both_name_the_picture_never_give_an_empty_one(string ifNoneMatch, string ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Thumbnail}?v={server.Hash}");
        request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch.Replace("{0}", server.Hash, StringComparison.Ordinal));
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch.Replace("{0}", server.Hash, StringComparison.Ordinal));
        using var response = await server.Admin.SendAsync(request);
        if (response.StatusCode == HttpStatusCode.OK) Assert.Equal(SeededServer.ThumbnailBytes, await response.Content.ReadAsByteArrayAsync());
        else Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }

    [Theory]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("bytes=990-", 990, 10)]
    [InlineData("bytes=-5", 995, 5)]
    public async Task A_range_is_sent_alone(string range, int start, int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Thumbnail);
        request.Headers.TryAddWithoutValidation("Range", range);
        using var response = await server.Admin.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(SeededServer.ThumbnailBytes[start..(start + length)], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes {start}-{start + length - 1}/1000", response.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task A_range_outside_is_416_and_HEAD_has_no_bytes()
    {
        using var outside = new HttpRequestMessage(HttpMethod.Get, Thumbnail);
        outside.Headers.Range = new RangeHeaderValue(1000, 1001);
        using var refused = await server.Admin.SendAsync(outside);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, refused.StatusCode);

        using var head = await server.Admin.SendAsync(new(HttpMethod.Head, Thumbnail));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(1000, head.Content.Headers.ContentLength);
        Assert.Equal($"\"{server.Hash}\"", head.Headers.ETag?.Tag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_width_takes_the_smallest_preset_that_is_as_wide()
    {
        using var response = await server.Admin.GetAsync($"/api/v1/images/{server.Image}/display?width=300");
        Assert.Equal(SeededServer.ThumbnailBytes, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Who_may_not_see_the_library_sees_no_image()
    {
        foreach (var path in new[] { Thumbnail, $"{Thumbnail}?v={server.Hash}", Original, $"/api/v1/images/{server.Image}", $"/api/v1/images/{server.Image}/neighbours", "/api/v1/images/random", $"/api/v1/libraries/{server.Library.Id}" })
            await Answers.IsProblemAsync(await server.Viewer.GetAsync(path), HttpStatusCode.NotFound, "not-found");
        foreach (var list in new[] { "/api/v1/libraries", "/api/v1/collections", "/api/v1/cache/processing-jobs" })
            Assert.Empty((await Answers.JsonAsync(await server.Viewer.GetAsync(list))).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task An_original_is_sandboxed_and_has_a_safe_name()
    {
        using var response = await server.Admin.GetAsync(Original);
        Assert.Equal(SeededServer.OriginalBytes, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/jpeg", response.Content.Headers.ContentType?.MediaType);
        var disposition = response.Content.Headers.GetValues("Content-Disposition").Single();
        Assert.StartsWith("inline", disposition, StringComparison.Ordinal);
        Assert.Contains("filename*=UTF-8''%C3%A4%20%22one%22.jpg", disposition, StringComparison.Ordinal);
        Assert.Contains("sandbox", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, Original);
        request.Headers.Range = new RangeHeaderValue(100, 199);
        using var part = await server.Admin.SendAsync(request);
        Assert.Equal(SeededServer.OriginalBytes[100..200], await part.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_shapes_are_those_of_the_conventions()
    {
        var image = await Answers.JsonAsync(await server.Admin.GetAsync($"/api/v1/images/{server.Image}"));
        Assert.Equal(server.Image.ToString(), image.GetProperty("id").GetString());
        Assert.Equal("ready", image.GetProperty("state").GetString());
        Assert.Equal("AQID", image.GetProperty("thumbHash").GetString());
        Assert.Equal($"{Thumbnail}?v={server.Hash}", image.GetProperty("urls").GetProperty("thumbnail").GetString());
        Assert.Equal($"/api/v1/images/{server.Image}/full", image.GetProperty("urls").GetProperty("full").GetString());

        var collection = (await Answers.JsonAsync(await server.Admin.GetAsync("/api/v1/collections"))).GetProperty("items")[0];
        Assert.Equal("directory", collection.GetProperty("kind").GetString());
        Assert.Equal(server.Image.ToString(), collection.GetProperty("cover").GetProperty("id").GetString());

        var job = (await Answers.JsonAsync(await server.Admin.GetAsync("/api/v1/cache/processing-jobs?type=derive"))).GetProperty("items")[0];
        Assert.Equal("Completed", job.GetProperty("status").GetString());
        Assert.Equal(1, job.GetProperty("completedImages").GetInt64());
        await Answers.IsProblemAsync(await server.Admin.PostAsync($"/api/v1/cache/processing-jobs/{job.GetProperty("id")}/pause", null), HttpStatusCode.Conflict, "conflict");
    }

    [Fact]
    public async Task The_stream_starts_with_the_present_state()
    {
        using var response = await server.Admin.GetAsync("/api/v1/cache/processing-jobs/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("event: jobs", await reader.ReadLineAsync());
        var data = await reader.ReadLineAsync();
        Assert.StartsWith("data: [{", data, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"Completed\"", data, StringComparison.Ordinal);
        Assert.StartsWith("id: ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    private static string Order(HttpResponseMessage response) =>
        string.Join(", ", response.Headers.GetValues("Cache-Control").Single().Split(", ").Order(StringComparer.Ordinal)) switch
        {
            "no-cache, private" => "private, no-cache",
            var other => other,
        };
}
