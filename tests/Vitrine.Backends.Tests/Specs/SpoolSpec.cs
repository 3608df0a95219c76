using Vitrine.Core.Decoding.Spooling;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>What <see cref="ISpool"/> promises.</summary>
public abstract class SpoolSpec : IDisposable
{
    /// <summary>A spool of 100 bytes.</summary>
    protected abstract ISpool Spool { get; }

    public abstract void Dispose();

    protected static SpoolKey Key(int page, long stamp = 1) => new(new(1), new(1000, stamp, 7), RawName.FromText($"{page}.jpg"), 0, new(40, page, 0));

    [Fact]
    public void An_original_is_found_when_it_is_whole_and_not_before()
    {
        using var writing = Spool.Begin(Key(1), 40)!;
        Assert.False(writing.Append(Bytes(1).AsSpan(0, 30)));
        Assert.Null(Spool.Find(Key(1)));
        Assert.True(writing.Append(Bytes(1).AsSpan(30)));

        using var found = Spool.Find(Key(1))!;
        Assert.Equal(Bytes(1), Read(found));
        Assert.Equal(40, found.Version.Size);
        Assert.Null(Spool.Begin(Key(1), 40));
    }

    [Fact]
    public void Another_version_of_the_container_or_the_original_is_another_original()
    {
        Put(1);
        Assert.Null(Spool.Find(Key(1, stamp: 2)));
        Assert.Null(Spool.Find(Key(1) with { Version = new(40, 99, 0) }));
        Assert.Null(Spool.Find(Key(1) with { Occurrence = 1 }));
        Assert.Null(Spool.Find(Key(1) with { Collection = new(2) }));
    }

    [Fact]
    public void The_oldest_leaves_and_what_is_held_stays()
    {
        Put(1);
        Put(2);
        using (Spool.Find(Key(1)))
        {
            Put(3);
            Assert.True(IsThere(1));
            Assert.False(IsThere(2));
        }
        Put(4);
        Assert.Equal([false, false, true, true], new[] { 1, 2, 3, 4 }.Select(IsThere));
    }

    [Fact]
    public void There_is_never_more_than_its_limit()
    {
        Assert.Null(Spool.Begin(Key(1), Spool.LimitBytes + 1));
        using var first = Spool.Begin(Key(1), 60)!;
        Assert.Null(Spool.Begin(Key(2), 60));
        first.Dispose();
        using var second = Spool.Begin(Key(2), 60)!;
        Assert.NotNull(second);
    }

    [Fact]
    public void What_is_given_up_leaves_nothing()
    {
        using (var writing = Spool.Begin(Key(1), 100)!) writing.Append(Bytes(1));
        Assert.False(IsThere(1));
        Put(2);
        Put(3);
        Assert.True(IsThere(2));
    }

    [Fact]
    public void Of_two_who_bring_the_same_one_stays()
    {
        using var one = Spool.Begin(Key(1), 40)!;
        using var two = Spool.Begin(Key(1), 40)!;
        Assert.True(one.Append(Bytes(1)));
        Assert.True(two.Append(Bytes(1)));
        Put(2);
        Assert.True(IsThere(1) && IsThere(2));
    }

    protected void Put(int page)
    {
        using var writing = Spool.Begin(Key(page), 40)!;
        Assert.True(writing.Append(Bytes(page)));
    }

    private bool IsThere(int page)
    {
        using var found = Spool.Find(Key(page));
        return found is not null;
    }

    private static byte[] Bytes(int page) => [.. Enumerable.Repeat((byte)page, 40)];

    private static byte[] Read(SpooledOriginal original) => File.ReadAllBytes(Path.Combine(original.Folder, original.Name));
}
