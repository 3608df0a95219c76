using System.IO.Compression;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Imaging;

/// <summary>What was a file or a directory when it was scanned is a link when it is read: nothing behind the link is read.</summary>
public sealed class LinkSwapTests : IDisposable
{
    private readonly TestRoot _root = new();
    private readonly TestRoot _outside = new();
    private readonly LoopClient _client = new();

    public void Dispose()
    {
        _root.Dispose();
        _outside.Dispose();
    }

    [Theory]
    [InlineData("file"), InlineData("directory"), InlineData("way"), InlineData("within")]
    public void A_swap_between_scan_and_read_is_refused(string what)
    {
        var path = _root.Put("way/folder/a.jpg", Pictures.Jpeg(40, 30));
        var images = _client.List(_root.Place("way/folder")).Images;
        // The same bytes at the same time, so that nothing but the link tells.
        var secret = _outside.Put("folder/a.jpg", File.ReadAllBytes(path));
        var inside = _root.Put("b.jpg", File.ReadAllBytes(path));
        foreach (var other in new[] { secret, inside }) File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(path));
        images = [.. images.Select(image => image with { Version = image.Version with { Inode = 0 } })];

        if (what == "file") Swap(path, secret);
        else if (what == "within") Swap(path, inside);
        else if (what == "directory") Swap(Path.Combine(_root.Path, "way/folder"), Path.Combine(_outside.Path, "folder"));
        else Swap(Path.Combine(_root.Path, "way"), _outside.Path);

        var answers = Derive(_root.Place("way/folder"), images);
        Assert.Empty(answers.OfType<DerivativeBytes>());
        if (what is "directory" or "way") Assert.Equal(new DeriveEnd(Reason.SourceLink, 0), Assert.Single(answers.OfType<DeriveEnd>()));
        else Assert.Equal((Outcome.Skipped, Reason.SourceLink, 0), answers.OfType<EndItem>().Select(end => (end.Outcome, end.Reason, end.Decodes)).Single());
    }

    [Fact]
    public void An_archive_that_became_a_link_is_not_opened()
    {
        var path = Path.Combine(_root.Path, "a.cbz");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("1.jpg").Open()) entry.Write(Pictures.Jpeg(40, 30));
        var place = _root.Place("a.cbz", ContainerKind.Zip);
        var images = _client.List(place).Images;
        var elsewhere = Path.Combine(_outside.Path, "a.cbz");
        File.Copy(path, elsewhere);
        Swap(path, elsewhere);
        Assert.Equal(new DeriveEnd(Reason.SourceLink, 0), Assert.Single(Derive(place, images).OfType<DeriveEnd>()));
        Assert.Equal(Reason.SourceLink, _client.List(place).End.Reason);
    }

    private IReadOnlyList<DecoderMessage> Derive(ContainerPlace place, IEnumerable<ListedImage> images)
    {
        var items = images.Select((image, index) => new DeriveItem(index, image.RawName, image.Occurrence, image.Version, [Preset.Thumbnail])).ToList();
        return [.. _client.Ask(new DeriveRequest(place, items, _client.Limits, Large: false)).Select(frame => frame.Message)];
    }

    private static void Swap(string path, string target)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else File.Delete(path);
        File.CreateSymbolicLink(path, target);
    }
}
