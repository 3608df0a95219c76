using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>Disks that are full or cannot be written.</summary>
public sealed class DiskTests
{
    private const int CouldNotRun = 3;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task AFullDiskHoldsTheJobAndRoomLetsItGoOn()
    {
        await using var scene = new Scene();
        scene.MountDisk(scene.Data, 48);
        scene.Library.AddMany("a", 60, 640, 480);
        var server = await scene.ServeAsync();
        try
        {
            var ballast = Path.Combine(scene.Data, "ballast");
            Fill(ballast, leave: 4 << 20);
            await server.AddLibraryAsync(scene.Library.Root);
            await Eventually.TrueAsync("a job is held", Bound, async () => (await server.JobsAsync()).Any(job => job["status"].Text == "Paused" && job["holds"].Items.Count > 0));
            Assert.False(server.Running.HasEnded);

            File.Delete(ballast);
            await server.IdleAsync(Bound * 3);

            var library = await server.LibraryAsync();
            Assert.Equal((60, 60, 0), (library["images"].Number, library["ready"].Number, library["failed"].Number));
            await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
            await Verified.WholeAsync(scene, 60, 2);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>The disk fills up in the middle: what was made stays whole, and nothing is called done that is not.</summary>
    [Fact]
    public async Task ADiskThatFillsUpInTheMiddleLosesNothing()
    {
        await using var scene = new Scene();
        scene.MountDisk(scene.Data, 48);
        scene.Library.AddMany("a", 40, 640, 480);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(Bound * 3);
        var ballast = Path.Combine(scene.Data, "ballast");
        Fill(ballast, leave: 0);

        scene.Library.AddMany("b", 40, 640, 480);
        // The request itself may need room in the database: then it is refused, and says so.
        using (var refusedOrNot = await server.Api.SendAsync(HttpMethod.Post, $"libraries/{(await server.LibraryAsync())["id"]}/scan")) Assert.NotEqual(System.Net.HttpStatusCode.NotFound, refusedOrNot.StatusCode);
        Assert.Equal(40, (await Gallery.ImagesAsync(server.Api)).Count(image => image["state"].Text == "ready"));
        File.Delete(ballast);

        await server.ScanAsync();
        await server.IdleAsync(Bound * 3);
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
        await Verified.WholeAsync(scene, 80, 2);
    }

    [Fact]
    public async Task AReadOnlyDataFolderIsRefusedAndKept()
    {
        await using var scene = new Scene();
        var disk = scene.MountDisk(scene.Data, 64);
        scene.Library.AddMany("a", 3);
        await scene.RunJsonAsync("import", scene.Library.Root);
        disk.MakeReadOnly();

        foreach (var command in new[] { new[] { "serve", "--urls", "http://127.0.0.1:0" }, ["import", scene.Library.Root] })
        {
            var ended = await scene.RunAsync([.. command, "--data", scene.Data]);
            Assert.True(ended.ExitCode == CouldNotRun, ended.ToString());
            Assert.Contains(scene.Data, Assert.Single(ended.Errors), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ANewDataFolderThatCannotBeMadeIsRefused()
    {
        await using var scene = new Scene();
        var disk = scene.MountDisk(Path.Combine(scene.Folder, "disk"), 1);
        disk.MakeReadOnly();
        scene.Data = Path.Combine(scene.Folder, "disk", "data");

        var ended = await scene.RunAsync("serve", "--data", scene.Data, "--urls", "http://127.0.0.1:0");

        Assert.True(ended.ExitCode == CouldNotRun, ended.ToString());
        Assert.Contains(scene.Data, Assert.Single(ended.Errors), StringComparison.Ordinal);
    }

    /// <summary>Writes until the disk is full, then gives back what is to be left.</summary>
    private static void Fill(string path, long leave)
    {
        using var file = File.Create(path);
        var block = new byte[64 << 10];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            file.SetLength(Math.Max(0, file.Length - leave));
        }
    }
}
