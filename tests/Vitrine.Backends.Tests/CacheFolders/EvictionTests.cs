using CsCheck;
using Vitrine.Core.CacheFolders;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>Which blobs go.</summary>
public sealed class EvictionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Presets = ["full", "display", "medium", "thumbnail", "custom"];

    private static readonly Gen<EvictionCandidate[]> Candidates =
        Gen.Select(Gen.Int[0, 4].Select(i => Presets[i]), Gen.Long[1, 100], Gen.Long[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 80], Gen.Int[0, 5])
            .Select((preset, size, cost, hours, references, pin) => new EvictionCandidate(new(1), preset, size, cost, Now.AddHours(-hours), references, pin == 0))
            .Array[0, 60].Select(all => all.Select((candidate, i) => candidate with { Id = new(i + 1) }).ToArray());

    [Fact]
    public void Pins_and_what_many_share_stay_and_no_more_goes_than_must() => Gen.Select(Candidates, Gen.Long[0, 3000]).Sample((all, bytes) =>
    {
        var chosen = Eviction.Choose(all, bytes, Now).Select(id => all.Single(c => c.Id == id)).ToList();
        var evictable = all.Where(c => !c.Pinned && c.References <= 64).ToList();
        var freed = chosen.Sum(c => c.Size);
        return chosen.All(evictable.Contains) && chosen.Distinct().Count() == chosen.Count
            && (freed >= bytes || chosen.Count == evictable.Count)
            && (chosen.Count == 0 || freed - chosen[^1].Size < bytes);
    });

    [Fact]
    public void A_thumbnail_goes_only_when_nothing_larger_is_left() => Gen.Select(Candidates, Gen.Long[0, 3000]).Sample((all, bytes) =>
    {
        var chosen = Eviction.Choose(all, bytes, Now).ToHashSet();
        var left = all.Where(c => Eviction.IsEvictable(c) && !chosen.Contains(c.Id)).ToList();
        var thumbnail = all.Any(c => chosen.Contains(c.Id) && c.Preset == "thumbnail");
        var medium = all.Any(c => chosen.Contains(c.Id) && c.Preset == "medium");
        return (!thumbnail || left.TrueForAll(c => c.Preset == "thumbnail")) && (!medium || left.TrueForAll(c => c.Preset is "thumbnail" or "medium"));
    });

    [Fact]
    public void The_order_does_not_depend_on_how_they_are_listed() => Gen.Select(Candidates, Gen.Long[0, 3000]).Sample((all, bytes) =>
        Eviction.Choose(all, bytes, Now).SequenceEqual(Eviction.Choose(all.Reverse(), bytes, Now)));

    [Fact]
    public void Of_equal_ones_the_longest_unused_the_largest_and_the_cheapest_go_first()
    {
        EvictionCandidate usual = new(new(1), "display", 100, 1000, Now.AddDays(-1), 1, false);
        Assert.Equal([2, 1], Ids(usual, usual with { Id = new(2), UsedAt = Now.AddDays(-2) }));
        Assert.Equal([2, 1], Ids(usual, usual with { Id = new(2), Size = 200 }));
        Assert.Equal([2, 1], Ids(usual, usual with { Id = new(2), Cost = 500 }));
        Assert.Equal([1, 2], Ids(usual, usual with { Id = new(2), UsedAt = Now.AddMinutes(5) }));

        static IEnumerable<long> Ids(params EvictionCandidate[] all) => Eviction.Choose(all, 1000, Now).Select(id => id.Value);
    }

    [Theory]
    [InlineData(800, 50, 0)]
    [InlineData(800, 51, 101)]
    [InlineData(1000, 10, 260)]
    [InlineData(0, 900, 900)]
    public void On_demand_work_evicts_above_the_high_mark_down_to_the_low_one(long used, long wanted, long freed) =>
        Assert.Equal(freed, new WaterMarks(85, 75).ToFree(Folder(used), wanted));

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(1001, 1)]
    public void A_folder_above_a_lowered_limit_is_brought_below_it(long used, long freed) => Assert.Equal(freed, WaterMarks.Beyond(Folder(used)));

    [Fact]
    public void Thumbnails_make_room_for_thumbnails_alone()
    {
        string[] held = ["thumbnail", "display", "medium", "poster", "full"];
        Assert.Equal(["display poster full", "medium"], Eviction.Tiers(held, "full").Select(tier => string.Join(' ', tier)));
        Assert.Equal(["display poster full", "medium", "thumbnail"], Eviction.Tiers(held, "thumbnail").Select(tier => string.Join(' ', tier)));
        Assert.Equal(3, Eviction.Tiers(held, null).Count());
    }

    private static CacheFolder Folder(long bytes) => new(new(1), "/c", default, 0, 1000, 0, [], true, 1, bytes, 0);
}
