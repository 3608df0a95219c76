using Vitrine.Core.Libraries;
using Vitrine.Core.Statistics;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>How the cache was used: sums by what is asked for, by hour, and for as long as they are kept.</summary>
public abstract class UsageSpec : StoreSpec
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(90);

    [Fact]
    public async Task Counts_add_up_by_preset_library_folder_collection_and_hour()
    {
        var (one, two) = (await Story.AddLibraryAsync("one"), await Story.AddLibraryAsync("two"));
        await AddAsync(Count(one, 1, "thumbnail", 1, 3), Count(one, 2, "thumbnail", 1, 2), Count(two, 3, "display", 2, 1, misses: 4));
        Store.Time.Advance(TimeSpan.FromHours(2));
        await AddAsync(Count(one, 1, "thumbnail", 1, 10));

        Assert.Equal([("display", 1, 4), ("thumbnail", 15, 0)], await SumsAsync(UsageGroup.Preset));
        Assert.Equal([($"{one.Id}", 15, 0), ($"{two.Id}", 1, 4)], await SumsAsync(UsageGroup.Library));
        Assert.Equal([("1", 15, 0), ("2", 1, 4)], await SumsAsync(UsageGroup.Folder));
        Assert.Equal([("1", 13, 0), ("2", 2, 0), ("3", 1, 4)], await SumsAsync(UsageGroup.Collection));
        Assert.Equal([("1", 13, 0)], await SumsAsync(UsageGroup.Collection, limit: 1));
        Assert.Equal([(6, 4), (10, 0)], (await Store.Usage.SeriesAsync(Grants.All, Query(), Cancellation)).Select(point => ((int)point.Hits, (int)point.Misses)));
        Assert.Equal([($"{two.Id}", 1, 4)], await SumsAsync(UsageGroup.Library, Grants.Of([two.Id])));
        Assert.Equal([("3", 1, 4)], await SumsAsync(UsageGroup.Collection, Grants.Of([two.Id])));
        Assert.Equal([6], (await Store.Usage.SeriesAsync(Grants.All, Query() with { To = Store.Time.GetUtcNow() - TimeSpan.FromHours(1) }, Cancellation)).Select(p => (int)p.Hits));
    }

    [Fact]
    public async Task A_collection_that_is_not_known_is_in_the_hours_and_not_among_collections()
    {
        var one = await Story.AddLibraryAsync();
        await AddAsync(Count(one, 0, "thumbnail", 0, 3), Count(one, 1, "thumbnail", 1, 1));
        Assert.Equal([("thumbnail", 4, 0)], await SumsAsync(UsageGroup.Preset));
        Assert.Equal([("1", 1, 0)], await SumsAsync(UsageGroup.Collection));
    }

    [Fact]
    public async Task What_is_older_than_is_kept_goes()
    {
        var one = await Story.AddLibraryAsync();
        await AddAsync(Count(one, 1, "thumbnail", 1, 3));
        Store.Time.Advance(TimeSpan.FromDays(92));
        await AddAsync(Count(one, 1, "thumbnail", 1, 1));
        Assert.Equal([("thumbnail", 1, 0)], await SumsAsync(UsageGroup.Preset));
        Assert.Equal([("1", 1, 0)], await SumsAsync(UsageGroup.Collection));
    }

    [Fact]
    public async Task A_library_that_is_gone_takes_its_uses_with_it_and_gets_none()
    {
        var one = await Story.AddLibraryAsync();
        await AddAsync(Count(one, 1, "thumbnail", 1, 3));
        await Store.Libraries.RemoveAsync(one.Id, Cancellation);
        while (await Store.Libraries.SweepRemovedAsync(10, Cancellation)) { }
        await AddAsync(Count(one, 1, "thumbnail", 1, 3));
        Assert.Empty(await SumsAsync(UsageGroup.Preset));
        Assert.Empty(await SumsAsync(UsageGroup.Collection));
    }

    [Fact]
    public async Task A_file_is_served_from_the_first_time_on()
    {
        var folder = await Story.AddFolderAsync();
        await Story.ScanAsync(await Story.AddLibraryAsync("one", "thumbnail"), new Tree().With("a", Story.Pictures(4)));
        await Story.DeriveAllAsync(folder);
        Assert.Equal([new(folder.Id, 4, 4)], await Store.Usage.NeverServedAsync(Cancellation));

        foreach (var _ in new[] { 1, 2 }) await Store.Usage.AddAsync(new([], [new(2), new(1), new(77)]), Store.Time.GetUtcNow(), Keep, Cancellation);

        Assert.Equal([new(folder.Id, 4, 2)], await Store.Usage.NeverServedAsync(Cancellation));
        await Story.AuditAsync();
    }

    private UsageQuery Query(UsageGroup by = UsageGroup.Preset, int limit = 100) => new(Store.Time.GetUtcNow() - TimeSpan.FromDays(7), Store.Time.GetUtcNow(), by, limit);

    private Task AddAsync(params UsageCount[] counts) => Store.Usage.AddAsync(new(counts, []), Store.Time.GetUtcNow(), Keep, Cancellation);

    private static UsageCount Count(Library library, long collection, string preset, long folder, long hits, long misses = 0) =>
        new(library.Id, new(collection), preset, new(folder), hits, misses, hits * 100);

    private async Task<IEnumerable<(string, int, int)>> SumsAsync(UsageGroup by, Grants? grants = null, int limit = 100) =>
        (await Store.Usage.SumsAsync(grants ?? Grants.All, Query(by, limit), Cancellation)).GroupBy(sum => sum.Key).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, (int)group.Sum(sum => sum.Hits), (int)group.Sum(sum => sum.Misses)));
}
