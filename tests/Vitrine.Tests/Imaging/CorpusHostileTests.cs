using System.Text;
using System.Text.Json;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Imaging;

/// <summary>Every hostile file goes through the real decoder with its limits: a picture or a named refusal, and no death.</summary>
public sealed class CorpusHostileTests : IDisposable
{
    private const int EntriesToDerive = 64;

    private readonly TestRoot _root = new();
    private readonly List<string> _wrong = [];
    private int _seen;

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("7z"), InlineData("archive-bombs"), InlineData("bases"), InlineData("bitflip"), InlineData("bombs"), InlineData("dimensions"), InlineData("empty")]
    [InlineData("fixtures"), InlineData("metadata"), InlineData("pdf"), InlineData("polyglot"), InlineData("rar"), InlineData("script-formats"), InlineData("svg"), InlineData("tar")]
    [InlineData("truncated"), InlineData("wrong-ext"), InlineData("zip-names"), InlineData("zip-structure")]
    public async Task Hostile_files_end_as_the_manifest_demands(string folder)
    {
        var corpus = Corpus.Open("hostile");
        using var child = await ChildDecoder.StartAsync("Vitrine.Decoder", "--nice", "5");
        await DirectoryAsync(corpus, child, folder);
        Assert.True(_wrong.Count == 0, string.Join("\n", _wrong));
        Assert.True(_seen > 0 || folder is "svg" or "pdf");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetTempPath(), "corpus-pwned*"));
    }

    private async Task DirectoryAsync(Corpus corpus, ChildDecoder child, string folder)
    {
        var place = _root.Place(folder) with { Root = corpus.Root };
        var (images, containers, _) = await ListAsync(child, place);
        foreach (var image in images) CheckImage(corpus, $"{folder}/{image.Name}", (await DeriveAsync(child, place, [image]))[0]);
        foreach (var container in containers)
        {
            var name = $"{folder}/{Encoding.UTF8.GetString(container.RawName)}";
            if (container.Kind == ContainerKind.Directory) await DirectoryAsync(corpus, child, name);
            else await ArchiveAsync(corpus, child, name);
        }
    }

    private async Task ArchiveAsync(Corpus corpus, ChildDecoder child, string name)
    {
        var place = _root.Place(name, ContainerKind.Zip) with { Root = corpus.Root };
        var (images, _, end) = await ListAsync(child, place);
        _seen++;
        if (end.Reason is not null) Reason.Of(end.Reason);
        var ends = await DeriveAsync(child, place, [.. images.Take(EntriesToDerive)]);
        if (corpus.Expected(name) is not { } expected) return;
        if (expected.Is("error") && ends.Any(e => e.Outcome == Outcome.Done)) _wrong.Add($"{name}: a picture of what is an error");
        if (expected.Has("reject") && !expected.Is("soft") && ends.Any(e => e.Outcome == Outcome.Done && e.Facts!.Width > 1000)) _wrong.Add($"{name}: a bomb's picture was made");
        if (expected.TryGetProperty("archive", out var archive)) CheckArchive(name, archive, images, ends, end);
    }

    private void CheckArchive(string name, JsonElement archive, List<ListedImage> images, IReadOnlyList<EndItem> ends, ListEnd end)
    {
        if (archive.Has("volumes"))
        {
            if (end.Reason != Reason.MultiVolume) _wrong.Add($"{name}: {end.Reason} for one volume of several");
            return;
        }
        CheckCount(name, archive, images.Count, end);
        var bad = archive.TryGetProperty("bad_entries", out var entries) ? entries.EnumerateArray().Select(e => e.GetString()!).ToHashSet() : [];
        if (archive.Is("bad")) return;
        foreach (var (image, ended) in images.Zip(ends))
        {
            if (bad.Contains(image.Name) == (ended.Outcome == Outcome.Done)) _wrong.Add($"{name}: {image.Name} is {ended.Outcome} {ended.Reason}");
        }
    }

    /// <summary>Where the manifest does not know the format it counts what must be there, not all.</summary>
    private void CheckCount(string name, JsonElement archive, int images, ListEnd end)
    {
        var whole = archive.Has("format");
        var wrong = archive.Number("images") is { } count && !archive.Has("bad_entries") && (whole ? images != count : images < count);
        if (wrong) _wrong.Add($"{name}: {images} images, {end.Reason}");
        if (whole && archive.Is("encrypted") && end.Reason != Reason.Encrypted) _wrong.Add($"{name}: {end.Reason} for an encrypted one");
        if (images < (archive.Number("safe_images") ?? 0)) _wrong.Add($"{name}: the safe page is not there");
    }

    private void CheckImage(Corpus corpus, string name, EndItem end)
    {
        _seen++;
        if (corpus.Expected(name) is not { } expected) return;
        var done = end.Outcome == Outcome.Done;
        if (expected.Has("reject") && !expected.Is("soft") && done) _wrong.Add($"{name}: a bomb of {end.Facts!.Width} x {end.Facts.Height} was taken");
        if (expected.Is("error") && done) _wrong.Add($"{name}: a picture of what is an error");
        if (!expected.Is("decodes") || end.Reason == Reason.Unsupported) return;
        if (!done) _wrong.Add($"{name}: {end.Reason}");
        else if (expected.Number("width") is { } width && (width, expected.Number("height")) != (end.Facts!.Width, end.Facts.Height))
            _wrong.Add($"{name}: {end.Facts.Width} x {end.Facts.Height}");
    }

    private static async Task<(List<ListedImage> Images, List<ListedContainer> Containers, ListEnd End)> ListAsync(ChildDecoder child, ContainerPlace place)
    {
        var (frames, died) = await child.AskAsync<ListEnd>(new ListRequest(place, [], new(), 200));
        Assert.False(died, $"the decoder died listing {Encoding.UTF8.GetString(place.Path)}");
        var groups = frames.Select(f => f.Message).OfType<Listed>().ToList();
        return ([.. groups.SelectMany(g => g.Images)], [.. groups.SelectMany(g => g.Containers)], (ListEnd)frames[^1].Message);
    }

    private static async Task<IReadOnlyList<EndItem>> DeriveAsync(ChildDecoder child, ContainerPlace place, IReadOnlyList<ListedImage> images)
    {
        if (images.Count == 0) return [];
        var items = images.Select((image, i) => new DeriveItem(i, image.RawName, image.Occurrence, image.Version, [Preset.Thumbnail, Preset.Display])).ToList();
        var (frames, died) = await child.AskAsync<DeriveEnd>(new DeriveRequest(place, items, new(), false));
        Assert.False(died, $"the decoder died in {Encoding.UTF8.GetString(place.Path)} at {images[frames.Select(f => f.Message).OfType<BeginItem>().Last().Index].Name}");
        // Of a sequential archive they come as they are stored.
        var ends = frames.Select(f => f.Message).OfType<EndItem>().OrderBy(e => e.Index).ToList();
        foreach (var end in ends.Where(e => e.Outcome != Outcome.Done)) Reason.Of(end.Reason!);
        return ends;
    }
}
