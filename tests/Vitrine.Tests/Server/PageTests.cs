using System.Net;

namespace Vitrine.Tests.Server;

/// <summary>The page's files: for anybody, before set-up as well, and never in place of an answer of the API.</summary>
public sealed class PageTests(PageServer server) : IClassFixture<PageServer>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/setup")]
    [InlineData("/collections/7/images/9")]
    public async Task A_route_of_the_page_is_its_index(string path)
    {
        using var response = await server.Client.GetAsync(path);
        Assert.Equal("<title>the page</title>", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hashed_asset_may_be_kept_for_ever()
    {
        using var response = await server.Client.GetAsync("/assets/app-1a2b.js");
        Assert.Equal("start()", await response.Content.ReadAsStringAsync());
        Assert.Equal("public, max-age=31536000, immutable", response.Headers.GetValues("Cache-Control").Single());
    }

    [Theory]
    [InlineData("/assets/gone.js", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/../data/vitrine.db", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/%2e%2e/data/vitrine.db", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/api", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/api/v1/nothing", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/health/nothing", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/api/v1/libraries", HttpStatusCode.ServiceUnavailable, "set-up-needed")]
    public async Task What_is_no_page_stays_what_it_is(string path, HttpStatusCode status, string code) =>
        await Answers.IsProblemAsync(await server.Client.GetAsync(path), status, code);

    [Fact]
    public async Task Only_reading_is_answered_with_a_page()
    {
        await Answers.IsProblemAsync(await server.Client.PostAsync("/collections", null), HttpStatusCode.NotFound, "not-found");
    }
}
