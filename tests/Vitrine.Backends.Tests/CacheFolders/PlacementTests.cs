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
            Placement.Order([.. ids.Select(i => Make(i, (int)i % 2))], new(collection), "x", 1).Select(f => f.Folder.Id)
                .SequenceEqual(Placement.Order([.. ids.Order().Select(i => Make(i, (int)i % 2))], new(collection), "x", 1).Select(f => f.Folder.Id)));

    [Fact]
    public void Draining_folders_and_spent_budgets_take_nothing_and_what_failed_lately_comes_last()
    {
        var drained = Make(1, priority: 9);
        drained = drained with { Folder = drained.Folder with { Draining = true } };
        var spent = Make(2, priority: 8);
        spent = spent with { Folder = spent.Folder with { Uses = [new("display", 1, 90, 5, 100)] } };
        var failed = Make(3, priority: 7) with { FailedLately = true };
        FolderState[] folders = [drained, spent, failed, Make(4)];
        Assert.Equal([4, 3], Placement.Order(folders, new(1), "display", 6).Select(f => f.Folder.Id.Value));
        Assert.Equal([2, 4, 3], Placement.Order(folders, new(1), "display", 5).Select(f => f.Folder.Id.Value));
        Assert.Equal([2, 4, 3], Placement.Order(folders, new(1), "thumbnail", 500).Select(f => f.Folder.Id.Value));
    }

    [Fact]
    public void Thumbnails_to_come_keep_their_room_and_larger_presets_go_beyond_it()
    {
        FolderState[] folders = [Make(1, bytes: 500), Make(2, bytes: 900), Make(3, limit: 50, priority: -1, presets: "display")];
        Assert.Equal(24 * 25_000, new ThumbnailsOwed(24, 0, 0).Bytes);
        Assert.Equal(1000, new ThumbnailsOwed(8, 10, 1000).Bytes);
        // 600 bytes of room for thumbnails in all, 550 of them owed: 50 more fit, then only where no thumbnails go.
        Assert.Equal([1, 2, 3], Placement.Order(folders, new(1), "display", 50, 550).Select(f => f.Folder.Id.Value).Order());
        Assert.Equal([3], Placement.Order(folders, new(1), "display", 50, 551).Select(f => f.Folder.Id.Value));
        Assert.Equal(2, Placement.Order(folders, new(1), "thumbnail", 50, 551).Count());
    }

    /// <summary>Whatever comes in whatever order: limits, floors and budgets hold, larger presets leave the room that thumbnails need, and thumbnails get it.</summary>
    [Fact]
    public void Whatever_is_placed_the_promises_hold() =>
        Gen.Select(Gen.Long[100, 3000].Array[1, 4], Gen.Select(Gen.Bool, Gen.Long[1, 60]).Array[60], Gen.Long[0, 1500]).Sample((limits, files, budget) =>
        {
            var folders = limits.Select((limit, i) => Make(i + 1, priority: i % 2, limit: limit, free: limit / 2 * 3, floor: limit / 4)).ToArray();
            folders[0] = folders[0] with { Folder = folders[0].Folder with { Uses = [new("display", 0, 0, 0, budget)] } };
            var owed = files.Where(file => file.Item1).Sum(file => file.Item2);
            var all = owed <= folders.Sum(f => f.RoomFor("thumbnail")) - (60 * folders.Length);
            foreach (var (thumbnail, bytes) in files)
            {
                var preset = thumbnail ? "thumbnail" : "display";
                var chosen = Placement.Order(folders, new(1), preset, bytes, owed + (60 * folders.Length)).FirstOrDefault();
                if (thumbnail) owed -= bytes;
                if (chosen is null && thumbnail && all) return false;
                if (chosen is not null) Put(folders, chosen, preset, bytes);
            }
            return folders.All(f => f.Folder.Bytes <= f.Folder.LimitBytes && f.FreeBytes >= f.Folder.FloorBytes && (f.Folder.UseOf("display")?.Bytes ?? 0) <= budget);
        });

    private static void Put(FolderState[] folders, FolderState chosen, string preset, long bytes)
    {
        var at = Array.IndexOf(folders, chosen);
        var uses = chosen.Folder.Uses?.Select(use => use.Preset == preset ? use with { Bytes = use.Bytes + bytes } : use).ToList();
        folders[at] = chosen with { FreeBytes = chosen.FreeBytes - bytes, Folder = chosen.Folder with { Bytes = chosen.Folder.Bytes + bytes, Uses = uses } };
    }

    /// <summary>Stored choices must stay explainable: the hash is the same in every version.</summary>
    [Fact]
    public void The_hash_is_fixed() =>
        Assert.Equal("3 3 2 2 3 3 3 3", string.Join(' ', Enumerable.Range(1, 8).Select(c => Placement.Order([Make(1), Make(2), Make(3)], new(c), "x", 1).First().Folder.Id.Value)));
}
