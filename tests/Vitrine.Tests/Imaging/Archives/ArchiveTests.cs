using System.IO.Compression;
using System.Text;
using Vitrine.Archives;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Imaging.Archives;

/// <summary>What holds for every archive that is no ZIP.</summary>
public sealed class ArchiveTests : IDisposable
{
    private readonly TestRoot _root = new();
    private readonly LoopClient _client = new();

    public void Dispose() => _root.Dispose();

    /// <summary>The name says ZIP: the content decides.</summary>
    private ContainerPlace Place => _root.Place("a.cbz", ContainerKind.Zip);

    public static TheoryData<string, ContainerKind> Made => new()
    {
        { "rar", ContainerKind.Rar }, { "solid-rar", ContainerKind.SolidRar }, { "7z", ContainerKind.SevenZip }, { "solid-7z", ContainerKind.SolidSevenZip },
        { "tar", ContainerKind.Tar }, { "tar.gz", ContainerKind.CompressedTar },
    };

    [Theory, MemberData(nameof(Made))]
    public void Pages_are_listed_in_natural_order_and_every_one_is_read(string format, ContainerKind kind)
    {
        Put(format, ("10.jpg", Page(40)), ("notes.txt", [1, 2, 3]), ("2.jpg", Page(20)), ("b/1.jpg", Page(30)), ("1.jpg", Page(10)));

        var listing = _client.List(Place);

        Assert.Equal(kind, listing.Kind);
        Assert.Equal(["1.jpg", "2.jpg", "10.jpg", "b/1.jpg"], listing.Names);
        Assert.Equal([10, 20, 40, 30], _client.Derive(Place, listing.Images, Preset.Thumbnail).Select(a => a.Facts.Width));
        Assert.Equal(20, _client.Derive(Place, [listing.Images[1]], Preset.Thumbnail).Single().Facts.Width);
    }

    [Theory, MemberData(nameof(Made))]
    public void A_sequential_archive_is_read_as_it_is_stored_and_others_as_asked(string format, ContainerKind kind)
    {
        Put(format, ("3.jpg", Page(30)), ("1.jpg", Page(10)), ("2.jpg", Page(20)));
        var images = _client.List(Place).Images;
        var items = images.Select((image, i) => new DeriveItem(i, image.RawName, image.Occurrence, image.Version, [Preset.Thumbnail])).ToList();

        var messages = _client.Ask(new DeriveRequest(Place, items, new(), false)).Select(f => f.Message).ToList();

        Assert.Equal(kind.IsSequential() ? [2, 0, 1] : [0, 1, 2], messages.OfType<EndItem>().Select(e => e.Index));
        Assert.Equal(1, messages.OfType<DeriveEnd>().Single().Opened);
    }

    [Theory, MemberData(nameof(Made))]
    public void Doubled_names_unsafe_names_and_what_is_gone_are_told_apart(string format, ContainerKind _)
    {
        Put(format, ("a.jpg", Page(10)), ("../up.jpg", Page(50)), ("a.jpg", Page(20)));
        var listing = _client.List(Place);

        Assert.Equal(["a.jpg", "a.jpg"], listing.Names);
        Assert.Equal(1, listing.End.Refused[Reason.UnsafeName]);
        var gone = listing.Images[0] with { RawName = "gone.jpg"u8.ToArray() };
        var answers = _client.Derive(Place, [.. listing.Images, gone, listing.Images[0] with { Occurrence = 2 }], Preset.Thumbnail);
        Assert.Equal([10, 20], answers.Take(2).Select(a => a.Facts.Width));
        Assert.All(answers.Skip(2), a => Assert.Equal(Reason.SourceMissing, a.End.Reason));
        var other = listing.Images[1] with { Version = new(1, 2, 0) };
        Assert.Equal(Reason.SourceChanged, _client.Derive(Place, [other], Preset.Thumbnail).Single().End.Reason);
    }

    [Theory, MemberData(nameof(Made))]
    public void An_original_is_sent_as_it_is(string format, ContainerKind _)
    {
        var page = Pictures.Camera(900, 600, 6);
        Put(format, ("a.jpg", Page(10)), ("b.jpg", page), ("c.jpg", Page(10)));
        var image = _client.List(Place).Images[1];

        var frames = _client.Ask(new ReadRequest(Place, image.RawName, image.Occurrence, image.Version, new()));

        Assert.Equal(page, frames.Where(f => f.Message is DataBytes).SelectMany(f => f.Body.ToArray()));
        Assert.Null(frames.Select(f => f.Message).OfType<ReadEnd>().Single().Reason);
    }

    [Theory, MemberData(nameof(Made))]
    public void Limits_hold_before_anything_is_read(string format, ContainerKind _)
    {
        Put(format, ("a.jpg", Page(10)), ("b.jpg", Page(20)));
        Assert.Equal(Reason.TooManyEntries, new LoopClient { Limits = new() { MaxArchiveEntries = 1 } }.List(Place).End.Reason);
        Assert.Equal(Reason.TooLarge, new LoopClient { Limits = new() { MaxSourceBytes = 50 } }.List(Place).End.Reason);
    }

