using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Statistics;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>What is cached is exact at any time: by library, preset and type, and what it differs from the files by.</summary>
public abstract class StatisticsSpec : StoreSpec
{
    [Fact]
    public async Task Without_anything_all_is_zero()
    {
        var read = await ReadAsync();
        Assert.Equal((0, 0, 0, 0), (read.Images, read.Cached, read.Bytes, read.CachedCollections));
        Assert.Equal(new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), read.Difference);
    }

    [Fact]
    public async Task An_image_counts_once_and_its_bytes_for_every_preset()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync("one", "thumbnail", "medium", "display");
        await Story.ScanAsync(library, new Tree().With("made", Story.Pictures(3)).With("open", Story.Pictures(2)));
        Assert.Equal((5, 0, 0, 0), Numbers(await ReadAsync()));

        await DeriveFirstAsync(folder, "made");

        Assert.Equal((5, 3, 900, 1), Numbers(await ReadAsync()));
        var one = Assert.Single((await ReadAsync()).Libraries);
        Assert.Equal((2, 1), (one.Collections, one.CachedCollections));
        Assert.Equal([new("display", "image/webp", 3, 300), new("medium", "image/webp", 3, 300), new("thumbnail", "image/webp", 3, 300)], one.Derivatives);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_shared_file_is_one_file_and_a_derivative_of_each()
    {
        var folder = await Story.AddFolderAsync();
        await Story.ScanAsync(await Story.AddLibraryAsync("one", "thumbnail"), new Tree().With("a", Story.Pictures(3)).With("b", Story.Pictures(1)));
        while (await Story.LeaseAsync() is { } lease)
            await Story.CommitAsync(lease, [.. lease.Items.Select(item => Story.Done(lease, item, folder, "blank"))]);

        var difference = (await ReadAsync()).Difference!;
        Assert.Equal(new(4, 400, 1, 100, 3, 300, 0, 0, 0, 0), difference);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Removed_images_are_counted_nowhere_but_where_they_explain_files()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync("one", "thumbnail");
        var full = new Tree().With("a", Story.Pictures(3));
        await Story.ScanAsync(library, full);
        await Story.DeriveAllAsync(folder);

        await Story.ScanAsync(library, new Tree());
        Assert.Equal((0, 0, 0, 0), Numbers(await ReadAsync()));
        Assert.Equal(new(0, 0, 3, 300, 0, 0, 3, 300, 0, 0), (await ReadAsync()).Difference);
        await Story.AuditAsync();

        await Story.ScanAsync(library, full);
        Assert.Equal((3, 3, 300, 1), Numbers(await ReadAsync()));

        await Story.ScanAsync(library, new Tree());
        Store.Time.Advance(TimeSpan.FromDays(40));
        while (await Store.Trash.ForgetRemovedAsync(Store.Time.GetUtcNow(), 1, Cancellation)) { }
        Assert.Equal(new(0, 0, 3, 300, 0, 0, 0, 0, 3, 300), (await ReadAsync()).Difference);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_changed_original_is_missing_until_it_is_made()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("a", Story.Pictures(2)));
        await Story.DeriveAllAsync(folder);

        await Story.ScanAsync(library, new Tree().With("a", new Picture("00001.jpg", 2), new Picture("00002.jpg")));

        Assert.Equal((2, 1, 200, 1), Numbers(await ReadAsync()));
        await Story.AuditAsync();
        await Story.DeriveAllAsync(folder);
        Assert.Equal((2, 2, 400, 1), Numbers(await ReadAsync()));
    }

    [Fact]
    public async Task What_failed_or_found_no_room_is_missing()
    {
        await Story.AddFolderAsync();
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("a", Story.Pictures(2)));
        while (await Story.LeaseAsync() is { } lease)
        {
            await Story.CommitAsync(lease, [.. lease.Items.Select(item => item.Name == "00001.jpg"
                ? new ItemResult(item.Item, Outcome.Failed, Reason.Corrupt)
                : new ItemResult(item.Item, Outcome.Done, VersionRead: item.Version, NoRoom: ["thumbnail", "display"]))]);
        }
        Assert.Equal((2, 0, 0, 0), Numbers(await ReadAsync()));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Only_what_is_granted_is_in_the_numbers()
    {
        var folder = await Story.AddFolderAsync();
        var (mine, other) = (await Story.AddLibraryAsync("mine", "thumbnail"), await Story.AddLibraryAsync("other", "thumbnail"));
        await Story.ScanAsync(mine, new Tree().With("a", Story.Pictures(2)));
        await Story.ScanAsync(other, new Tree().With("a", Story.Pictures(3)));
        await Story.DeriveAllAsync(folder);

        var read = await Store.Statistics.ReadAsync(Grants.Of([mine.Id]), Cancellation);
        Assert.Equal((2, 2, 200, 1), Numbers(read));
        Assert.Empty(read.Folders);
        Assert.Null(read.Difference);
        Assert.Equal((5, 5, 500, 2), Numbers(await ReadAsync()));

        await Store.Libraries.RemoveAsync(other.Id, Cancellation);
        Assert.Equal((2, 2, 200, 1), Numbers(await ReadAsync()));
        while (await Store.Libraries.SweepRemovedAsync(1, Cancellation)) { }
        Assert.Equal((2, 2, 200, 1), Numbers(await ReadAsync()));
        Assert.Equal((3, 300), ((await ReadAsync()).Difference!.UnreferencedBlobs, (await ReadAsync()).Difference!.UnreferencedBytes));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task What_one_decode_made_shares_its_cost()
    {
        var folder = await Story.AddFolderAsync();
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("a", Story.Pictures(3)));
        while (await Story.LeaseAsync() is { } lease)
            await Story.CommitAsync(lease, [.. lease.Items.Select(item => Story.Done(lease, item, folder) with { Cost = TimeSpan.FromMilliseconds(80) })]);

        var costs = await Store.Statistics.CostsAsync(Cancellation);
        Assert.Equal([("display", 3, 120.0), ("thumbnail", 3, 120.0)], costs.Select(cost => (cost.Preset, (int)cost.Made, cost.Processor.TotalMilliseconds)));
        Assert.Equal(TimeSpan.FromMilliseconds(40), new MeanCosts(costs).Of(costs[0].Library, "thumbnail"));
        Assert.Equal(TimeSpan.FromMilliseconds(40), new MeanCosts(costs).Of(new(99), "thumbnail"));
    }

    protected Task<CacheStatistics> ReadAsync() => Store.Statistics.ReadAsync(Grants.All, Cancellation);

    protected static (long, long, long, long) Numbers(CacheStatistics read) => (read.Images, read.Cached, read.Bytes, read.CachedCollections);

    private async Task DeriveFirstAsync(CacheFolder folder, string collection)
    {
        var lease = await Store.Batches.LeaseAsync(new("node"), Cancellation);
        while (lease is not null)
        {
            if (lease.Path.Text == collection) await Story.CommitAsync(lease, [.. lease.Items.Select(item => Story.Done(lease, item, folder))]);
            lease = await Store.Batches.LeaseAsync(new("node"), Cancellation);
        }
    }
}
