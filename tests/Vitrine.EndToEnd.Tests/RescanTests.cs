using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>A second look: nothing is done twice, and what changed is seen.</summary>
public sealed class RescanTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task ASecondImportDecodesNothing()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 12).AddMany("b", 7).AddZip("c.zip", 9);
        await using var server = await scene.ServeAsync();
        var (_, first) = await scene.RunJsonAsync("import", scene.Library.Root);
        var before = await server.CountersAsync();

        var (ended, second) = await scene.RunJsonAsync("import", scene.Library.Root);

        var after = await server.CountersAsync();
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(28, before["imagesDecoded"].Number);
        Assert.Equal(28, after["imagesDecoded"].Number);
        Assert.Equal(before["containersOpened"].Number, after["containersOpened"].Number);
        Assert.Equal(first["derivatives"].ToString(), second["derivatives"].ToString());
        Assert.Equal((28, 3), ((int)second["images"].Number, (int)second["collections"].Number));
        Assert.Empty(second["failures"].Items);
    }

    /// <summary>A scan of what is unchanged is one item, however many folders and archives there are: none of them is a row.</summary>
    [Fact]
    public async Task AScanOfWhatIsUnchangedIsOneItem()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 2).AddMany("a/b", 2).AddMany("c/d", 2).AddZip("c/e.zip", 2);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(Bound);
        await server.ScanAsync();
        await server.IdleAsync(Bound);

        var scans = (await server.JobsAsync()).Where(job => job["type"].Text == "scan").OrderBy(job => long.Parse(job["id"].Text)).Select(job => (int)job["totalImages"].Number);
        Assert.Equal([6, 1], scans);

        scene.Library.AddMany("c/d", 1);
        await server.ScanAsync();
        await server.IdleAsync(Bound);
        Assert.Equal(9, (int)(await server.LibraryAsync())["images"].Number);
    }

    /// <summary>The same after a restart, which has forgotten all that is not in the database.</summary>
    [Fact]
    public async Task AnImportByAnotherProcessDecodesNothing()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 12).AddZip("c.zip", 9);
        await scene.RunJsonAsync("import", scene.Library.Root);
        await using var server = await scene.ServeAsync();

        await scene.RunJsonAsync("import", scene.Library.Root);

        Assert.Equal(0, (await server.CountersAsync())["imagesDecoded"].Number);
    }

    [Fact]
    public async Task AddedChangedAndRemovedPicturesAreSeen()
    {
        await using var scene = new Scene();
        var shelf = scene.Library.AddMany("a", 30).AddMany("b", 20).AddZip("kept.zip", 10).AddZip("goes.zip", 5);
        await using var server = await scene.ServeAsync();
        await scene.RunJsonAsync("import", shelf.Root);
        var before = await server.CountersAsync();

        File.Delete(shelf.PathOf("goes.zip"));
        foreach (var gone in Directory.GetFiles(shelf.PathOf("a")).Take(3)) File.Delete(gone);
        File.WriteAllBytes(Directory.GetFiles(shelf.PathOf("b"), "*.jpg")[0], Pictures.Make(30_001));
        shelf.AddMany("new/folder", 4);
        var (_, summary) = await scene.RunJsonAsync("import", shelf.Root);

        Assert.Equal(30 - 3 + 20 + 10 + 4, summary["images"].Number);
        Assert.Equal(61, summary["completed"].Number);
        Assert.Equal(4, summary["collections"].Number);
        Assert.Equal(1 + 4, (await server.CountersAsync())["imagesDecoded"].Number - before["imagesDecoded"].Number);
        var shown = new List<int>();
        foreach (var image in await Gallery.ImagesAsync(server.Api)) shown.Add(Pictures.Read(await server.Api.BytesAsync(image["urls"]["display"].Text)));
        Assert.Equal(61, shown.Distinct().Count());
        Assert.Contains(30_001, shown);
    }

    /// <summary>A folder that moved is the folder that it was: links to it, and to what is in and below it, go on.</summary>
    [Fact]
    public async Task AMovedFolderIsFoundAtItsNewPlace()
    {
        await using var scene = new Scene();
        var shelf = scene.Library.AddMany("stays", 20).AddMany("old", 3).AddMany("old/below", 2);
        await using var server = await scene.ServeAsync();
        await scene.RunJsonAsync("import", shelf.Root);
        var before = await IdsAsync(server);

        Directory.Move(shelf.PathOf("old"), shelf.PathOf("newer"));
        var (_, summary) = await scene.RunJsonAsync("import", shelf.Root);

        Assert.Equal((3, 25), ((int)summary["collections"].Number, (int)summary["completed"].Number));
        Assert.Equal(before, await IdsAsync(server));
        Assert.Equal((25, 0), ((int)(await server.CountersAsync())["imagesDecoded"].Number, (int)(await server.CountersAsync())["imagesRecognised"].Number));
        Assert.Equal(["below", "newer", "stays"], (await server.Api.AllAsync("collections")).Select(found => found["name"].Text).Order());
        await Gallery.CheckAsync(server.Api, shelf.Numbers, "thumbnail", "display");
    }

    private static async Task<IEnumerable<string>> IdsAsync(Server server) =>
        (await Gallery.ImagesAsync(server.Api)).Select(image => $"{image["id"]} {image["collectionId"]} {image["name"]}").Order().ToList();

    /// <summary>With settling on, a file that was written just now is waited for, and the import ends with it.</summary>
    [Fact]
    public async Task AnImportWaitsForAFileThatIsStillBeingWritten()
    {
        await using var scene = new Scene();
        scene.Environment["VITRINE__Engine__SettleSeconds"] = "1";
        scene.Library.AddMany("a", 3).AddZip("b.zip", 2);

        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(5, summary["completed"].Number);
        await Verified.WholeAsync(scene, 5, 2);
    }

    /// <summary>A time in the future, as a camera with a wrong clock writes it, settles as well.</summary>
    [Fact]
    public async Task AFileFromTheFutureSettles()
    {
        await using var scene = new Scene();
        scene.Environment["VITRINE__Engine__SettleSeconds"] = "1";
        scene.Library.AddMany("a", 2);
        foreach (var file in Directory.GetFiles(scene.Library.PathOf("a"))) File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime.AddYears(3));

        var (_, summary) = await scene.RunJsonAsync("import", scene.Library.Root);

        Assert.Equal(2, summary["completed"].Number);
    }

    /// <summary>Presets that a library did not have before are made for all that is there.</summary>
    [Fact]
    public async Task AnotherPresetIsMadeForKnownImages()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 5, 1300, 900);
        await scene.RunJsonAsync("import", scene.Library.Root, "--presets", "thumbnail");
        await Verified.WholeAsync(scene, 5, 1);

        await scene.RunJsonAsync("import", scene.Library.Root, "--presets", "thumbnail,medium");

        await Verified.WholeAsync(scene, 5, 2);
        await using var server = await scene.ServeAsync();
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "medium");
        await server.IdleAsync(Bound);
    }
}