    [Theory, MemberData(nameof(Made))]
    public void An_archive_that_ends_early_is_named_and_what_is_there_is_read(string format, ContainerKind kind)
    {
        // A 7z has its list at the end: nothing is left of it.
        if (kind is ContainerKind.SevenZip or ContainerKind.SolidSevenZip) return;
        var whole = Build(format, [("a.jpg", Page(10)), ("b.jpg", Noise(30_000)), ("c.jpg", Page(10))]);
        _root.Put("a.cbz", whole[..20_000]);

        var listing = _client.List(Place);

        Assert.Equal(Reason.ArchiveCorrupt, listing.End.Reason);
        Assert.Contains("a.jpg", listing.Names);
        var answers = _client.Ask(Request([.. listing.Images])).Select(f => f.Message).ToList();
        Assert.Equal(Outcome.Done, answers.OfType<EndItem>().Single(e => e.Index == 0).Outcome);
        Assert.DoesNotContain(answers.OfType<EndItem>(), e => e.Index > 0 && e.Outcome == Outcome.Done);
    }

    [Theory]
    [InlineData("deflate64.zip"), InlineData("bzip2.zip"), InlineData("lzma.zip"), InlineData("ppmd.zip"), InlineData("solid-lzma2.7z"), InlineData("ppmd.7z")]
    [InlineData("three.tar.xz"), InlineData("three.tar.zst"), InlineData("three.tar.bz2")]
    public void Every_compression_is_read(string fixture)
    {
        _root.Put("a.cbz", Fixture(fixture));

        var listing = _client.List(Place);

        Assert.Equal(["a.bmp", "b.bmp", "c.bmp"], listing.Names);
        Assert.Equal([16, 17, 18], _client.Derive(Place, listing.Images, Preset.Thumbnail).Select(a => a.Facts.Width));
    }

    [Theory]
    [InlineData("solid-lzma2.7z"), InlineData("ppmd.7z"), InlineData("lzma.zip"), InlineData("deflate64.zip"), InlineData("three.tar.xz"), InlineData("three.tar.zst")]
    [InlineData("three.tar.bz2"), InlineData("bzip2.zip"), InlineData("ppmd.zip")]
    public void A_flipped_byte_anywhere_ends_in_a_name_or_in_the_picture_itself(string fixture)
    {
        var good = Fixture(fixture);
        for (var at = 6; at < good.Length; at += 29)
        {
            var bytes = (byte[])good.Clone();
            bytes[at] ^= 0x55;
            _root.Put("a.cbz", bytes);
            var listing = _client.List(Place);
            if (listing.End.Reason is { } reason) Reason.Of(reason);
            if (listing.Images.Count == 0) continue;
            var ends = _client.Ask(Request([.. listing.Images])).Select(f => f.Message).OfType<EndItem>();
            Assert.All(ends.Where(end => end.Outcome == Outcome.Done), end => Assert.InRange(end.Facts!.Width, 16, 18));
        }
    }

    [Fact]
    public void Passwords_and_volumes_are_named()
    {
        _root.Put("a.cbz", Fixture("encrypted-names.7z"));
        Assert.Equal(Reason.Encrypted, _client.List(Place).End.Reason);
        _root.Put("a.cbz", new RarBuilder(volume: true).Add("a.jpg", Page(10)).Build());
        Assert.Equal(Reason.MultiVolume, _client.List(Place).End.Reason);
        _root.Put("a.7z.001", new SevenZipBuilder(solid: true).Add("a.jpg", Page(10)).Build()[..^20]);
        Assert.Equal(Reason.MultiVolume, _client.List(_root.Place("a.7z.001", ContainerKind.SevenZip)).End.Reason);
    }

    [Fact]
    public void A_wrong_checksum_fails_alone()
    {
        _root.Put("a.cbz", new RarBuilder().Add("a.jpg", Page(10), crc: 7).Add("b.jpg", Page(20)).Build());
        Assert.Equal([Reason.Corrupt, null], _client.Derive(Place, _client.List(Place).Images, Preset.Thumbnail).Select(a => a.End.Reason));
    }

    private DeriveRequest Request(IReadOnlyList<ListedImage> images) => new(
        Place, [.. images.Select((image, i) => new DeriveItem(i, image.RawName, image.Occurrence, image.Version, [Preset.Thumbnail]))], new(), false);

    private void Put(string format, params (string Name, byte[] Content)[] files) => _root.Put("a.cbz", Build(format, files));

    internal static byte[] Build(string format, (string Name, byte[] Content)[] files) => format switch
    {
        "rar" or "solid-rar" => files.Aggregate(new RarBuilder(format == "solid-rar"), (b, f) => b.Add(f.Name, f.Content)).Build(),
        "7z" or "solid-7z" => files.Aggregate(new SevenZipBuilder(format == "solid-7z"), (b, f) => b.Add(f.Name, f.Content)).Build(),
        "tar" => files.Aggregate(new TarBuilder(), (b, f) => b.Add(f.Name, f.Content)).Build(),
        _ => Gzip(Build("tar", files)),
    };

    internal static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Page(int width) => Pictures.Jpeg(width, 12);

    /// <summary>Bytes that no compression makes smaller, behind the start of a JPEG.</summary>
    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return [0xff, 0xd8, 0xff, .. bytes];
    }

    internal static byte[] Fixture(string name)
    {
        using var stream = typeof(ArchiveTests).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
