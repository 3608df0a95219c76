using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Derivatives;

namespace Vitrine.Tests.Server;

/// <summary>Presets over the API: who changes them, what is refused, and what a change starts.</summary>
public sealed class PresetTests : IAsyncLifetime
{
    private const string Route = "/api/v1/cache/presets";
    private readonly SeededServer _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Everybody_sees_them_and_only_who_manages_changes_them()
    {
        var list = await Answers.JsonAsync(await _server.Viewer.GetAsync(Route, Cancellation));
        Assert.Equal(["thumbnail", "medium", "display", "full"], list.GetProperty("items").EnumerateArray().Select(preset => preset.GetProperty("name").GetString()));

        await Answers.IsProblemAsync(await _server.Viewer.PostAsync(Route, Answers.Body("""{"name": "wall", "quality": 80}"""), Cancellation), HttpStatusCode.Forbidden, "forbidden");
        await Answers.IsProblemAsync(await _server.Viewer.PatchAsync($"{Route}/display", Answers.Body("""{"quality": 80}"""), Cancellation), HttpStatusCode.Forbidden, "forbidden");
        await Answers.IsProblemAsync(await _server.Viewer.DeleteAsync($"{Route}/full", Cancellation), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task One_that_is_added_has_an_address_on_every_image_and_one_that_is_retired_has_none()
    {
        var added = await _server.Admin.PostAsync(Route, Answers.Body("""{"name": "wall", "maxEdge": 2560, "quality": 82, "format": "webp"}"""), Cancellation);
        Assert.Equal((HttpStatusCode.Created, $"{Route}/wall"), (added.StatusCode, added.Headers.Location?.ToString()));
        Assert.True((await ImageAsync()).GetProperty("urls").TryGetProperty("wall", out _));

        Assert.Equal(HttpStatusCode.NoContent, (await _server.Admin.DeleteAsync($"{Route}/wall", Cancellation)).StatusCode);

        Assert.False((await ImageAsync()).GetProperty("urls").TryGetProperty("wall", out _));
        await Answers.IsProblemAsync(await _server.Admin.GetAsync($"/api/v1/images/{_server.Image}/wall", Cancellation), HttpStatusCode.NotFound, "not-found");
        await Answers.IsProblemAsync(await _server.Admin.DeleteAsync($"{Route}/wall", Cancellation), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_change_starts_a_job_where_the_preset_is_made_and_the_old_picture_is_served_meanwhile()
    {
        var changed = await Answers.JsonAsync(await _server.Admin.PatchAsync($"{Route}/thumbnail", Answers.Body("""{"quality": 70}"""), Cancellation));

        var job = Assert.Single(changed.GetProperty("jobs").EnumerateArray()).GetString();
        var shown = await Answers.JsonAsync(await _server.Admin.GetAsync($"/api/v1/cache/processing-jobs/{job}", Cancellation));
        Assert.Equal(70, shown.GetProperty("recipes")[0].GetProperty("quality").GetInt32());
        Assert.Equal(SeededServer.ThumbnailBytes, await _server.Admin.GetByteArrayAsync($"/api/v1/images/{_server.Image}/thumbnail", Cancellation));

        var same = await Answers.JsonAsync(await _server.Admin.PatchAsync($"{Route}/thumbnail", Answers.Body("""{"quality": 70, "maxEdge": 320}"""), Cancellation));
        Assert.Empty(same.GetProperty("jobs").EnumerateArray());
        var elsewhere = await Answers.JsonAsync(await _server.Admin.PatchAsync($"{Route}/full", Answers.Body("""{"quality": 70}"""), Cancellation));
        Assert.Empty(elsewhere.GetProperty("jobs").EnumerateArray());
    }

    [Theory]
    [InlineData("full")]
    [InlineData("medium")]
    public async Task Where_its_library_allows_it_an_original_that_fits_is_the_picture(string preset)
    {
        var allowed = await _server.Admin.PatchAsync($"/api/v1/libraries/{_server.Library.Id}", Answers.Body("""{"allowMetadata": true}"""), Cancellation);
        Assert.True((await Answers.JsonAsync(allowed)).GetProperty("allowMetadata").GetBoolean());

        using var answer = await _server.Admin.GetAsync($"/api/v1/images/{_server.Image}/{preset}", Cancellation);

        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(SeededServer.OriginalBytes, await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.True(answer.Headers.CacheControl?.NoCache);
        Assert.Equal(SeededServer.ThumbnailBytes, await _server.Admin.GetByteArrayAsync($"/api/v1/images/{_server.Image}/thumbnail", Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Viewer.GetAsync($"/api/v1/images/{_server.Image}/{preset}", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task What_is_needed_stays()
    {
        await Answers.IsProblemAsync(await _server.Admin.DeleteAsync($"{Route}/thumbnail", Cancellation), HttpStatusCode.BadRequest, "needed");
        await Answers.IsProblemAsync(await _server.Admin.PatchAsync($"{Route}/thumbnail", Answers.Body("""{"fullSize": true}"""), Cancellation), HttpStatusCode.BadRequest, "bad-edge");
        var change = await _server.Admin.PatchAsync($"/api/v1/libraries/{_server.Library.Id}", Answers.Body("""{"presets": ["thumbnail", "display"]}"""), Cancellation);
        Assert.Equal(HttpStatusCode.OK, change.StatusCode);
        await Answers.IsProblemAsync(await _server.Admin.DeleteAsync($"{Route}/display", Cancellation), HttpStatusCode.BadRequest, "in-use");
    }

    /// <summary>A preset's name stands where other words may stand: those that the routes use cannot be names.</summary>
    [Fact]
    public void Words_of_routes_are_no_names()
    {
        var words = _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern)
            .Where(pattern => pattern.RawText?.StartsWith("/api/v1/images/{id}/", StringComparison.Ordinal) == true)
            .Select(pattern => pattern.PathSegments[4]).Where(segment => segment.Parts is [RoutePatternLiteralPart]).Select(segment => ((RoutePatternLiteralPart)segment.Parts[0]).Content);
        Assert.Equal(words.Distinct().Order(), PresetService.Reserved.Order());
    }

    private async Task<JsonElement> ImageAsync() => await Answers.JsonAsync(await _server.Admin.GetAsync($"/api/v1/images/{_server.Image}", Cancellation));
}
