using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>One pass: what an import opened and decoded, by the server's own counters.</summary>
public sealed class CounterTests
{
    private const int BatchItems = 64;

    [Fact]
    public async Task EachArchiveIsOpenedOnceForItsListingAndOnceForEachBatch()
    {
        await using var scene = new Scene();
        scene.Library.AddZip("a.zip", 10).AddZip("b.zip", BatchItems).AddZip("c.zip", 2 * BatchItems + 5);
        await using var server = await scene.ServeAsync();

        var (_, summary) = await scene.RunJsonAsync("import", scene.Library.Root, "--presets", "thumbnail,medium,display");

        var counters = await server.CountersAsync();
        var images = 10 + BatchItems + 2 * BatchItems + 5;
        Assert.Equal(images, summary["completed"].Number);
        Assert.Equal(images, counters["imagesDecoded"].Number);
        Assert.Equal(images, counters["itemsDone"].Number);
        Assert.Equal(1 + 3, counters["containersListed"].Number);
        // While the listing goes on, a batch may begin with what is there so far: 1 + 1 + 3 is the least, and each batch opens once.
        Assert.InRange(counters["containersOpened"].Number, 1 + 1 + 3, counters["batchesLeased"].Number - counters["containersListed"].Number);
        Assert.Equal(0, counters["decoderDeaths"].Number + counters["commitsFenced"].Number + counters["lenientDecodes"].Number);
    }

    /// <summary>Each start costs as much as a picture or two. It is counted by a script in the decoder's place, which becomes it.</summary>
    [Fact]
    public async Task AWorkerStartsOneDecoder()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 1, 320, 240);
        var (script, starts) = (Path.Combine(scene.Folder, "decoder.sh"), Path.Combine(scene.Folder, "starts"));
        await File.WriteAllTextAsync(script, $"#!/bin/sh\necho started >>'{starts}'\nexec '{Installation.Decoder}' \"$@\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        scene.Environment["VITRINE__Decoder__Path"] = script;
        // Two may begin with the scan and with the picture at the same moment.
        scene.Environment["VITRINE__Engine__Workers"] = "1";

        var (_, summary) = await scene.RunJsonAsync("import", scene.Library.Root);

        Assert.Equal(1, summary["completed"].Number);
        Assert.Single(await File.ReadAllLinesAsync(starts, TestContext.Current.CancellationToken));
    }

    /// <summary>Each further opening would unpack it again from its first picture on.</summary>
    [Fact]
    public async Task ASolidArchiveIsOpenedOnceForItsListingAndOnceForAllItsPictures()
    {
        await using var scene = new Scene();
        scene.Library.AddSolid("comic.cb7", 200);
        await using var server = await scene.ServeAsync();

        var (_, summary) = await scene.RunJsonAsync("import", scene.Library.Root, "--presets", "thumbnail,display");

        var counters = await server.CountersAsync();
        Assert.Equal(200, summary["completed"].Number);
        // The root, and the archive.
        Assert.Equal(1 + 1, counters["containersListed"].Number);
        Assert.Equal(1, counters["containersOpened"].Number);
        Assert.Equal(200, counters["imagesDecoded"].Number);
        Assert.Equal(0, counters["decoderDeaths"].Number);
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
        Assert.Equal(1, (await server.CountersAsync())["containersOpened"].Number);

        var collection = (await server.Api.AllAsync("collections")).Single(found => found["name"].Text == "comic");
        Assert.Equal("solidSevenZip", collection["kind"].Text);
        var first = (await server.Api.AllAsync($"collections/{collection["id"]}/images"))[0];
        Assert.Equal(1, Pictures.Read(await Gallery.PictureAsync(server.Api, first["urls"]["medium"].Text)));
    }

    [Fact]
    public async Task EachPictureOfADirectoryIsDecodedOnceForAllPresets()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 150).AddMany("b", 3, 500, 400);
        await using var server = await scene.ServeAsync();

        await scene.RunJsonAsync("import", scene.Library.Root, "--presets", "thumbnail,medium,display,full");

        Assert.Equal(153, (await server.CountersAsync())["imagesDecoded"].Number);
        var library = await server.LibraryAsync();
        Assert.Equal((153, 153, 0, 0), (library["images"].Number, library["ready"].Number, library["failed"].Number, library["skipped"].Number));
        Assert.All(library["derivatives"].Names, preset => Assert.Equal(153, library["derivatives"][preset]["count"].Number));
    }

    /// <summary>completed + skipped + failed + cancelled = total, in every job, and the totals of all jobs are the images.</summary>
    [Fact]
    public async Task TheNumbersOfEveryJobAddUp()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 70).AddZip("b.zip", 20).Write("a/bad.jpg", "bad").Write("a/vector.jpg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
        await using var server = await scene.ServeAsync();

        await scene.RunJsonAsync("import", scene.Library.Root);

        var jobs = await server.JobsAsync();
        Assert.All(jobs, job =>
        {
            Assert.Equal("Completed", job["status"].Text);
            Assert.True(job["planned"].Truth);
            var parts = job["completedImages"].Number + job["skippedImages"].Number + job["failedImages"].Number + job["cancelledImages"].Number;
            Assert.Equal(job["totalImages"].Number, parts);
        });
        var derive = jobs.Where(job => job["type"].Text == "derive").ToList();
        Assert.Equal(92, derive.Sum(job => job["totalImages"].Number));
        Assert.Equal(2, derive.Sum(job => job["failedImages"].Number + job["skippedImages"].Number));
    }
}
