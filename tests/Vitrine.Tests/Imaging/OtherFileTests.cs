using System.IO.Compression;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Imaging;

public sealed class OtherFileTests : IDisposable
{
    private readonly TestRoot _root = new();
    private readonly LoopClient _client = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void What_is_no_picture_and_no_container_is_counted_by_its_extension()
    {
        foreach (var name in (string[])["a.mp4", "b.MP4", "c.mov", "README", "notes.txt", "a.jpg", "b.heic", "c.zip", ".hidden.mp4", "Thumbs.db", "sub/d.mp4"]) _root.Put(name, [1]);
        var end = _client.List(_root.Place()).End;
        Assert.Equal([("", 1), ("mov", 1), ("mp4", 2), ("txt", 1)], Counts(end.Others!));
    }

    [Fact]
    public void What_a_library_leaves_out_is_not_counted()
    {
        foreach (var name in (string[])["a.mp4", "b.mov"]) _root.Put(name, [1]);
        Assert.Equal([("mov", 1)], Counts(_client.List(_root.Place(), "*.mp4").End.Others!));
    }

    [Fact]
    public void An_archive_counts_too()
    {
        _root.Put("a.cbz", Zip("page.jpg", "trailer.mp4", "sub/info.xml", "__MACOSX/._x.mp4"));
        Assert.Equal([("mp4", 1), ("xml", 1)], Counts(_client.List(_root.Place("a.cbz", ContainerKind.Zip)).End.Others!));
    }

    [Fact]
    public void A_thousand_extensions_do_not_make_a_thousand_counters()
    {
        for (var i = 0; i < 1000; i++) _root.Put($"f.x{i}", []);
        var counts = _client.List(_root.Place()).End.Others!;
        Assert.InRange(counts.Count, 100, 101);
        Assert.Equal(1000, counts.Values.Sum());
    }

    private static byte[] Zip(params string[] names)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            foreach (var name in names)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write([1, 2, 3]);
            }
        }
        return bytes.ToArray();
    }

    private static IEnumerable<(string, int)> Counts(IReadOnlyDictionary<string, int> counts) =>
        counts.Select(count => (count.Key, count.Value)).OrderBy(count => count.Key, StringComparer.Ordinal);
}
