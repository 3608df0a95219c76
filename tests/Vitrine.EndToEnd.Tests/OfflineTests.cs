using System.Net;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>A library whose root goes away, as a drive that is unplugged, and comes back.</summary>
public sealed class OfflineTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NothingIsLostWhileTheRootIsAway(bool leavesAnEmptyFolder)
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 12).AddZip("b.zip", 5);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(Bound);
        var images = await Gallery.ImagesAsync(server.Api);
        var away = scene.Library.Root + ".away";
        Directory.Move(scene.Library.Root, away);
        if (leavesAnEmptyFolder) Directory.CreateDirectory(scene.Library.Root);

        await server.ScanAsync();
        await Eventually.TrueAsync("the scan is held", Bound, async () => (await server.JobsAsync()).Any(job => job["status"].Text == "Paused" && job["holds"].Items.Any(hold => hold.Text == "root")));
        Assert.False((await server.LibraryAsync())["online"].Truth);
        Assert.Equal((17, 17), ((await server.LibraryAsync())["images"].Number, (await server.LibraryAsync())["ready"].Number));
        foreach (var image in images)
        {
            Pictures.Read(await server.Api.BytesAsync(image["urls"]["thumbnail"].Text));
            var (status, code) = await server.Api.RefusalAsync(HttpMethod.Get, $"images/{image["id"]}/original");
            Assert.True(status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.NotFound, $"{status}");
            Assert.Contains(code, new[] { "source-unavailable", "library-offline", "source-missing" });
        }

        if (leavesAnEmptyFolder) Directory.Delete(scene.Library.Root);
        Directory.Move(away, scene.Library.Root);
        await server.IdleAsync(Bound);

        Assert.True((await server.LibraryAsync())["online"].Truth);
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
        Assert.Equal(17, (await server.CountersAsync())["imagesDecoded"].Number);
        await Verified.WholeAsync(scene, 17, 2);
    }

    /// <summary>Unplugged in the middle of an import: no image is called missing or failed, and it goes on by itself.</summary>
    [Fact]
    public async Task AnImportGoesOnByItselfWhenTheRootIsBack()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 60, 900, 700).AddZip("b.zip", 40, 900, 700).AddMany("c", 40, 900, 700);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await Eventually.TrueAsync("the first image is made", Bound, async () => (await server.CountersAsync())["itemsDone"].Number > 0);
        var away = scene.Library.Root + ".away";
        Directory.Move(scene.Library.Root, away);
        await Eventually.TrueAsync("a job is held", Bound, async () => (await server.JobsAsync()).Any(job => job["holds"].Items.Any(hold => hold.Text == "root")));
        Assert.Equal(0, (await server.LibraryAsync())["failed"].Number);

        Directory.Move(away, scene.Library.Root);
        await server.IdleAsync(Bound);

        var (_, summary) = await scene.RunJsonAsync("import", scene.Library.Root);
        Assert.Equal((140, 140, 0), ((int)summary["images"].Number, (int)summary["completed"].Number, (int)summary["failed"].Number));
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
    }

    /// <summary>A root that moved for good is one setting: nothing is decoded again.</summary>
    [Fact]
    public async Task AMovedRootIsOneSetting()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 12).AddZip("b.zip", 5);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(Bound);
        var moved = Path.Combine(scene.Folder, "moved");
        Directory.Move(scene.Library.Root, moved);
        var other = Directory.CreateDirectory(Path.Combine(scene.Folder, "other")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(other, "x.jpg"), Pictures.Make(9));

        var refused = await server.Api.RefusalAsync(HttpMethod.Patch, $"libraries/{(await server.LibraryAsync())["id"]}", new { root = other });
        Assert.Equal((HttpStatusCode.BadRequest, "path-refused"), refused);
        using var changed = await server.Api.SendAsync(HttpMethod.Patch, $"libraries/{(await server.LibraryAsync())["id"]}", new { root = moved });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await server.IdleAsync(Bound);

        Assert.Equal(17, (await server.CountersAsync())["imagesDecoded"].Number);
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");

        using var forced = await server.Api.SendAsync(HttpMethod.Patch, $"libraries/{(await server.LibraryAsync())["id"]}", new { root = other, force = true });
        Assert.Equal(HttpStatusCode.OK, forced.StatusCode);
        await server.IdleAsync(Bound);
        Assert.Equal(1, (await server.LibraryAsync())["images"].Number);
    }
}
