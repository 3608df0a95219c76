using System.Net;
using System.Text.Json;

namespace Vitrine.Tests.Server;

/// <summary>Clean-up, reconciling and repair over HTTP, on the folder that a new server has.</summary>
public sealed class CleanUpTests(SignedInServer server) : IClassFixture<SignedInServer>
{
    private const string Orphan = "aa/aa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-7-1.display.jpg";

    [Fact]
    public async Task A_dry_run_tells_what_a_run_deletes()
    {
        var path = await PlantAsync(Orphan);
        var dry = await PostAsync("/1/cleanup/cache?olderThanDays=0&dryRun=true");
        Assert.Equal((1, 7, true), (dry.GetProperty("files").GetInt64(), dry.GetProperty("bytes").GetInt64(), File.Exists(path)));
        var listed = Assert.Single(dry.GetProperty("listed").EnumerateArray());
        Assert.Equal((Orphan, "orphan"), (listed.GetProperty("name").GetString(), listed.GetProperty("cause").GetString()));

        Assert.Equal(0, (await PostAsync("/1/cleanup/thumbnails")).GetProperty("files").GetInt64());
        Assert.Equal(1, (await PostAsync("/1/cleanup/all")).GetProperty("orphans").GetProperty("files").GetInt64());
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Reconcile_tells_what_the_folder_holds()
    {
        var path = await PlantAsync("letter.txt");
        var found = await PostAsync("/1/reconcile");
        Assert.Equal((0, 1), (found.GetProperty("dangling").GetInt64(), found.GetProperty("foreign").GetInt64()));
        Assert.True(File.Exists(path));
    }

    [Theory]
    [InlineData("/99/cleanup/cache", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/99/cleanup/thumbnails", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/99/cleanup/all", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/99/reconcile", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/..%2Fcache/cleanup/all", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("/1/cleanup/everything", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/1/cleanup/all?olderThanDays=-1", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("/1/cleanup/all?olderThanDays=x", HttpStatusCode.BadRequest, "bad-request")]
    public async Task What_is_no_folder_of_ours_is_not_touched(string path, HttpStatusCode status, string code)
    {
        using var answer = await server.CacheManager.PostAsync("/api/v1/cache/folders" + path, null, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, (await JsonAsync(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_folder_that_lost_its_marker_is_409()
    {
        var marker = Path.Combine(Cache, ".vitrine-cache.json");
        File.Move(marker, marker + ".away");
        using var answer = await server.CacheManager.PostAsync("/api/v1/cache/folders/1/cleanup/all", null, TestContext.Current.CancellationToken);
        File.Move(marker + ".away", marker);
        Assert.Equal((HttpStatusCode.Conflict, "folder-unavailable"), (answer.StatusCode, (await JsonAsync(answer)).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Verify_repairs_where_it_is_told_to()
    {
        using var answer = await server.Admin.PostAsync("/api/v1/verify?repair=true&minutes=5", null, TestContext.Current.CancellationToken);
        var found = await JsonAsync(answer);
        Assert.True(found.GetProperty("complete").GetBoolean());
        Assert.Equal(0, found.GetProperty("repair").GetProperty("blobs").GetInt64());
    }

    private string Cache => Path.Combine(server.Folder, "data", "cache");

    private async Task<JsonElement> PostAsync(string path)
    {
        using var answer = await server.CacheManager.PostAsync("/api/v1/cache/folders" + path, null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await JsonAsync(answer);
    }

    private async Task<string> PlantAsync(string name)
    {
        var path = Path.Combine(Cache, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "content", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-8));
        return path;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
}
