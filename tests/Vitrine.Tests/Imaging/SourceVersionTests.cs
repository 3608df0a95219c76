using System.IO.Compression;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Sources;

namespace Vitrine.Tests.Imaging;

/// <summary>What was read is what is recorded, with the reader held at its worst moment.</summary>
public sealed class SourceVersionTests : IDisposable
{
    private readonly TestRoot _root = new();
    private readonly LoopClient _client = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_file_that_is_not_the_recorded_one_is_not_decoded()
    {
        var path = _root.Put("a.jpg", Pictures.Jpeg(40, 30));
        var images = _client.List(_root.Place()).Images;
        File.WriteAllBytes(path, Pictures.Jpeg(41, 31));
        AssertChanged(_client.Derive(_root.Place(), images, Preset.Thumbnail).Single());
    }

    [Theory]
    [InlineData("rewritten"), InlineData("longer"), InlineData("touched"), InlineData("replaced"), InlineData("removed")]
    public void A_file_that_changes_while_it_is_read_is_thrown_away(string how)
    {
        var path = _root.Put("a.jpg", Pictures.Jpeg(40, 30));
        var other = _root.Put("other", Pictures.Jpeg(40, 30));
        var images = _client.List(_root.Place()).Images;
        var hook = new Hook(() =>
        {
            if (how == "rewritten") File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
            else if (how == "longer") File.AppendAllText(path, "more");
            else if (how == "touched") File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
            else if (how == "replaced") File.Move(other, path, overwrite: true);
            else File.Delete(path);
        });
        AssertChanged(new LoopClient(hook).Derive(_root.Place(), images, Preset.Thumbnail).Single());
    }

    [Fact]
    public void A_file_that_is_left_alone_answers_the_version_read()
    {
        _root.Put("a.jpg", Pictures.Jpeg(40, 30));
        var images = _client.List(_root.Place()).Images;
        var end = _client.Derive(_root.Place(), images, Preset.Thumbnail).Single().End;
        Assert.Equal((Outcome.Done, images[0].Version), (end.Outcome, end.VersionRead));
    }

    [Fact]
    public void An_inode_that_was_not_recorded_does_not_count()
    {
        _root.Put("a.jpg", Pictures.Jpeg(40, 30));
        var image = _client.List(_root.Place()).Images.Single();
        var moved = image with { Version = image.Version with { Inode = 0 } };
        Assert.Equal(Outcome.Done, _client.Derive(_root.Place(), [moved], Preset.Thumbnail).Single().End.Outcome);
        var other = image with { Version = image.Version with { Inode = image.Version.Inode + 1 } };
        AssertChanged(_client.Derive(_root.Place(), [other], Preset.Thumbnail).Single());
    }

    [Fact]
    public void A_missing_file_and_a_missing_container_say_so()
    {
        var path = _root.Put("sub/a.jpg", Pictures.Jpeg(40, 30));
        var images = _client.List(_root.Place("sub")).Images;
        File.Delete(path);
        var end = _client.Derive(_root.Place("sub"), images, Preset.Thumbnail).Single().End;
        Assert.Equal((Outcome.Failed, Reason.SourceMissing), (end.Outcome, end.Reason));
    }

    [Fact]
    public void A_size_over_the_limit_is_refused_without_a_read()
    {
        var hook = new Hook(() => Assert.Fail("it was read"));
        using (var file = File.Create(Path.Combine(_root.Path, "huge.jpg"))) file.SetLength((500L << 20) + 1);
        using (var file = File.Create(Path.Combine(_root.Path, "none.jpg"))) file.SetLength(0);
        var client = new LoopClient(hook);
        var answers = client.Derive(_root.Place(), client.List(_root.Place()).Images, LoopClient.Usual);
        Assert.Equal([(Outcome.Failed, Reason.TooLarge, 0), (Outcome.Failed, Reason.Empty, 0)], answers.Select(a => (a.End.Outcome, a.End.Reason!, a.End.Decodes)));
        var limits = new Vitrine.Core.Decoding.DecodeLimits { MaxSourceBytes = 1000 };
        _root.Put("huge.jpg", new byte[1000]);
        var exact = new LoopClient { Limits = limits };
        Assert.Equal(Reason.Corrupt, exact.Derive(_root.Place(), exact.List(_root.Place()).Images, Preset.Thumbnail)[0].End.Reason);
    }

    [Fact]
    public void An_archive_that_changes_while_an_entry_is_read_is_thrown_away()
    {
        var path = Zip("a.cbz", 2);
        var place = _root.Place("a.cbz", ContainerKind.Zip);
        var images = _client.List(place).Images;
        var hook = new Hook(() => File.AppendAllText(path, "more"));
        var answers = new LoopClient(hook).Derive(place, images, Preset.Thumbnail);
        Assert.Equal(2, answers.Count);
        Assert.All(answers, AssertChanged);
    }

    [Fact]
    public void An_archive_that_is_not_the_recorded_one_is_not_read()
    {
        Zip("a.cbz", 2);
        var place = _root.Place("a.cbz", ContainerKind.Zip);
        var listing = _client.List(place);
        Zip("a.cbz", 3);
        var answers = _client.Derive(place with { Version = listing.End.Version }, listing.Images, Preset.Thumbnail);
        Assert.All(answers, AssertChanged);
        Assert.Equal(3, _client.List(place with { Version = listing.End.Version }).Images.Count);
    }

    private string Zip(string name, int pages)
    {
        var path = Path.Combine(_root.Path, name);
        File.Delete(path);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        for (var i = 1; i <= pages; i++)
        {
            using var entry = zip.CreateEntry($"{i}.jpg").Open();
            entry.Write(Pictures.Jpeg(40, 30 + i));
        }
        return path;
    }

    private static void AssertChanged(ItemAnswer answer)
    {
        Assert.Equal((Outcome.Skipped, Reason.SourceChanged), (answer.End.Outcome, answer.End.Reason));
        Assert.Empty(answer.Derivatives);
        Assert.Null(answer.End.Facts);
    }

    private sealed class Hook(Action once) : IReadHook
    {
        private Action? _once = once;

        public void OnBytes(ReadOnlySpan<byte> soFar)
        {
            _once?.Invoke();
            _once = null;
        }
    }
}
