using System.Globalization;
using System.Text.Json;
using NetVips;
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

    /// <summary>What is left of the manifest's own shift, see <see cref="AsTheManifest"/>; a channel or a corner in the wrong place is far over it.</summary>
    private const int Tolerance = 27;

    /// <summary>The same in drawings of pure colours.</summary>
    private const int SaturatedTolerance = 40;

    private const int Edge = 64;
    private const int Cell = Edge / 4;

    private readonly LoopClient _client = new();

    [Theory]
    [InlineData("avif"), InlineData("bmp"), InlineData("camera"), InlineData("cmyk"), InlineData("gif"), InlineData("icc"), InlineData("jpeg-variants")]
    [InlineData("orientation"), InlineData("pages"), InlineData("png"), InlineData("png/pngsuite"), InlineData("sizes"), InlineData("tiff"), InlineData("webp")]
    public void Photos_come_out_as_the_manifest_says(string folder)
    {
        var corpus = Corpus.Open("photos");
        using var root = new TestRoot();
        var place = root.Place(folder) with { Root = corpus.Root };
        var images = _client.List(place).Images;
        var answers = _client.Derive(place, images, Preset.Display, Preset.Thumbnail);
        var wrong = images.Zip(answers).Select(p => Wrong(corpus, $"{folder}/{p.First.Name}", p.Second)).OfType<string>().ToList();
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

    private static string? Wrong(Corpus corpus, string name, ItemAnswer answer)
    {
        if (corpus.Expected(name) is not { } expected || !expected.Is("decodes") || Known.ContainsKey(name)) return null;
        if (!ReadHere.Contains(Path.GetExtension(name).ToLowerInvariant())) return null;
        if (answer.End.Outcome != Outcome.Done) return $"{name}: {answer.End.Reason} {answer.End.Message}";
        var facts = answer.Facts;
        if ((facts.Width, facts.Height) != (expected.Number("width"), expected.Number("height"))) return $"{name}: {facts.Width} x {facts.Height}";
        if (facts.Format is "gif" or "webp" && expected.Number("pages") is { } pages && pages != facts.Frames) return $"{name}: {facts.Frames} frames";
        if (!expected.TryGetProperty("grid4x4_srgb", out var grid) || Math.Min(facts.Width, facts.Height) < 16) return null;
        var (tagged, tolerance) = (expected.Is("icc"), name.StartsWith("png/pngsuite/", StringComparison.Ordinal) ? SaturatedTolerance : Tolerance);
        return answer.Derivatives.Select(d => Difference(d.Bytes, grid, tagged) is var worst && worst > tolerance ? $"{name}: {d.Message.Preset} differs by {worst:0}" : null)
            .FirstOrDefault(w => w is not null);
    }

    /// <summary>The largest difference of a cell's channel, over white.</summary>
    private static double Difference(byte[] bytes, JsonElement grid, bool tagged)
    {
        using var image = Pictures.Open(bytes);
        using var small = image.ThumbnailImage(Edge, height: Edge, size: Enums.Size.Force);
        using var colour = small.Colourspace(Enums.Interpretation.Srgb);
        using var over = colour.HasAlpha() ? colour.Flatten(background: [255, 255, 255]) : colour.Copy();
        using var flat = tagged ? over.Copy() : AsTheManifest(over);
        var pixels = flat.WriteToMemory<byte>();
        var worst = 0.0;
        for (var cell = 0; cell < 16; cell++)
        {
            var wanted = int.Parse(grid[cell].GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            for (var c = 0; c < 3; c++) worst = Math.Max(worst, Math.Abs(Mean(pixels, cell % 4, cell / 4, c) - ((wanted >> (16 - (8 * c))) & 255)));
        }
        return worst;
    }

    /// <summary>
    /// The manifest was made by libvips 8.14 with an export profile, which moves the colours of untagged pictures: pure blue becomes
    /// 550ffd there, and 242c34 becomes 1a1c23. Browsers show them as they are, and so do we. Lab of another white undoes most of it.
    /// </summary>
    private static NetVips.Image AsTheManifest(NetVips.Image untagged)
    {
        using var lab = untagged.Colourspace(Enums.Interpretation.Lab);
        return lab.IccExport(pcs: Enums.PCS.Lab, outputProfile: "srgb", depth: 8);
    }

    private static double Mean(byte[] pixels, int column, int row, int channel)
    {
        var sum = 0.0;
        for (var y = row * Cell; y < (row + 1) * Cell; y++)
            for (var x = column * Cell; x < (column + 1) * Cell; x++) sum += pixels[(((y * Edge) + x) * 3) + channel];
        return sum / (Cell * Cell);
    }
}
