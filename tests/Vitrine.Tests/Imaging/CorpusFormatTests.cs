using System.Globalization;
using System.Text;
using System.Text.Json;
using Vitrine.Core;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Formats;

namespace Vitrine.Tests.Imaging;

/// <summary>
/// The whole corpus through real decoders by rows of the table of formats, with and without the system's libvips: how each file ends, and for each row a
/// line of counts in this test's output. With <c>VITRINE_LONG=1</c> all of it; else the folders of what the other tests of the corpus do not decode.
/// </summary>
public sealed class CorpusFormatTests(ITestOutputHelper output)
{
    /// <summary>What each of these lacks is known, and no fault of the row.</summary>
    private static readonly HashSet<string> Known =
    [
        // A PNG within a bitmap, a packing that the bundled libtiff lacks, and sensor data without a preview.
        "bmp/rgb24png.bmp", "tiff/zstd.tif", "raw/bayer-minimal.dng",
    ];

    private static readonly string[] Short = ["heic", "jxl", "other", "pdf", "raw", "svg"];

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("VITRINE_LONG") == "1";

    private readonly List<Ended> _all = [];
    private readonly List<string> _wrong = [];

    [Theory]
    [InlineData("photos")]
    [InlineData("hostile")]
    public async Task Every_file_ends_as_its_row_says_with_and_without_the_systems_library(string set)
    {
        Assert.SkipUnless(IsLong || set == "photos", "VITRINE_LONG=1 takes the hostile files through both flavours too.");
        var corpus = Corpus.Open(set);
        var library = SystemLibrary.Find(SystemFlavour.AllAllowed);
        await using var bundled = new DecoderPool(SystemFlavour.Starter(null), 1, TimeProvider.System);
        await using var system = library.Folder is null ? null : new DecoderPool(SystemFlavour.Starter(library), 1, TimeProvider.System);
        foreach (var folder in Directory.EnumerateDirectories(corpus.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(corpus.Root, folder);
            if (!IsLong && !Short.Contains(name)) continue;
            var lease = LeaseOf(corpus, name);
            if (lease.Items.Count == 0) continue;
            var without = await RunAsync(new(bundled), lease);
            var unread = lease with { Items = [.. lease.Items.Where(item => without[item.Name].Reason == Reason.Unsupported)] };
            var with = system is null || unread.Items.Count == 0 ? [] : await RunAsync(new(bundled, system, library), unread);
            foreach (var item in lease.Items) Check(corpus, lease, without[item.Name], with.GetValueOrDefault(item.Name) ?? without[item.Name], library);
        }
        Print(set, library);
        Assert.True(_wrong.Count == 0, string.Join("\n", _wrong));
        Assert.NotEmpty(_all);
    }

    private static Lease LeaseOf(Corpus corpus, string folder)
    {
        var place = new ContainerPlace(corpus.Root, Encoding.UTF8.GetBytes(folder), ContainerKind.Directory, null);
        var images = new LoopClient().List(place).Images;
        return Core.FakeDecoders.LeaseOf(SourcePath.FromBytes(place.Path)) with
        {
            Root = corpus.Root,
            Items = [.. images.Select((image, i) => new WorkItem(i + 1, new(image.RawName), image.Occurrence, image.Name, image.Version, [Preset.Thumbnail], 0))],
        };
    }

    private static async Task<Dictionary<string, DerivedItem>> RunAsync(DecoderPools pools, Lease lease)
    {
        using var telemetry = new Telemetry();
        var derivation = new Derivation(pools, telemetry, new(), new() { ItemCpuSeconds = 20 }, TimeProvider.System);
        var ended = new Dictionary<string, DerivedItem>();
        await foreach (var group in derivation.RunAsync(lease, DecoderLane.Work, new(_ => Task.FromResult(true), () => Task.FromResult(true)), default, TestContext.Current.CancellationToken))
        {
            foreach (var item in group) ended[item.Item.Name] = item;
        }
        return ended;
    }

    private void Check(Corpus corpus, Lease lease, DerivedItem without, DerivedItem with, SystemLibrary library)
    {
        var name = $"{lease.Path.Text}/{without.Item.Name}";
        using var file = File.OpenRead(Path.Combine(corpus.Root, name));
        var head = new byte[Math.Min(file.Length, 8 << 20)];
        file.ReadExactly(head);
        var row = ImageFormats.NameOf(FormatSniffer.Sniff(head));
        _all.Add(new(row, without, with));
        if (FormatTable.Find(row) is not { } format || corpus.Expected(name) is not { } expected) return;
        if (format.Flavour != DecoderFlavour.Bundled && without is not { Outcome: Outcome.Skipped, Reason: Reason.Unsupported })
            _wrong.Add($"{name}: {without.Outcome} {without.Reason} without the system's library");
        if (format.Flavour is null && (without.Outcome, without.Reason) != (with.Outcome, with.Reason)) _wrong.Add($"{name}: nothing should read it, and it ended {with.Outcome} {with.Reason}");
        if (expected.Is("decodes") && !Known.Contains(name) && (format.Flavour == DecoderFlavour.Bundled || library.MayRead(row))) CheckPicture(name, expected, with);
    }

    private void CheckPicture(string name, JsonElement expected, DerivedItem ended)
    {
        if (ended.Outcome != Outcome.Done) _wrong.Add($"{name}: {ended.Outcome} {ended.Reason} {ended.Message}");
        else if (expected.Number("width") is { } width && (ended.Facts!.Width, ended.Facts.Height) != (width, expected.Number("height")))
            _wrong.Add($"{name}: {ended.Facts.Width} x {ended.Facts.Height}");
    }

    private void Print(string set, SystemLibrary library)
    {
        output.WriteLine($"{set}: format, files; done, skipped, failed without the system's library; the same with {(library.Folder is null ? "none" : library.Version)}");
        foreach (var row in _all.GroupBy(ended => ended.Row).OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{row.Key,-8} {row.Count(),5}   {Counts(row.Select(e => e.Without))}   {Counts(row.Select(e => e.With))}");
        }
    }

    private static string Counts(IEnumerable<DerivedItem> items)
    {
        var by = items.CountBy(item => item.Outcome).ToDictionary();
        return string.Create(CultureInfo.InvariantCulture,
            $"{by.GetValueOrDefault(Outcome.Done),4} {by.GetValueOrDefault(Outcome.Skipped),4} {by.GetValueOrDefault(Outcome.Failed),4}");
    }

    private sealed record Ended(string Row, DerivedItem Without, DerivedItem With);
}
