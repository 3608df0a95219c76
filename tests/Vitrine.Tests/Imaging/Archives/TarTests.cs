using System.Text;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Imaging.Archives;

public sealed class TarTests : IDisposable
{
    private readonly TestRoot _root = new();
    private readonly LoopClient _client = new();
    private readonly byte[] _page = Pictures.Jpeg(12, 10);

    public void Dispose() => _root.Dispose();

    private ContainerPlace Place => _root.Place("a.cbt", ContainerKind.Tar);

    [Theory]
    [InlineData('1'), InlineData('2'), InlineData('3'), InlineData('4'), InlineData('6'), InlineData('S')]
    public void Links_devices_and_sparse_files_are_no_pictures(char type)
    {
        Put(new TarBuilder().Add("link.jpg", [], type).Add("a.jpg", _page));
        var listing = _client.List(Place);
        Assert.Equal(["a.jpg"], listing.Names);
        Assert.Equal(1, listing.End.Refused[Reason.UnsafeName]);
    }

    [Fact]
    public void Long_names_come_by_pax_records_and_by_those_of_gnu()
    {
        var name = $"{new string('d', 150)}/\u9801.jpg";
        Put(new TarBuilder().Path(name).Add("short.jpg", _page).Add("././@LongLink", [.. Encoding.UTF8.GetBytes("b" + name), 0], 'L').Add("short.jpg", _page));
        var listing = _client.List(Place);
        Assert.Equal(["b" + name, name], listing.Names);
        Assert.All(_client.Derive(Place, listing.Images, Preset.Thumbnail), a => Assert.Equal(Outcome.Done, a.End.Outcome));
    }

    [Fact]
    public void Names_in_an_old_encoding_are_shown_and_kept()
    {
        Put(new TarBuilder().Add([0x95, 0x5c, 0x8e, 0x86, .. ".jpg"u8], _page));
        var image = _client.List(Place).Images.Single();
        Assert.Equal("\u8868\u7d19.jpg", image.Name);
        Assert.Equal(0x95, image.RawName[0]);
    }

    [Fact]
    public void A_header_that_cannot_be_ends_the_list_and_names_the_archive()
    {
        var tar = new TarBuilder().Add("a.jpg", _page).Add("b.jpg", _page).Build();
        var second = 512 + ((_page.Length + 511) / 512 * 512);
        tar[second + 20] ^= 1;
        _root.Put("a.cbt", tar);
        Assert.Equal((Reason.ArchiveCorrupt, "a.jpg"), (_client.List(Place).End.Reason, _client.List(Place).Names.Single()));
        Put(new TarBuilder().Add("a.jpg", _page).Add("b.jpg", [], claim: 1L << 32));
        Assert.Equal((Reason.ArchiveCorrupt, "a.jpg"), (_client.List(Place).End.Reason, _client.List(Place).Names.Single()));
    }

    /// <summary>A few bytes that unpack to many are told while they come, whatever the headers claim.</summary>
    [Fact]
    public void A_bomb_ends_at_the_ratio()
    {
        var tar = new TarBuilder().Add("a.jpg", _page).Add("zeros.bin", new byte[20 << 20]).Add("b.jpg", _page).Build();
        _root.Put("a.cbt", ArchiveTests.Gzip(tar));
        var client = new LoopClient { Limits = new() { MaxRatio = 100 } };

        var listing = client.List(Place);

        Assert.Equal((Reason.RatioTooHigh, "a.jpg"), (listing.End.Reason, listing.Names.Single()));
        Assert.Equal(Outcome.Done, client.Derive(Place, listing.Images, Preset.Thumbnail).Single().End.Outcome);
    }

    [Fact]
    public void The_node_hears_of_what_is_passed_over()
    {
        var tar = new TarBuilder().Add("zeros.bin", new byte[(int)Passed.EachBytes * 2]).Add("a.jpg", _page).Build();
        _root.Put("a.cbt", ArchiveTests.Gzip(tar));
        var image = _client.List(Place).Images.Single();

        var frames = _client.Ask(new DeriveRequest(Place, [new(0, image.RawName, 0, image.Version, [Preset.Thumbnail])], new(), false)).Select(f => f.Message).ToList();

        Assert.Equal(2, frames.OfType<Passed>().Count());
        Assert.Equal(Outcome.Done, frames.OfType<EndItem>().Single().Outcome);
    }

    private void Put(TarBuilder tar) => _root.Put("a.cbt", tar.Build());
}
