using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>Eviction for those who wait, on SQLite and real files.</summary>
public sealed class EvictorTests : IAsyncLifetime
{
    private FolderScene _scene = null!;
    private CacheFolder _folder = null!;
    private Room _room = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>10 thumbnails and 10 display images of 100 bytes fill a folder of 2,000.</summary>
    public async ValueTask InitializeAsync()
    {
        _scene = await FolderScene.OpenAsync();
        _folder = await _scene.AddAsync("cache", limit: 2000);
        await _scene.FillAsync(_folder, 10);
        _room = new(_scene.Store.CacheFolders, _scene.States, _scene.Evictor);
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Who_waits_gets_room_and_a_job_does_not()
    {
        var job = await JobLeaseAsync();
        Assert.Null(await _room.PlaceAsync(job, "display", 150, Cancellation));
        Assert.Equal(150, _room.TakeUnplaced());
        Assert.Equal(20, (await _scene.FolderAsync(_folder.Id)).Blobs);

        var lease = await OnDemandAsync();
        Assert.Equal(_folder.Id, (await _room.PlaceAsync(lease, "full", 150, Cancellation))!.Id);
        var folder = await _scene.FolderAsync(_folder.Id);
        Assert.Equal((10, 8), (folder.UseOf("thumbnail")!.Blobs, folder.UseOf("display")!.Blobs));
        Assert.Equal(18, _scene.Files.Files(_folder.Path).Count());
    }

    [Fact]
    public async Task Thumbnails_stay_even_where_nothing_else_is_left()
    {
        var lease = await OnDemandAsync();
        Assert.Null(await _room.PlaceAsync(lease, "full", 1500, Cancellation));
        Assert.Equal(10, (await _scene.FolderAsync(_folder.Id)).UseOf("thumbnail")!.Blobs);
    }

    [Fact]
    public async Task Behind_on_demand_work_the_folder_goes_down_to_the_low_mark()
    {
        await _room.PlaceAsync(await OnDemandAsync(), "full", 100, Cancellation);
        _scene.Evictor.Suggest(await _scene.FolderAsync(_folder.Id), 100);
        await _scene.RunAsync(_scene.Evictor, async () => (await _scene.FolderAsync(_folder.Id)) is var now && now.Bytes + now.ReservedBytes <= 1500);
        await _scene.CheckAsync((int)(await _scene.FolderAsync(_folder.Id)).Blobs);
    }

    [Fact]
    public async Task What_was_used_last_and_what_is_pinned_stays()
    {
        var displays = await _scene.Store.Places.LeastUsedAsync(_folder.Id, "display", 20, Cancellation);
        var used = displays[0].Id;
        await _scene.Store.Uses.TouchAsync(new Dictionary<BlobId, DateTimeOffset> { [used] = _scene.Store.Time.GetUtcNow().AddHours(5) }, Cancellation);
        _scene.Store.Time.Advance(TimeSpan.FromHours(5));
        var lease = await OnDemandAsync();
        Assert.NotNull(await _room.PlaceAsync(lease, "full", 900, Cancellation));
        Assert.Equal([used], (await _scene.Store.Places.LeastUsedAsync(_folder.Id, "display", 20, Cancellation)).Select(c => c.Id));

        foreach (var collection in (await _scene.Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items) await _scene.Store.Places.PinAsync(collection.Id, true, Cancellation);
        Assert.Null(await _room.PlaceAsync(lease, "full", 200, Cancellation));
        Assert.Equal("limit-too-low", Assert.IsType<FolderAnswer.Refused>(await _scene.Service.ChangeAsync(_folder.Id, new(LimitBytes: 1500), Cancellation)).Code);
    }

    [Fact]
    public async Task A_lowered_limit_is_reached_and_thumbnails_go_last()
    {
        Assert.IsType<FolderAnswer.Stored>(await _scene.Service.ChangeAsync(_folder.Id, new(LimitBytes: 1000), Cancellation));
        await _scene.RunAsync(_scene.Evictor, async () => (await _scene.FolderAsync(_folder.Id)).Bytes <= 1000);
        var folder = await _scene.FolderAsync(_folder.Id);
        Assert.Equal((0, 10), (folder.UseOf("display")!.Blobs, folder.UseOf("thumbnail")!.Blobs));
        await _scene.CheckAsync((int)folder.Blobs);
    }

    private async Task<Lease> JobLeaseAsync()
    {
        var library = (await _scene.Store.Libraries.ListAsync(Cancellation))[0];
        var scope = new JobScope(library.Id, ["full"]);
        await _scene.Story.PlanAsync(scope, [await _scene.Story.WholeBatchAsync(scope)]);
        return await _scene.Story.MustLeaseAsync();
    }

    private async Task<Lease> OnDemandAsync()
    {
        var library = (await _scene.Store.Libraries.ListAsync(Cancellation))[0];
        var image = (await _scene.Store.Catalog.ToDeriveAsync(new(library.Id, ["full"]), null, 1, Cancellation)).Items[0].Item;
        var added = await _scene.Store.Batches.AddAsync(new BatchAddition.OnDemand(new(image), ["full"]), Cancellation);
        return (await _scene.Store.Batches.LeaseAsync(new("node", Batch: added.Batch), Cancellation))!;
    }
}
