using System.Net;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>Cache folders that go and come back, that are drained, and that are too small.</summary>
public sealed class CacheFolderTests
{
    private const string Missing = "cache-folder-missing";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task AFolderThatIsRenamedAwayDuringAnImportAndBackCostsNothing()
    {
        await using var scene = new Scene();
        scene.Environment["VITRINE__Engine__Workers"] = "1";
        scene.Library.AddMany("a", 40, 1024, 768);
        await using var server = await scene.ServeAsync();
        var (cache, away) = (Path.Combine(scene.Data, "cache"), Path.Combine(scene.Data, "away"));
        await server.AddLibraryAsync(scene.Library.Root);
        await Eventually.TrueAsync("some pictures are ready", Bound, async () => (await server.LibraryAsync())["ready"].Number > 4);

        Directory.Move(cache, away);
        await Eventually.TrueAsync("the job waits", Bound, async () => (await server.JobsAsync()).Any(job => job["holds"].Items.Any(hold => hold.Text is "disk" or "folder")));
        await Eventually.TrueAsync("an alert stands", Bound, async () => (await AlertsAsync(server)).Contains(Missing));
        Assert.False(Directory.Exists(cache), "The folder was made anew, in the way of the old one's return.");
        Assert.InRange((int)(await server.LibraryAsync())["ready"].Number, 5, 39);

        Directory.Move(away, cache);
        await server.IdleAsync(Bound * 3);
        await Eventually.TrueAsync("the alert is gone", Bound, async () => !(await AlertsAsync(server)).Contains(Missing));
        var library = await server.LibraryAsync();
        Assert.Equal((40, 40, 0), (library["images"].Number, library["ready"].Number, library["failed"].Number));
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
        await Verified.WholeAsync(scene, 40, 2);
    }

    [Fact]
    public async Task WhileAFolderIsAwayAnotherPresetIsServedAndNobodyKeepsIt()
    {
        await using var scene = new Scene();
        scene.Environment["VITRINE__Server__HotThumbnailsMiB"] = "0";
        scene.Library.AddMany("a", 4, 640, 480);
        await using var server = await scene.ServeAsync();
        var (displays, away) = (Path.Combine(scene.Folder, "displays"), Path.Combine(scene.Folder, "away"));
        await server.Api.PostAsync("cache/folders", new { path = displays, priority = 5, presets = new[] { "display" }, floorBytes = 0 });
        await server.AddLibraryAsync(scene.Library.Root);
        await server.IdleAsync(Bound * 3);
        var decoded = (await server.CountersAsync())["imagesDecoded"].Number;
        var image = (await Gallery.ImagesAsync(server.Api))[0];
        var (thumbnail, display) = (image["urls"]["thumbnail"].Text, image["urls"]["display"].Text);
        var whole = await server.Api.BytesAsync(display);

        Directory.Move(displays, away);
        using (var instead = await server.Api.SendAsync(HttpMethod.Get, display))
        {
            Assert.Equal((HttpStatusCode.OK, "no-store"), (instead.StatusCode, instead.Headers.CacheControl?.ToString()));
            Assert.Equal(await server.Api.BytesAsync(thumbnail), await instead.Content.ReadAsByteArrayAsync());
        }
        await Eventually.TrueAsync("an alert stands", Bound, async () => (await AlertsAsync(server)).Contains(Missing));

        Directory.Move(away, displays);
        await Eventually.TrueAsync("it is served again", Bound, async () => (await server.Api.BytesAsync(display)).SequenceEqual(whole));
        using (var again = await server.Api.SendAsync(HttpMethod.Get, display)) Assert.Contains("immutable", again.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        await Eventually.TrueAsync("the alert is gone", Bound, async () => !(await AlertsAsync(server)).Contains(Missing));
        Assert.Equal(decoded, (await server.CountersAsync())["imagesDecoded"].Number);
        await Verified.WholeAsync(scene, 4, 2);
    }

    [Fact]
    public async Task AFolderIsDrainedWhileItIsServedAndThenRemoved()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 40, 320, 240);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(Bound * 3);
        var second = Path.Combine(scene.Folder, "second");
        Assert.Equal(0, (await scene.RunAsync("folders", "add", second, "--limit", "1GB", "--floor", "0", "--data", scene.Data)).ExitCode);
        var urls = (await Gallery.ImagesAsync(server.Api)).Select(image => image["urls"]["display"].Text).ToList();

        Assert.Equal(0, (await scene.RunAsync("folders", "drain", "1", "--data", scene.Data)).ExitCode);
        var served = 0;
        await Eventually.TrueAsync("the folder is empty", Bound * 3, async () =>
        {
            await server.Api.BytesAsync(urls[served++ % urls.Count]);
            return (await FolderAsync(server, "1"))["blobs"].Number == 0;
        });

        await Verified.WholeAsync(scene, 40, 2);
        var removed = await scene.RunAsync("folders", "remove", "1", "--data", scene.Data);
        Assert.True(removed.ExitCode == 0, removed.ToString());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(scene.Data, "cache")));
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
        await Verified.WholeAsync(scene, 40, 2);
    }

    [Fact]
    public async Task BadFoldersAreRefusedOverTheApiAndTheCommandLine()
    {
        await using var scene = new Scene();
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        foreach (var (body, status, code) in new (object, HttpStatusCode, string)[]
                 {
                     (new { path = Path.Combine(scene.Library.Root, "cache") }, HttpStatusCode.BadRequest, "inside-library"),
                     (new { path = Path.Combine(scene.Data, "cache", "sub") }, HttpStatusCode.BadRequest, "inside-folder"),
                     (new { path = Path.Combine(scene.Data, "cache") }, HttpStatusCode.Conflict, "known"),
                     (new { path = "../cache" }, HttpStatusCode.BadRequest, "path-refused"),
                     (new { path = Path.Combine(scene.Folder, "new"), limitBytes = 0 }, HttpStatusCode.BadRequest, "bad-limit"),
                 })
        {
            Assert.Equal((status, code), await server.Api.RefusalAsync(HttpMethod.Post, "cache/folders", body));
        }
        Assert.Equal(HttpStatusCode.NotFound, (await server.Api.RefusalAsync(HttpMethod.Post, "cache/folders/99/drain")).Status);
        Assert.Equal((HttpStatusCode.BadRequest, "bad-limit"), await server.Api.RefusalAsync(HttpMethod.Patch, "cache/folders/1", new { limitBytes = -1 }));
        await Eventually.TrueAsync("the refused path is in the log", Bound, () => server.Said.Contains("Security: the path ../cache was refused", StringComparison.Ordinal));

        var ended = await scene.RunAsync("folders", "add", Path.Combine(scene.Library.Root, "cache"), "--data", scene.Data);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("lies in the library", Assert.Single(ended.Errors), StringComparison.Ordinal);
    }

    private static async Task<Json> FolderAsync(Server server, string id) =>
        (await server.Api.GetAsync("cache/folders"))["items"].Items.Single(folder => folder["id"].Text == id);

    private static async Task<List<string>> AlertsAsync(Server server) => [.. (await server.Api.AllAsync("alerts?open=true")).Select(alert => alert["code"].Text)];
}
