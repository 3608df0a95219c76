using System.IO.Compression;
using System.Text;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Tests.Imaging.Archives;

namespace Vitrine.Tests.Imaging;

public sealed class ZipTests : IDisposable
{
    private readonly TestRoot _root = new();
    private readonly LoopClient _client = new();
    private readonly byte[] _page = Pictures.Jpeg(60, 40);

    public void Dispose() => _root.Dispose();

    private ContainerPlace Place => _root.Place("a.cbz", ContainerKind.Zip);

    [Fact]
    public void Pages_come_in_natural_order_and_are_read_as_asked()
    {
        Put(new ZipBuilder().Add("10.jpg", _page).Add("ch 2/1.jpg", _page, deflate: true).Add("2.jpg", Pictures.Jpeg(61, 41)).Add("ch 1/1.png", Pictures.Png(9, 8)).Add("notes.txt", [1]));
        var listing = _client.List(Place);
        Assert.Equal(["2.jpg", "10.jpg", "ch 1/1.png", "ch 2/1.jpg"], listing.Names);
        Assert.Equal(61, _client.Derive(Place, listing.Images, Preset.Thumbnail)[0].Facts.Width);
        Assert.All(_client.Derive(Place, listing.Images, LoopClient.Usual), a => Assert.Equal((Outcome.Done, 3), (a.End.Outcome, a.Derivatives.Count)));
        Assert.All(listing.Images, i => Assert.Equal((0L, 0L), (i.NewestNs, i.Version.Inode)));
    }

    [Fact]
    public void Archives_of_the_framework_are_read()
    {
        using (var zip = ZipFile.Open(Path.Combine(_root.Path, "a.cbz"), ZipArchiveMode.Create))
        {
            zip.CreateEntry("folder/");
            using var entry = zip.CreateEntry("folder/b.jpg").Open();
            entry.Write(_page);
        }
        var listing = _client.List(Place);
        Assert.Equal(["folder/b.jpg"], listing.Names);
        Assert.Equal(Outcome.Done, _client.Derive(Place, listing.Images, Preset.Thumbnail).Single().End.Outcome);
    }

    [Fact]
    public void Names_are_utf8_or_cp437_and_raw_bytes_stay()
    {
        Put(new ZipBuilder().Add("\u00fc.jpg", _page).Add([0x9a, .. ".jpg"u8], _page).Add([0xff, .. "x.jpg"u8], _page, flags: 0x800));
        var images = _client.List(Place).Images;
        Assert.Contains(images, i => i.Name == "\u00fc.jpg");
        Assert.Contains(images, i => i.Name == "\u00dc.jpg" && i.RawName[0] == 0x9a);
        Assert.Contains(images, i => i.Name == "\ufffdx.jpg" && i.RawName[0] == 0xff);
        Assert.All(_client.Derive(Place, images, Preset.Thumbnail), a => Assert.Equal(Outcome.Done, a.End.Outcome));
    }

    [Fact]
    public void Entries_of_one_name_are_told_apart_by_occurrence()
    {
        Put(new ZipBuilder().Add("a.jpg", Pictures.Jpeg(10, 10)).Add("a.jpg", Pictures.Jpeg(20, 10)).Add("a.jpg", Pictures.Jpeg(30, 10)));
        var images = _client.List(Place).Images;
        Assert.Equal([0, 1, 2], images.Select(i => i.Occurrence));
        Assert.Equal([10, 20, 30], _client.Derive(Place, images, Preset.Thumbnail).Select(a => a.Facts.Width));
    }

    [Theory]
    [InlineData("/abs.jpg"), InlineData("../up.jpg"), InlineData("a/../../up.jpg"), InlineData("..\\up.jpg"), InlineData("C:\\a.jpg"), InlineData("nul\0.jpg"), InlineData("\\\\host\\a.jpg")]
    public void Names_that_lead_out_are_refused_and_counted(string name)
    {
        Put(new ZipBuilder().Add(name, _page).Add("safe.jpg", _page));
        var listing = _client.List(Place);
        Assert.Equal(["safe.jpg"], listing.Names);
        Assert.Equal(1, listing.End.Refused[Reason.UnsafeName]);
    }

    [Fact]
    public void A_name_that_a_database_could_not_find_is_refused_and_counted()
    {
        Put(new ZipBuilder().Add($"{new string('a', 1996)}.jpg", _page).Add($"{new string('a', 1997)}.jpg", _page));
        var listing = _client.List(Place);
        Assert.Equal([2000], listing.Names.Select(name => name.Length));
        Assert.Equal(1, listing.End.Refused[Reason.NameTooLong]);
    }

    [Fact]
    public void Noise_directories_and_archives_within_are_passed_over()
    {
        Put(new ZipBuilder().Add("__MACOSX/._a.jpg", _page).Add(".hidden/a.jpg", _page).Add("cover.jpg/", []).Add("in.cbz", _page).Add("Thumbs.db", [1]).Add("a.jpg", _page));
        var listing = _client.List(Place);
        Assert.Equal(["a.jpg"], listing.Names);
        Assert.Empty(listing.End.Refused);
    }

