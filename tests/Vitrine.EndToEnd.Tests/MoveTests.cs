using System.IO.Compression;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>Pictures that go elsewhere, packed or not, are the pictures that they were: nothing is decoded again.</summary>
public sealed class MoveTests
{
    /// <summary>Each step after each other: m, r, c move, rename and copy a folder, p packs it; M, R, C do the same to the archive, u unpacks it.</summary>
    private const string Walk = "mmrrccmcrmpMMRRCCMCRMumpRurpCucpup";

    private static int Count => Installation.IsLong ? 1000 : 20;

    [Fact]
    public void TheWalkTakesEachStepAfterEachOther()
    {
        var pairs = Walk.Zip(Walk.Skip(1), (one, next) => $"{one}{next}").ToHashSet();
        string[] wanted =
        [
            .. from one in "mrc" from next in "mrcp" select $"{one}{next}", .. from next in "MRCu" select $"p{next}",
            .. from one in "MRC" from next in "MRCu" select $"{one}{next}", .. from next in "mrcp" select $"u{next}",
        ];
        Assert.Empty(wanted.Except(pairs));
    }

    [Fact]
    public async Task PackingUnpackingMovingCopyingAndRenamingDecodesNothing()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("start", Count);
        await using var server = await scene.ServeAsync();
        await scene.RunJsonAsync("import", scene.Library.Root);
        var decoded = (await server.CountersAsync())["imagesDecoded"].Number;
        var place = new Place(scene.Library.PathOf("start"));

        foreach (var (at, step) in Walk.Index())
        {
            place.Take(step);
            var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);
            Assert.True((ended.ExitCode, (int)summary["completed"].Number) == (0, Count * place.Copies), $"Step {at} of {Walk}, {step}: {ended}");
        }

        Assert.Equal(Count, decoded);
        Assert.Equal(decoded, (await server.CountersAsync())["imagesDecoded"].Number);
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
    }

    /// <summary>Nor is any of them read.</summary>
    [Fact]
    public async Task WhatIsRenamedKeepsItsId()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("loose", 12).AddZip("book.cbz", 5);
        await using var server = await scene.ServeAsync();
        await scene.RunJsonAsync("import", scene.Library.Root);
        var before = await IdsAsync(server.Api);
        var pages = Directory.GetFiles(scene.Library.PathOf("loose")).Order(StringComparer.Ordinal).ToList();

        // Each page has the name of the next one, and the last one a new name.
        foreach (var (at, page) in pages.Index().Reverse()) File.Move(page, at + 1 < pages.Count ? pages[at + 1] : Path.ChangeExtension(page, ".last.png"));
        Directory.CreateDirectory(scene.Library.PathOf("shelf"));
        File.Move(scene.Library.PathOf("book.cbz"), scene.Library.PathOf("shelf/renamed.cbz"));
        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);

        Assert.True((ended.ExitCode, (int)summary["completed"].Number) == (0, 17), ended.ToString());
        Assert.Equal(before, await IdsAsync(server.Api));
        Assert.Contains("renamed", (await server.Api.AllAsync("collections")).Select(collection => collection["name"].Text));
        var counters = await server.CountersAsync();
        Assert.Equal((17, 0), ((int)counters["imagesDecoded"].Number, (int)counters["imagesRecognised"].Number));
    }

    /// <summary>In order, of each collection its images'.</summary>
    private static async Task<List<string>> IdsAsync(Api api)
    {
        var ids = new List<string>();
        foreach (var collection in await api.AllAsync("collections"))
        {
            var images = (await api.AllAsync($"collections/{collection["id"]}/images")).Select(image => image["id"].ToString());
            ids.Add($"{collection["id"]}: {string.Join(' ', images)}");
        }
        return [.. ids.Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task AFileThatWasOnlyTouchedIsReadAndNotDecoded()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 5);
        await using var server = await scene.ServeAsync();
        await scene.RunJsonAsync("import", scene.Library.Root);

        foreach (var file in Directory.GetFiles(scene.Library.PathOf("a"))) File.SetLastWriteTimeUtc(file, new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        await scene.RunJsonAsync("import", scene.Library.Root);

        var counters = await server.CountersAsync();
        Assert.Equal((5, 5), ((int)counters["imagesDecoded"].Number, (int)counters["imagesRecognised"].Number));
        await Gallery.CheckAsync(server.Api, scene.Library.Numbers, "thumbnail", "display");
    }

    /// <summary>Where the pictures are, and how they get to the next place.</summary>
    private sealed class Place(string folder)
    {
        private readonly string _shelf = Path.GetDirectoryName(folder)!;
        private string _now = folder;
        private string? _old;
        private int _step;

        /// <summary>A copy leaves the original until the next step.</summary>
        public int Copies => _old is null ? 1 : 2;

        public void Take(char step)
        {
            if (_old is { } old) Delete(old);
            _old = null;
            var (from, next) = (_now, Path.Combine(_shelf, $"{(++_step % 3 == 0 ? "z" : "a")}{_step:000}"));
            switch (step)
            {
                case 'm': Directory.Move(from, _now = InFolder(next)); break;
                case 'r': RenameAll(from); break;
                case 'c': Copy(from, _now = next); _old = from; break;
                case 'p': ZipFile.CreateFromDirectory(from, _now = next + ".zip", CompressionLevel.NoCompression, false); Delete(from); break;
                case 'M': File.Move(from, _now = InFolder(next) + ".cbz"); break;
                case 'R': File.Move(from, _now = next + ".zip"); break;
                case 'C': File.Copy(from, _now = next + ".zip"); _old = from; break;
                case 'u': ZipFile.ExtractToDirectory(from, _now = next); Delete(from); break;
                default: throw new ArgumentOutOfRangeException(nameof(step));
            }
        }

        private static string InFolder(string folder) => Path.Combine(Directory.CreateDirectory(folder).FullName, "within");

        private void RenameAll(string from)
        {
            foreach (var file in Directory.GetFiles(from)) File.Move(file, Path.Combine(from, $"{_step}-{Path.GetFileName(file)}"));
        }

        private static void Copy(string from, string to)
        {
            Directory.CreateDirectory(to);
            foreach (var file in Directory.GetFiles(from)) File.WriteAllBytes(Path.Combine(to, Path.GetFileName(file)), File.ReadAllBytes(file));
        }

        private static void Delete(string place)
        {
            if (File.Exists(place)) File.Delete(place);
            else Directory.Delete(place, recursive: true);
        }
    }
}
