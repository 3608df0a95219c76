using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Imaging;

/// <summary>Every good picture of the corpus that this flavour reads comes out with the size and the colours of its manifest.</summary>
public sealed class CorpusPhotoTests
{
    private static readonly string[] ReadHere = [".jpg", ".jpeg", ".png", ".apng", ".webp", ".gif", ".tif", ".tiff", ".avif", ".bmp", ".mpo"];

    /// <summary>What each of these differs in is known, and no fault of ours.</summary>
    private static readonly Dictionary<string, string> Known = new()
    {
        ["bmp/rgb24png.bmp"] = "a PNG within a bitmap is not read",
        ["tiff/zstd.tif"] = "the bundled libtiff has no zstd",
    };

    /// <summary>A channel of a cell, as the corpus demands.</summary>
    private const int Tolerance = 12;

    /// <summary>The same of wide gamuts and CMYK, which are squeezed into sRGB by one choice of several.</summary>
    private const int WideTolerance = 25;

    private readonly LoopClient _client = new();

    [Theory]
    [InlineData("avif"), InlineData("bmp"), InlineData("camera"), InlineData("cmyk"), InlineData("gif"), InlineData("icc"), InlineData("jpeg-variants")]
    [InlineData("orientation"), InlineData("pages"), InlineData("png"), InlineData("png/pngsuite"), InlineData("sizes"), InlineData("tiff"), InlineData("webp")]
    public void Photos_come_out_as_the_manifest_says(string folder)
    {
        var corpus = Corpus.Open("photos");
        ManifestTool.SkipWhereMissing(corpus);
        using var root = new TestRoot();
        var place = root.Place(folder) with { Root = corpus.Root };
        var images = _client.List(place).Images;
        var answers = _client.Derive(place, images, Preset.Display, Preset.Thumbnail);
        var moved = new List<Moved>();
        var wrong = images.Zip(answers).Select(p => Wrong(corpus, $"{folder}/{p.First.Name}", p.Second, moved)).OfType<string>().ToList();
        wrong.AddRange(Unexplained(corpus, moved));
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Archives_hold_what_the_manifest_says()
    {
        var corpus = Corpus.Open("photos");
        using var root = new TestRoot();
        foreach (var archive in _client.List(root.Place("archives") with { Root = corpus.Root }).Containers)
        {
            var name = "archives/" + System.Text.Encoding.UTF8.GetString(archive.RawName);
            var place = root.Place(name, ContainerKind.Zip) with { Root = corpus.Root };
            var listing = _client.List(place);
            Assert.Equal(corpus.Expected(name)!.Value.GetProperty("archive").GetProperty("images").GetInt32(), listing.Images.Count);
            var answers = _client.Derive(place, listing.Images, Preset.Thumbnail);
            Assert.All(answers, a => Assert.True(a.End.Outcome == Outcome.Done || a.End.Reason == Reason.Unsupported, $"{name}: {a.End.Reason}"));
        }
    }

    /// <param name="moved">Gets the untagged picture whose colours differ from the manifest's.</param>
    private static string? Wrong(Corpus corpus, string name, ItemAnswer answer, List<Moved> moved)
    {
        if (corpus.Expected(name) is not { } expected || !expected.Is("decodes") || Known.ContainsKey(name)) return null;
        if (!ReadHere.Contains(Path.GetExtension(name).ToLowerInvariant())) return null;
        if (answer.End.Outcome != Outcome.Done) return $"{name}: {answer.End.Reason} {answer.End.Message}";
        var facts = answer.Facts;
        if ((facts.Width, facts.Height) != (expected.Number("width"), expected.Number("height"))) return $"{name}: {facts.Width} x {facts.Height}";
        if (facts.Format is "gif" or "webp" && expected.Number("pages") is { } pages && pages != facts.Frames) return $"{name}: {facts.Frames} frames";
        if (!expected.TryGetProperty("grid4x4_srgb", out var listed)) return null;
        var manifest = new ColourGrid([.. listed.EnumerateArray().Select(colour => colour.GetString()!)]);
        var tolerance = name.StartsWith("icc/", StringComparison.Ordinal) || expected.GetProperty("colour").GetString() == "cmyk" ? WideTolerance : Tolerance;
        var ours = answer.Derivatives.Select(derivative => ColourGrid.Of(derivative.Bytes)).ToList();
        var worst = ours.Max(grid => grid.DifferenceFrom(manifest));
        if (worst <= tolerance) return null;
        if (expected.Is("icc")) return $"{name}: differs by {worst:0}";
        moved.Add(new(name, ours, manifest, tolerance));
        return null;
    }

    /// <summary>
    /// The manifest was made with an export profile, which moves the colours of untagged pictures: pure blue becomes 550ffd. So where
    /// an untagged picture differs, the manifest's own tool has to say both: the manifest with that profile, and our colours without it.
    /// </summary>
    private static IEnumerable<string> Unexplained(Corpus corpus, List<Moved> moved)
    {
        var paths = moved.Select(picture => Path.Combine(corpus.Root, picture.Name)).ToList();
        var explained = ManifestTool.Colours(paths, withExport: true);
        var unmoved = ManifestTool.Colours(paths, withExport: false);
        for (var i = 0; i < moved.Count; i++)
        {
            var picture = moved[i];
            if (explained[i].DifferenceFrom(picture.Manifest) is var unexplained and > ManifestTool.Rounding)
                yield return $"{picture.Name}: differs from the manifest, and the manifest from its own tool by {unexplained:0}";
            else if (picture.Ours.Max(grid => grid.DifferenceFrom(unmoved[i])) is var real && real > picture.Tolerance)
                yield return $"{picture.Name}: differs by {real:0}";
        }
    }

    private sealed record Moved(string Name, IReadOnlyList<ColourGrid> Ours, ColourGrid Manifest, int Tolerance);
}
