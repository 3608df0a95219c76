using Vitrine.Archives;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Imaging.Archives;

/// <summary>What a decoder sends of a sequential archive for the spool.</summary>
public sealed class SpoolTests : IDisposable
{
    private readonly TestRoot _root = new();
    private readonly LoopClient _client = new();

    public void Dispose() => _root.Dispose();

    public static TheoryData<string> Sequential => ["solid-rar", "solid-7z", "tar.gz"];

    private ContainerPlace Place => _root.Place("a.cbz", ContainerKind.Zip);

    [Theory, MemberData(nameof(Sequential))]
    public void All_originals_come_in_one_pass_as_they_are_stored_and_nothing_else_does(string format)
    {
        Put(format, ("3.jpg", Page(3)), ("notes.txt", [1]), ("1.jpg", Page(1)), ("../up.jpg", Page(9)), ("2.jpg", Page(2)));

        var (sent, end) = Ask("1.jpg", long.MaxValue);

        Assert.Null(end.Reason);
        Assert.Equal(["3.jpg", "1.jpg", "2.jpg"], sent.Select(s => s.Name));
        Assert.All(sent, s => Assert.Equal(Page(s.Name[0] - '0'), s.Bytes));
    }

    [Theory, MemberData(nameof(Sequential))]
    public void Where_not_all_fit_it_is_the_wanted_one_and_what_follows(string format)
    {
        Put(format, [.. Enumerable.Range(1, 6).Select(i => ($"{i}.jpg", Page(i)))]);

        var (sent, end) = Ask("3.jpg", 2 * Page(1).Length);

        Assert.Null(end.Reason);
        Assert.Equal(["3.jpg", "4.jpg", "5.jpg"], sent.Select(s => s.Name));
    }

    [Fact]
    public void One_that_is_gone_or_changed_is_refused_and_so_is_an_archive_that_changed()
    {
        Put("tar.gz", ("1.jpg", Page(1)), ("2.jpg", Page(2)));
        var listed = _client.List(Place);
        var image = listed.Images[0];

        Assert.Equal(Reason.SourceMissing, End(Request(image) with { RawName = "x.jpg"u8.ToArray() }));
        Assert.Equal(Reason.SourceChanged, End(Request(image) with { Version = image.Version with { Stamp = 5 } }));
        Assert.Equal(Reason.SourceChanged, End(Request(image) with { Place = Place with { Version = new(1, 1, 1) } }));
        Assert.Equal(Reason.ArchiveCorrupt, End(Request(image) with { Place = _root.Place() }));
    }

    [Fact]
    public void A_broken_one_on_the_way_is_left_out_and_a_broken_one_that_is_wanted_is_refused()
    {
        _root.Put("a.cbz", new RarBuilder(true).Add("1.jpg", Page(1), crc: 7).Add("2.jpg", Page(2)).Build());

        var (sent, end) = Ask("2.jpg", long.MaxValue);

        Assert.Equal((null, "2.jpg"), (end.Reason, Assert.Single(sent).Name));
        Assert.Equal(Reason.Corrupt, Ask("1.jpg", long.MaxValue).End.Reason);
    }

    private string? End(SpoolRequest request) => _client.Ask(request).Select(f => f.Message).OfType<ReadEnd>().Single().Reason;

    private SpoolRequest Request(ListedImage image) => new(Place, image.RawName, image.Occurrence, image.Version, long.MaxValue, new());

    private (List<(string Name, byte[] Bytes)> Sent, ReadEnd End) Ask(string wanted, long maxBytes)
    {
        var image = _client.List(Place).Images.Single(i => i.Name == wanted);
        var sent = new List<(string Name, byte[] Bytes)>();
        ReadEnd? end = null;
        foreach (var frame in _client.Ask(Request(image) with { MaxBytes = maxBytes }))
        {
            if (frame.Message is OriginalBegins begins) sent.Add((new RawName(begins.RawName).ToString(), []));
            else if (frame.Message is DataBytes) sent[^1] = (sent[^1].Name, [.. sent[^1].Bytes, .. frame.Body.Span]);
            else end = frame.Message as ReadEnd ?? end;
        }
        return (sent, end!);
    }

    private void Put(string format, params (string Name, byte[] Content)[] files) => _root.Put("a.cbz", ArchiveTests.Build(format, files));

    /// <summary>All of one length.</summary>
    private static byte[] Page(int number)
    {
        var bytes = new byte[5000];
        new Random(number).NextBytes(bytes);
        return [0xff, 0xd8, 0xff, .. bytes];
    }
}
