using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Sources;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Tests.Imaging.Archives;

public sealed class UnpackAheadTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TestRoot _root = new();
    private readonly OriginalBytes _bytes = new();

    public void Dispose()
    {
        _bytes.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void The_next_original_is_read_while_the_one_before_is_in_hand()
    {
        var source = new Numbered(2);
        using var ahead = new UnpackAheadSource(source);
        using var order = ahead.InReadingOrder(source.Items).GetEnumerator();

        Assert.True(order.MoveNext());
        Assert.False(source.WasRead[0].IsSet);
        Read(ahead, order.Current);

        Assert.True(source.WasRead[1].Wait(Limit, TestContext.Current.CancellationToken));
        Assert.Equal([0], _bytes.Span.ToArray());
        Assert.True(order.MoveNext());
        Read(ahead, order.Current);
        Assert.Equal([1], _bytes.Span.ToArray());
        Assert.False(order.MoveNext());
    }

    [Fact]
    public void What_cannot_be_read_is_told_at_its_turn_and_the_next_is_read()
    {
        var source = new Numbered(4) { Refused = 1 };
        using var ahead = new UnpackAheadSource(source);
        var read = new List<string>();
        foreach (var item in ahead.InReadingOrder(source.Items))
        {
            var refused = Record.Exception(() => Read(ahead, item));
            read.Add(refused is RefusedException { Reason: var reason } ? reason : $"{_bytes.Span[0]}");
        }
        Assert.Equal(["0", Reason.Corrupt, "2", "3"], read);
    }

    [Fact]
    public void An_end_of_the_container_on_the_way_is_told_behind_what_came_before()
    {
        var source = new Numbered(3) { EndsAt = 2 };
        using var ahead = new UnpackAheadSource(source);
        using var order = ahead.InReadingOrder(source.Items).GetEnumerator();
        for (var i = 0; i < 2; i++)
        {
            Assert.True(order.MoveNext());
            Read(ahead, order.Current);
        }
        Assert.Throws<RefusedException>(() => order.MoveNext());
    }

    [Fact]
    public void A_large_original_is_read_at_its_turn()
    {
        var source = new Numbered(2) { Size = 33 << 20 };
        using var ahead = new UnpackAheadSource(source);
        using var order = ahead.InReadingOrder(source.Items).GetEnumerator();
        Assert.True(order.MoveNext());
        Read(ahead, order.Current);
        Assert.True(order.MoveNext());
        ahead.Dispose();
        Assert.False(source.WasRead[1].IsSet);
    }

    /// <summary>Through the decoder's own loop, of every sequential kind: good ones, a broken one among them, and in another order than they are asked for.</summary>
    [Theory]
    [InlineData("solid-7z"), InlineData("solid-rar"), InlineData("tar.gz")]
    public void Pictures_of_a_sequential_archive_are_the_same_either_way(string format)
    {
        _root.Put("a.cbz", ArchiveTests.Build(format, [.. Enumerable.Range(0, 9).Select(i => ($"{i}.jpg", i == 4 ? new byte[500] : Pictures.Jpeg(20 + i, 12)))]));
        var client = new LoopClient();
        var place = _root.Place("a.cbz", ContainerKind.Zip);
        var items = client.List(place).Images.Reverse().Select((image, i) => new DeriveItem(i, image.RawName, image.Occurrence, image.Version, [Preset.Thumbnail])).ToList();

        var (plain, ahead) = (Ask(false), Ask(true));

        Assert.Equal(9, plain.Count);
        Assert.Equal(plain, ahead);

        List<(int, Outcome, string?, int?, string)> Ask(bool inAdvance) =>
            [.. LoopClient.Answers(client.Ask(new DeriveRequest(place, items, new(), false, null, inAdvance)), items.Count)
                .Select(a => (a.End.Index, a.End.Outcome, a.End.Reason, a.End.Facts?.Width, string.Concat(a.Derivatives.Select(d => Convert.ToHexString(d.Bytes)))))];
    }

    private void Read(UnpackAheadSource source, DeriveItem item) => source.Read(new(item.RawName), item.Occurrence, item.Version, _bytes);

    /// <summary>Originals of one byte, which is their number.</summary>
    private sealed class Numbered(int count) : ISource
    {
        public long Size { get; init; } = 1;
        public int? Refused { get; init; }
        public int? EndsAt { get; init; }
        public ManualResetEventSlim[] WasRead { get; } = [.. Enumerable.Range(0, count).Select(_ => new ManualResetEventSlim())];
        public IReadOnlyList<DeriveItem> Items => [.. Enumerable.Range(0, count).Select(i => new DeriveItem(i, [(byte)i], 0, new(Size, 0, 0), []))];

        public IEnumerable<DeriveItem> InReadingOrder(IReadOnlyList<DeriveItem> items)
        {
            foreach (var item in items)
            {
                if (item.Index == EndsAt) throw RefusedException.BadArchive("It ends.");
                yield return item;
            }
        }

        public SourceVersion Read(RawName name, int occurrence, SourceVersion recorded, OriginalBytes into)
        {
            into.Clear();
            if (name.Bytes[0] == Refused) throw RefusedException.Corrupt("It is meant to be.");
            into.Room(1)[0] = name.Bytes[0];
            into.Advance(1);
            WasRead[name.Bytes[0]].Set();
            return recorded;
        }

        public ListEnd List(ListRequest request, Action<Listed> send) => throw new NotSupportedException();

        public void Dispose() => Array.ForEach(WasRead, read => read.Dispose());
    }
}