    [Fact]
    public void Encrypted_entries_are_counted_and_an_archive_of_nothing_else_says_so()
    {
        Put(new ZipBuilder().Add("a.jpg", _page, flags: 1).Add("b.jpg", _page));
        Assert.Equal((null, 1), (_client.List(Place).End.Reason, _client.List(Place).End.Refused[Reason.Encrypted]));
        Put(new ZipBuilder().Add("a.jpg", _page, flags: 1));
        Assert.Equal(Reason.Encrypted, _client.List(Place).End.Reason);
    }

    [Fact]
    public void Limits_hold_before_an_entry_is_read()
    {
        Put(new ZipBuilder().Add("zeros.jpg", new byte[4 << 20], deflate: true).Add("a.jpg", _page));
        var listing = _client.List(Place);
        Assert.Equal((1, "a.jpg"), (listing.End.Refused[Reason.RatioTooHigh], listing.Names.Single()));
        var small = new LoopClient { Limits = new() { MaxSourceBytes = _page.Length - 1 } };
        Assert.Equal(2, small.List(Place).End.Refused[Reason.TooLarge]);
        var few = new LoopClient { Limits = new() { MaxArchiveEntries = 1 } };
        Assert.Equal(Reason.TooManyEntries, few.List(Place).End.Reason);
    }

    [Fact]
    public void A_size_that_lies_is_found_while_it_is_read()
    {
        Put(new ZipBuilder().Add("lies.jpg", new byte[50 << 20], deflate: true, claim: 60_000).Add("more.jpg", _page, claim: _page.Length + 5).Add("a.jpg", _page));
        var listing = _client.List(Place);
        var answers = _client.Derive(Place, listing.Images, Preset.Thumbnail).Zip(listing.Names).ToDictionary(p => p.Second, p => p.First.End);
        Assert.Equal(Outcome.Done, answers["a.jpg"].Outcome);
        Assert.Equal(Reason.Corrupt, answers["lies.jpg"].Reason);
        Assert.Equal(Reason.Corrupt, answers["more.jpg"].Reason);
    }

    [Fact]
    public void A_wrong_checksum_and_an_unknown_method_fail_alone()
    {
        Put(new ZipBuilder().Add("bad.jpg", _page, crc: 12345).Add("imploded.jpg", _page, method: 6).Add("z.jpg", _page));
        var images = _client.List(Place).Images;
        var reasons = _client.Derive(Place, images, Preset.Thumbnail).Select(a => a.End.Reason);
        Assert.Equal([Reason.Corrupt, Reason.Unsupported, null], reasons);
    }

    [Fact]
    public void Entries_on_the_bytes_of_another_are_refused()
    {
        Put(new ZipBuilder().Add("a.jpg", _page).Again("b.jpg").Again("c.jpg"));
        var listing = _client.List(Place);
        Assert.Equal(("a.jpg", 2), (listing.Names.Single(), listing.End.Refused[Reason.ArchiveCorrupt]));
    }

    [Fact]
    public void Bytes_before_and_after_the_archive_do_not_matter()
    {
        var zip = new ZipBuilder().Add("a.jpg", _page).Add("b.jpg", _page).Build();
        foreach (var bytes in new byte[][] { [.. new byte[777], .. zip], [.. zip, .. new byte[300]] })
        {
            _root.Put("a.cbz", bytes);
            var images = _client.List(Place).Images;
            Assert.Equal(2, images.Count);
            Assert.All(_client.Derive(Place, images, Preset.Thumbnail), a => Assert.Equal(Outcome.Done, a.End.Outcome));
        }
    }

    [Fact]
    public void What_is_no_archive_has_a_named_end()
    {
        _root.Put("a.cbz", []);
        Assert.Equal(Reason.Empty, _client.List(Place).End.Reason);
        _root.Put("a.cbz", _page);
        Assert.Equal(Reason.ArchiveCorrupt, _client.List(Place).End.Reason);
        _root.Put("a.cbz", [.. "Rar!\x1a\x07\x01\0"u8, .. new byte[50]]);
        Assert.Equal(Reason.ArchiveCorrupt, _client.List(Place).End.Reason);
        var zip = new ZipBuilder().Add("a.jpg", _page).Build();
        zip[^18] = 3;
        _root.Put("a.cbz", zip);
        Assert.Equal(Reason.MultiVolume, _client.List(Place).End.Reason);
        var item = new DeriveItem(0, "a.jpg"u8.ToArray(), 0, default, [Preset.Thumbnail]);
        Assert.Equal(Reason.SourceMissing, _client.Ask(new DeriveRequest(_root.Place("no.cbz", ContainerKind.Zip), [item], new(), false)).Select(f => f.Message).OfType<DeriveEnd>().Single().Reason);
    }

    [Fact]
    public void An_original_is_sent_as_it_is()
    {
        var page = Pictures.Camera(900, 600, 6);
        Put(new ZipBuilder().Add("a.jpg", page, deflate: true));
        var image = _client.List(Place).Images.Single();
        var frames = _client.Ask(new ReadRequest(Place, image.RawName, image.Occurrence, image.Version, new()));
        Assert.Equal(page, frames.Where(f => f.Message is DataBytes).SelectMany(f => f.Body.ToArray()));
        Assert.Null(frames.Select(f => f.Message).OfType<ReadEnd>().Single().Reason);
    }

    private void Put(ZipBuilder zip) => _root.Put("a.cbz", zip.Build());
}
