using System.Net;
using System.Net.Http.Headers;

namespace Vitrine.Tests.Server;

/// <summary>A picture that was served a moment ago comes from memory, to the same people and with the same words as the first time.</summary>
public sealed class HotPictureTests : IAsyncLifetime
{
    private readonly SeededServer _server = new();

    private string Thumbnail => $"/api/v1/images/{_server.Image}/thumbnail?v={_server.Hash}";

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        using var first = await _server.Admin.GetAsync(Thumbnail);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);

        // From here on only memory can answer with the bytes.
        File.Delete(_server.ThumbnailFile);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task It_is_answered_in_full_without_its_file()
    {
        using var response = await _server.Admin.GetAsync(Thumbnail);
        Assert.Equal(SeededServer.ThumbnailBytes, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/webp", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"\"{_server.Hash}\"", response.Headers.ETag?.Tag);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("immutable", response.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);

        using var question = new HttpRequestMessage(HttpMethod.Get, Thumbnail);
        question.Headers.IfNoneMatch.Add(new($"\"{_server.Hash}\""));
        using var unchanged = await _server.Admin.SendAsync(question);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal($"\"{_server.Hash}\"", unchanged.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task Ranges_and_HEAD_are_cut_from_the_same_bytes()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Thumbnail);
        request.Headers.Range = new RangeHeaderValue(10, 19);
        using var part = await _server.Admin.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(SeededServer.ThumbnailBytes[10..20], await part.Content.ReadAsByteArrayAsync());

        using var head = await _server.Admin.SendAsync(new(HttpMethod.Head, Thumbnail));
        Assert.Equal(1000, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    /// <summary>As a data folder that was moved to a larger disk, with a link left in its place.</summary>
    [Fact]
    public async Task A_file_that_is_reached_through_a_link_is_kept_as_any_other()
    {
        await using var server = new SeededServer();
        await server.InitializeAsync();
        var data = Path.Combine(server.Folder, "data");
        Directory.Move(data, data + "-moved");
        Directory.CreateSymbolicLink(data, data + "-moved");
        var thumbnail = $"/api/v1/images/{server.Image}/thumbnail?v={server.Hash}";
        Assert.Equal(SeededServer.ThumbnailBytes, await server.Admin.GetByteArrayAsync(thumbnail));

        File.Delete(server.ThumbnailFile);
        Assert.Equal(SeededServer.ThumbnailBytes, await server.Admin.GetByteArrayAsync(thumbnail));
    }

    [Fact]
    public async Task It_is_nobody_elses_than_before()
    {
        await Answers.IsProblemAsync(await _server.Viewer.GetAsync(Thumbnail), HttpStatusCode.NotFound, "not-found");
        await Answers.IsProblemAsync(await _server.Anonymous.GetAsync(Thumbnail), HttpStatusCode.Unauthorized, "unauthenticated");
        using var stranger = _server.Client("vitrine=0123456789012345678901234567890123456789012");
        await Answers.IsProblemAsync(await stranger.GetAsync(Thumbnail), HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Signing_out_and_removing_the_library_end_it_at_once()
    {
        var other = await _server.SignInAsync("eve", Vitrine.Core.Users.Role.Admin);
        using (var once = await other.GetAsync(Thumbnail)) Assert.Equal(HttpStatusCode.OK, once.StatusCode);
        using (var twice = await other.GetAsync(Thumbnail)) Assert.Equal(HttpStatusCode.OK, twice.StatusCode);
        using (var signedOut = await other.DeleteAsync("/api/v1/session")) Assert.True(signedOut.IsSuccessStatusCode);
        await Answers.IsProblemAsync(await other.GetAsync(Thumbnail), HttpStatusCode.Unauthorized, "unauthenticated");

        using (var removed = await _server.Admin.DeleteAsync($"/api/v1/libraries/{_server.Library.Id}")) Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await Answers.IsProblemAsync(await _server.Admin.GetAsync(Thumbnail), HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("?v=")]
    [InlineData("?v=0000&v=0000")]
    [InlineData("?width=300&v=x")]
    public async Task Any_other_question_goes_the_long_way(string query)
    {
        // It asks the store, and never says "for ever" of a version that was not asked for.
        using var response = await _server.Admin.GetAsync($"/api/v1/images/{_server.Image}/thumbnail{query}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain("immutable", response.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
    }
}
