using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.WebUtilities;

namespace Vitrine.Tests.Server;

/// <summary>Many images in one request: what they are, and their thumbnails.</summary>
public sealed class ImageBatchTests(SeededServer server) : IClassFixture<SeededServer>
{
    private const string Batch = "/api/v1/images/batch";
    private const string Thumbnails = "/api/v1/images/thumbnails";

    private string Ids => $$"""{"ids": ["{{server.Image}}", "999999", "{{server.Image}}"]}""";

    [Fact]
    public async Task Each_image_comes_once_with_its_state_and_addresses()
    {
        var answer = await Answers.JsonAsync(await server.Admin.PostAsync(Batch, Answers.Body(Ids)));
        var image = Assert.Single(answer.GetProperty("items").EnumerateArray());
        Assert.Equal(server.Image.ToString(), image.GetProperty("id").GetString());
        Assert.Equal("ready", image.GetProperty("state").GetString());
        Assert.Equal("AQID", image.GetProperty("thumbHash").GetString());
        Assert.EndsWith($"/thumbnail?v={server.Hash}", image.GetProperty("urls").GetProperty("thumbnail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thumbnails_come_as_parts_of_one_answer()
    {
        using var response = await server.Admin.PostAsync(Thumbnails, Answers.Body(Ids));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("multipart/mixed", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());

        var boundary = response.Content.Headers.ContentType!.Parameters.Single(parameter => parameter.Name == "boundary").Value!;
        var parts = new MultipartReader(boundary, await response.Content.ReadAsStreamAsync());
        var part = await parts.ReadNextSectionAsync();
        Assert.NotNull(part);
        Assert.Equal($"<{server.Image}>", part.Headers!["Content-ID"]);
        Assert.Equal("image/webp", part.ContentType);
        Assert.Equal($"\"{server.Hash}\"", part.Headers["ETag"]);
        using var bytes = new MemoryStream();
        await part.Body.CopyToAsync(bytes);
        Assert.Equal(SeededServer.ThumbnailBytes, bytes.ToArray());
        Assert.Null(await parts.ReadNextSectionAsync());
    }

    [Fact]
    public async Task What_is_not_granted_is_left_out()
    {
        Assert.Empty((await Answers.JsonAsync(await server.Viewer.PostAsync(Batch, Answers.Body(Ids)))).GetProperty("items").EnumerateArray());
        using var none = await server.Viewer.PostAsync(Thumbnails, Answers.Body(Ids));
        Assert.DoesNotContain("Content-ID", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"ids": []}""")]
    [InlineData("""{"ids": ["x"]}""")]
    [InlineData("""{"ids": [null]}""")]
    public async Task A_list_that_is_none_is_refused(string body)
    {
        foreach (var path in new[] { Batch, Thumbnails })
            await Answers.IsProblemAsync(await server.Admin.PostAsync(path, Answers.Body(body)), HttpStatusCode.BadRequest, "bad-request");
    }

    [Fact]
    public async Task More_than_two_hundred_are_refused()
    {
        var body = $$"""{"ids": [{{string.Join(", ", Enumerable.Range(1, 201).Select(id => $"\"{id}\""))}}]}""";
        await Answers.IsProblemAsync(await server.Admin.PostAsync(Batch, Answers.Body(body)), HttpStatusCode.BadRequest, "bad-request");
    }
}
