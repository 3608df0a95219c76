using Vitrine.Backends.Sql;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Sqlite;

/// <summary>An image is cached until its last derivative goes, and asking for one that was evicted is a miss until it is made again.</summary>
public sealed class EvictedLinkTests : IAsyncLifetime
{
    private SqliteStore _store = null!;
    private Story _story = null!;
    private CacheFolder _folder = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = (SqliteStore)await SqliteStore.OpenAsync();
        _story = new(_store);
        _folder = await _story.AddFolderAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task The_last_link_that_is_evicted_makes_the_image_missing()
    {
        var library = await _story.AddLibraryAsync();
        await _story.ScanAsync(library, new Tree().With("a", Story.Pictures(1)));
        await _story.DeriveAllAsync(_folder);
        var image = (await _store.Catalog.RandomAsync(Grants.All, 0, Cancellation))!.Id;

        await EvictAsync(1);
        Assert.Equal((1, 100, 1), await NumbersAsync());
        await EvictAsync(2);
        Assert.Equal((0, 0, 0), await NumbersAsync());
        Assert.True(await _store.Usage.WasEvictedAsync(image, "thumbnail", Cancellation));
        Assert.False(await _store.Usage.WasEvictedAsync(image, "medium", Cancellation));

        var scope = new Core.Jobs.JobScope(library.Id, ["thumbnail"]);
        await _story.PlanAsync(scope, [await _story.WholeBatchAsync(scope)]);
        await _story.DeriveAllAsync(_folder);
        Assert.Equal((1, 100, 1), await NumbersAsync());
        Assert.False(await _store.Usage.WasEvictedAsync(image, "thumbnail", Cancellation));
        Assert.True(await _store.Usage.WasEvictedAsync(image, "display", Cancellation));
        await _story.AuditAsync();
    }

    [Fact]
    public async Task A_shared_blob_goes_from_all_its_images_and_from_removed_ones()
    {
        var library = await _story.AddLibraryAsync("one", "thumbnail");
        await _story.ScanAsync(library, new Tree().With("a", Story.Pictures(2)).With("b", Story.Pictures(2)));
        while (await _story.LeaseAsync() is { } lease)
            await _story.CommitAsync(lease, [.. lease.Items.Select(item => _story.Done(lease, item, _folder, "blank"))]);
        await _story.ScanAsync(library, new Tree().With("a", Story.Pictures(2)));
        Assert.Equal((2, 200, 1), await NumbersAsync());

        await EvictAsync(1);

        Assert.Equal((0, 0, 0), await NumbersAsync());
        Assert.Equal(new(0, 0, 1, 100, 0, 0, 0, 0, 1, 100), (await _store.Statistics.ReadAsync(Grants.All, Cancellation)).Difference);
        await _story.AuditAsync();
    }

    private Task<int> EvictAsync(long blob) => _store.Stores.Database.WriteAsync(Lane.Interactive, sql =>
    {
        var counters = new Counters();
        Links.Evict(sql, blob, counters, _store.Time.GetUtcNow());
        counters.Write(sql);
        return 0;
    }, Cancellation);

    private async Task<(long, long, long)> NumbersAsync()
    {
        var read = await _store.Statistics.ReadAsync(Grants.All, Cancellation);
        return (read.Cached, read.Bytes, read.CachedCollections);
    }
}
