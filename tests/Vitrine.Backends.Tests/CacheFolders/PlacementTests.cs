using CsCheck;
using Vitrine.Core.CacheFolders;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>REQUIREMENTS R139: where a derivative goes.</summary>
public sealed class PlacementTests
{
    private static FolderState Make(long id, int priority = 0, long limit = 1000, long bytes = 0, long reserved = 0, long free = 10_000, long floor = 0,
        bool active = true, bool writable = true, long left = 0, params string[] presets) =>
        new(new(new(id), $"/c{id}", new Guid((int)id, 0, 0, new byte[8]), priority, limit, floor, presets, active, 0, bytes, reserved), free, writable, left);

    [Fact]
    public void A_folder_is_eligible_up_to_its_limit_and_floor_and_not_beyond()
    {
        Assert.True(Placement.IsEligible(Make(1, bytes: 400, reserved: 500), "thumbnail", 100));
        Assert.False(Placement.IsEligible(Make(1, bytes: 400, reserved: 501), "thumbnail", 100));
        Assert.True(Placement.IsEligible(Make(1, bytes: 400, reserved: 600, left: 100), "thumbnail", 100)); // What the lease has reserved is its own.
        Assert.True(Placement.IsEligible(Make(1, free: 600, floor: 500), "thumbnail", 100));
        Assert.False(Placement.IsEligible(Make(1, free: 599, floor: 500), "thumbnail", 100));
        Assert.False(Placement.IsEligible(Make(1, active: false), "thumbnail", 100));
        Assert.False(Placement.IsEligible(Make(1, writable: false), "thumbnail", 100));
        Assert.True(Placement.IsEligible(Make(1, presets: ["display", "thumbnail"]), "thumbnail", 100));
        Assert.False(Placement.IsEligible(Make(1, presets: ["display"]), "thumbnail", 100));
    }

    [Fact]
    public void Priority_goes_before_the_hash_and_what_is_full_is_passed_over()
    {
        FolderState[] folders = [Make(1), Make(2, priority: 5, bytes: 1000), Make(3, priority: 3)];
        for (var collection = 1; collection < 50; collection++)
        {
            Assert.Equal([3, 1], Placement.Order(folders, new(collection), "thumbnail", 1).Select(f => f.Folder.Id.Value));
        }
    }

    [Fact]
    public void Equal_folders_share_the_collections_and_a_new_one_takes_only_its_share()
    {
        FolderState[] three = [Make(1), Make(2), Make(3)];
        FolderState[] four = [.. three, Make(4)];
        var (moved, counts) = (0, new Dictionary<long, int>());
        for (var collection = 1; collection <= 4000; collection++)
        {
            var (before, after) = (First(three, collection), First(four, collection));
            counts[after] = counts.GetValueOrDefault(after) + 1;
            if (before == after) continue;
            moved++;
            Assert.Equal(4, after);
        }
        Assert.InRange(moved, 850, 1150);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));

        static long First(FolderState[] folders, long collection) => Placement.Order(folders, new(collection), "thumbnail", 1).First().Folder.Id.Value;
    }

    [Fact]
    public void The_order_does_not_depend_on_how_the_folders_are_listed() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Shuffle(Enumerable.Range(1, 6).Select(i => (long)i).ToArray())).Sample((collection, ids) =>
            Placement.Order(ids.Select(i => Make(i, (int)i % 2)), new(collection), "x", 1).Select(f => f.Folder.Id)
                .SequenceEqual(Placement.Order(ids.Order().Select(i => Make(i, (int)i % 2)), new(collection), "x", 1).Select(f => f.Folder.Id)));

    /// <summary>Stored choices must stay explainable: the hash is the same in every version.</summary>
    [Fact]
    public void The_hash_is_fixed() =>
        Assert.Equal("3 3 2 2 3 3 3 3", string.Join(' ', Enumerable.Range(1, 8).Select(c => Placement.Order([Make(1), Make(2), Make(3)], new(c), "x", 1).First().Folder.Id.Value)));
}
