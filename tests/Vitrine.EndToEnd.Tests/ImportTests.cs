using System.Text;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>From a folder tree with archives to derivatives, by <c>import</c> alone.</summary>
public sealed class ImportTests
{
    private static readonly string[] Names =
        ["collections", "images", "completed", "skipped", "failed", "derivatives", "failures", "elapsedSeconds", "cpuSeconds", "peakMemoryBytes"];

    [Fact]
    public async Task TheSummaryHasThePromisedNamesAndExactNumbers()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("", 3).AddMany("a", 4).AddMany("a/deep/er", 5).AddZip("a/book.zip", 6).AddZip("comic.cbz", 2);
        scene.Library.Write("a/broken.jpg", "This is no picture.").Write("a/empty.png", []).Write("a/notes.txt", "Not an image.");
        scene.Library.Write("words.zip", "This is no archive.");

        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);

        Assert.Equal(Names, summary.Names);
        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(20 + 2, summary["images"].Number);
        Assert.Equal(20, summary["completed"].Number);
        Assert.Equal(22, summary["completed"].Number + summary["skipped"].Number + summary["failed"].Number);
        Assert.Equal(["display", "thumbnail"], summary["derivatives"].Names.Order());
        foreach (var preset in new[] { "thumbnail", "display" })
        {
            Assert.Equal(20, summary["derivatives"][preset]["count"].Number);
            Assert.InRange(summary["derivatives"][preset]["bytes"].Number, 20 * 50, 20 * 10_000);
        }
        var failures = summary["failures"].Items;
        Assert.All(failures, failure => Assert.Equal(["source", "code", "message"], failure.Names));
        Assert.Equal(["a/broken.jpg", "a/empty.png", "words.zip"], failures.Select(failure => failure["source"].Text).Order());
        Assert.Equal("empty", failures.Single(failure => failure["source"].Text == "a/empty.png")["code"].Text);
        Assert.InRange(summary["elapsedSeconds"].Real, 0.01, 200);
        Assert.InRange(summary["cpuSeconds"].Real, 0.01, 200);
        Assert.InRange(summary["peakMemoryBytes"].Number, 10 << 20, 1L << 30);
        await Verified.WholeAsync(scene, 22, 2, notReady: 2);
    }

    /// <summary>Every directory that directly holds an image, and every archive with one, is a collection; others are none.</summary>
    [Fact]
    public async Task CollectionsAreDirectoriesAndArchivesWithImages()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("", 1).AddMany("one/two/three", 2).AddZip("one/album.v2.cbz", 3).Write("texts/read.me", "No image here.").AddZip("nothing.zip", 0);
        scene.Library.AddZip("only-text.zip", Encoding.UTF8, [("read.me", "No image here."u8.ToArray())]);

        var (_, summary) = await scene.RunJsonAsync("import", scene.Library.Root);
        await using var server = await scene.ServeAsync();
        var collections = await server.Api.AllAsync("collections");

        Assert.Equal(3, summary["collections"].Number);
        Assert.Equal(
            ["directory library 1", "directory three 2", "zip album.v2 3"],
            collections.Select(found => $"{found["kind"].Text} {found["name"].Text} {found["images"].Number}").Order());
        Assert.Equal("one/two", collections.Single(found => found["name"].Text == "three")["parentPath"].Text);
        Assert.Equal("one", collections.Single(found => found["kind"].Text == "zip")["parentPath"].Text);
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
    }

    [Fact]
    public async Task NoiseAndWhatIsExcludedIsLeftOut()
    {
        await using var scene = new Scene();
        var shelf = scene.Library.AddMany("kept", 2).AddMany("kept/inner", 1);
        shelf.Write(".vitrineignore", "drafts/\n*.webp\n!keep.webp\n");
        var noise = Pictures.Make(9);
        foreach (var name in new[] { "kept/.hidden.jpg", ".git/a.jpg", "__MACOSX/._a.jpg", "kept/._a.jpg", "drafts/b.jpg", "kept/drafts/c.jpg" }) shelf.Write(name, noise);
        shelf.Write("kept/out.webp", Pictures.Make(10, "webp")).Write("kept/Thumbs.db", noise).Write("kept/.DS_Store", noise);
        var number = shelf.Add("kept/keep.webp");
        shelf.AddZip("noisy.zip", Encoding.UTF8, [("__MACOSX/._x.jpg", noise), (".hidden/y.jpg", noise), ("z/Thumbs.db", noise), ("z/fine.png", shelf.Next("png"))]);

        // The pictures named by number are of all four formats; a WebP among them is excluded as well.
        var excluded = Directory.EnumerateFiles(shelf.Root, "p*.webp", SearchOption.AllDirectories).Count();
        var (_, summary) = await scene.RunJsonAsync("import", shelf.Root);

        Assert.Equal(shelf.Numbers.Count - excluded, summary["completed"].Number);
        Assert.Equal(0, summary["failed"].Number + summary["skipped"].Number);
        await using var server = await scene.ServeAsync();
        var names = (await Gallery.ImagesAsync(server.Api)).Select(image => image["name"].Text).ToList();
        Assert.Contains("keep.webp", names);
        Assert.DoesNotContain(names, name => name.Contains("out", StringComparison.Ordinal) || name.Contains("._", StringComparison.Ordinal) || name.Contains("hidden", StringComparison.Ordinal));
        Assert.True(number > 0);
    }

    /// <summary>Names of archives: UTF-8 where the entry says so, else CP437; the same name twice is two images.</summary>
    [Fact]
    public async Task NamesOfArchivesAreReadAsTheyWereWritten()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        await using var scene = new Scene();
        var shelf = scene.Library;
        shelf.AddZip("utf8.zip", Encoding.UTF8, [("été/日本.jpg", shelf.Next()), ("plain.png", shelf.Next("png"))]);
        shelf.AddZip("dos.zip", Encoding.GetEncoding(437), [("Ärger/über.jpg", shelf.Next()), ("ñandú.gif", shelf.Next("gif"))]);
        shelf.AddZip("twice.zip", Encoding.UTF8, [("same.jpg", shelf.Next()), ("same.jpg", shelf.Next()), ("sub/same.jpg", shelf.Next())]);
        shelf.Add("dir/Grüße 日本.jpg");

        await scene.RunJsonAsync("import", shelf.Root);
        await using var server = await scene.ServeAsync();

        var images = await Gallery.ImagesAsync(server.Api);
        var names = images.Select(image => image["name"].Text[(image["name"].Text.LastIndexOf('/') + 1)..]).Order(StringComparer.Ordinal);
        Assert.Equal(new[] { "日本.jpg", "plain.png", "über.jpg", "ñandú.gif", "same.jpg", "same.jpg", "same.jpg", "Grüße 日本.jpg" }.Order(StringComparer.Ordinal), names);
        await Gallery.CheckAsync(server.Api, shelf.Numbers, "thumbnail", "display");
        await server.StopAsync();
        await Verified.WholeAsync(scene, 8, 2);
    }

    [Fact]
    public async Task ImagesOfACollectionStandInNaturalOrder()
    {
        await using var scene = new Scene();
        foreach (var name in new[] { "page10.jpg", "page9.jpg", "Page1.jpg", "page100.jpg", "page2.jpg" }) scene.Library.Add(name);

        await scene.RunJsonAsync("import", scene.Library.Root);
        await using var server = await scene.ServeAsync();

        var images = await Gallery.ImagesAsync(server.Api);
        Assert.Equal(["Page1.jpg", "page2.jpg", "page9.jpg", "page10.jpg", "page100.jpg"], images.Select(image => image["name"].Text));
    }

    [Fact]
    public async Task EveryDerivativeShowsItsOwnOriginal()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("small", 40).AddMany("wide", 12, 700, 300).AddMany("tall", 8, 240, 2400).AddZip("a.zip", 30, 400, 300).AddZip("b.cbz", 20);

        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root, "--presets", "thumbnail,medium,display,full");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(110, summary["completed"].Number);
        await using var server = await scene.ServeAsync();
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "medium", "display", "full");
        await server.StopAsync();
        var (_, verified) = await scene.RunJsonAsync("verify");
        Assert.Equal(440, verified["rows"].Number);
    }

    /// <summary>The same bytes in many places are decoded where they stand, and their derivatives share files.</summary>
    [Fact]
    public async Task EqualPicturesShareTheirFiles()
    {
        await using var scene = new Scene();
        var bytes = scene.Library.Next();
        foreach (var name in new[] { "a/1.jpg", "b/2.jpg", "c/3.jpg" }) scene.Library.Write(name, bytes);
        scene.Library.AddZip("d.zip", Encoding.UTF8, [("4.jpg", bytes)]);

        var (_, summary) = await scene.RunJsonAsync("import", scene.Library.Root);

        Assert.Equal(4, summary["completed"].Number);
        await Verified.WholeAsync(scene, 4, 2, files: 2);
    }
}
