using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Blobs that move, are evicted, pinned and used; budgets of presets.</summary>
public abstract class BlobPlacesSpec : StoreSpec
{
    private CacheFolder _folder = null!;
    private Library _library = null!;

    [Fact]
    public async Task A_moved_blob_is_counted_where_it_stands_and_served_from_there()
    {
        await ScanAndDeriveAsync(3);
        var target = await Story.AddFolderAsync(path: "/cache/two");
        var blobs = await Store.Places.InFolderAsync(_folder.Id, null, 100, Cancellation);
        Assert.Equal(6, blobs.Count);
        Assert.Equal(blobs.Select(b => b.File.Name).Order(StringComparer.Ordinal), blobs.Select(b => b.File.Name));
        Assert.Equal(blobs.Skip(2).Take(2), await Store.Places.InFolderAsync(_folder.Id, blobs[1].File.Name, 2, Cancellation));

        var (blob, to) = (blobs[0], blobs[0].File with { Folder = target.Id, Name = "ab/cd/moved-9-1.webp" });
        Assert.Equal(MoveAnswer.Moved, await Store.Places.MoveAsync(blob.Id, blob.File, to, Cancellation));
        Assert.Equal(MoveAnswer.Changed, await Store.Places.MoveAsync(blob.Id, blob.File, to with { Name = "x" }, Cancellation));
        await Story.AuditAsync();
        var (here, there) = (await FolderAsync(_folder.Id), await FolderAsync(target.Id));
        Assert.Equal((5, 1, 100L), (here.Blobs, there.Blobs, there.UseOf(blob.Preset)!.Bytes));
        Assert.Equal([to.Name], await Store.Blobs.KnownAsync(target.Id, [to.Name], Cancellation));
    }

    [Fact]
    public async Task A_blob_moves_only_where_there_is_room()
    {
        await ScanAndDeriveAsync(1);
        var blob = (await Store.Places.InFolderAsync(_folder.Id, null, 1, Cancellation))[0];
        var small = await Story.AddFolderAsync(limit: 99, path: "/cache/small");
        var full = (await Store.CacheFolders.AddAsync(
            new("/cache/budget", Guid.NewGuid(), 0, 1000, 0, [], new Dictionary<string, long> { [blob.Preset] = 99 }), Cancellation))!;
        var drained = await Story.AddFolderAsync(path: "/cache/drained");
        await Store.CacheFolders.UpdateAsync(drained.Id, new(drained.Path, drained.Marker, 0, 1000, 0, [], Draining: true), true, Cancellation);
        foreach (var folder in new[] { small, full, drained })
        {
            Assert.Equal(MoveAnswer.NoRoom, await Store.Places.MoveAsync(blob.Id, blob.File, blob.File with { Folder = folder.Id, Name = "m" }, Cancellation));
        }
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Eviction_takes_links_and_counters_with_the_row()
    {
        await ScanAndDeriveAsync(3);
        var displays = await Store.Places.LeastUsedAsync(_folder.Id, "display", 100, Cancellation);
        Assert.Equal([1, 1, 1], displays.Select(c => c.References));
        Assert.All(displays, c => Assert.Equal((100, 4000 * 3000, false), (c.Size, c.Cost, c.Pinned)));
        Assert.Equal(displays.Skip(2), await Store.Places.LeastUsedAsync(_folder.Id, "display", 100, Cancellation, after: displays[1]));

        var evicted = await Store.Places.EvictAsync(_folder.Id, [displays[0].Id, new(9999)], Cancellation);
        Assert.Equal((1, 2), (evicted.Files.Count, evicted.Looked));
        await Story.AuditAsync();
        Assert.Equal((5, 2), ((await FolderAsync(_folder.Id)).Blobs, (await LibraryAsync()).Counters.Derivatives["display"].Count));
        Assert.Empty(await Store.Blobs.KnownAsync(_folder.Id, [evicted.Files[0].Name], Cancellation));

        // What is asked for again is made again.
        var image = await LackingAsync("display");
        await Store.Batches.AddAsync(new BatchAddition.OnDemand(image, ["display"]), Cancellation);
        await Story.DeriveAllAsync(_folder);
        Assert.Equal(3, (await LibraryAsync()).Counters.Derivatives["display"].Count);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Pins_and_what_many_share_stay()
    {
        await ScanAndDeriveAsync(70, (lease, item) => int.Parse(item.Name[..5], System.Globalization.CultureInfo.InvariantCulture) <= 65 ? "blank" : null);
        var displays = await Store.Places.LeastUsedAsync(_folder.Id, "display", 100, Cancellation);
        var shared = Assert.Single(displays, c => c.References == 65);
        Assert.Equal(5, displays.Count(c => c.References == 1));
        Assert.Empty((await Store.Places.EvictAsync(_folder.Id, [shared.Id], Cancellation)).Files);

        var collection = (await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items[0].Id;
        Assert.True(await Store.Places.PinAsync(collection, true, Cancellation));
        Assert.False(await Store.Places.PinAsync(new(9999), true, Cancellation));
        Assert.All(await Store.Places.LeastUsedAsync(_folder.Id, "display", 100, Cancellation), c => Assert.True(c.Pinned));
        Assert.Empty((await Store.Places.EvictAsync(_folder.Id, [.. displays.Select(c => c.Id)], Cancellation)).Files);
        Assert.Equal(1200, await Store.Places.PinnedBytesAsync(_folder.Id, Cancellation));
        Assert.True(await Store.Places.PinAsync(collection, false, Cancellation));
        Assert.Equal(0, await Store.Places.PinnedBytesAsync(_folder.Id, Cancellation));
        Assert.Equal(5, (await Store.Places.EvictAsync(_folder.Id, [.. displays.Select(c => c.Id)], Cancellation)).Files.Count);
        await Story.AuditAsync();
    }

    /// <summary>Two blobs of forty images each are two transactions.</summary>
    [Fact]
    public async Task One_eviction_changes_the_counters_of_64_images_at_most()
    {
        await ScanAndDeriveAsync(80, (_, item) => $"shared {int.Parse(item.Name[..5], System.Globalization.CultureInfo.InvariantCulture) % 2}");
        var displays = await Store.Places.LeastUsedAsync(_folder.Id, "display", 100, Cancellation);
        Assert.Equal([40, 40], displays.Select(c => c.References));
        var ids = displays.Select(c => c.Id).ToList();
        Assert.Equal(1, (await Store.Places.EvictAsync(_folder.Id, ids, Cancellation)).Looked);
        Assert.Equal(2, (await Store.Places.EvictAsync(_folder.Id, ids, Cancellation)).Looked);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Last_uses_move_on_and_not_for_less_than_their_grain()
    {
        await ScanAndDeriveAsync(2);
        var ids = (await Store.Places.LeastUsedAsync(_folder.Id, "thumbnail", 10, Cancellation)).Select(c => c.Id).ToList();
        var made = Store.Time.GetUtcNow();
        await Store.Uses.TouchAsync(new Dictionary<BlobId, DateTimeOffset> { [ids[0]] = made + TimeSpan.FromMinutes(59), [new(9999)] = made }, Cancellation);
        Assert.Equal([made, made], await UsesAsync());
        await Store.Uses.TouchAsync(new Dictionary<BlobId, DateTimeOffset> { [ids[0]] = made + TimeSpan.FromHours(2) }, Cancellation);
        await Store.Uses.TouchAsync(new Dictionary<BlobId, DateTimeOffset> { [ids[0]] = made - TimeSpan.FromHours(9) }, Cancellation);
        Assert.Equal([made, made + TimeSpan.FromHours(2)], await UsesAsync());
        Assert.Equal(ids[1], (await Store.Places.LeastUsedAsync(_folder.Id, "thumbnail", 1, Cancellation))[0].Id);

        async Task<IEnumerable<DateTimeOffset>> UsesAsync() => (await Store.Places.LeastUsedAsync(_folder.Id, "thumbnail", 10, Cancellation)).Select(c => c.UsedAt);
    }

    [Fact]
    public async Task A_budget_holds_its_preset_and_no_other()
    {
        var budgets = new Dictionary<string, long> { ["display"] = 250 };
        _folder = (await Store.CacheFolders.AddAsync(new("/cache/one", Guid.NewGuid(), 0, 10_000, 0, [], budgets), Cancellation))!;
        Assert.Equal(("display", null), (_folder.BudgetOf("display"), _folder.BudgetOf("thumbnail")));
        await Story.ScanAsync(_library = await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(4)));
        // The cover is a batch of its own.
        await Story.CommitAsync(await Story.MustLeaseAsync());
        var lease = await Story.MustLeaseAsync();
        Assert.True(await Store.CacheFolders.ReserveAsync(lease.Token, new(_folder.Id, 150, "display"), Cancellation));
        Assert.False(await Store.CacheFolders.ReserveAsync(lease.Token, new(_folder.Id, 101, "display"), Cancellation));
        Assert.True(await Store.CacheFolders.ReserveAsync(lease.Token, _folder.Id, 500, Cancellation));
        await Story.AuditAsync();

        var answer = await Story.CommitAsync(lease, [.. lease.Items.Select(i => Story.Done(lease, i, _folder))]);
        Assert.Single(answer.Unused);
        var folder = await FolderAsync(_folder.Id);
        Assert.Equal((200, 300), (folder.UseOf("display")!.Bytes, folder.UseOf("thumbnail")!.Bytes));
        await Story.AuditAsync();

        await Store.CacheFolders.UpdateAsync(_folder.Id, new(folder.Path, folder.Marker, 0, 10_000, 0, [], new Dictionary<string, long>()), true, Cancellation);
        Assert.Null((await FolderAsync(_folder.Id)).BudgetOf("display"));
    }

    [Fact]
    public async Task A_folder_goes_when_nothing_is_in_it()
    {
        await ScanAndDeriveAsync(1);
        Assert.False(await Store.CacheFolders.RemoveAsync(_folder.Id, Cancellation));
        Assert.False(await Store.CacheFolders.RemoveAsync(new(99), Cancellation));
        foreach (var preset in new[] { "display", "thumbnail" })
        {
            var ids = (await Store.Places.LeastUsedAsync(_folder.Id, preset, 10, Cancellation)).Select(c => c.Id);
            await Store.Places.EvictAsync(_folder.Id, [.. ids], Cancellation);
        }
        Assert.True(await Store.CacheFolders.RemoveAsync(_folder.Id, Cancellation));
        Assert.Empty(await Store.CacheFolders.ListAsync(Cancellation));
        await Story.AuditAsync();
    }

    private async Task ScanAndDeriveAsync(int pictures, Func<Lease, WorkItem, string?>? content = null)
    {
        _folder = await Story.AddFolderAsync();
        _library = await Story.AddLibraryAsync();
        await Story.ScanAsync(_library, new Tree().With("sub", Story.Pictures(pictures)));
        while (await Story.LeaseAsync() is { } lease)
        {
            await Story.CommitAsync(lease, [.. lease.Items.Select(i => Story.Done(lease, i, _folder, content?.Invoke(lease, i)))]);
        }
    }

    private async Task<CacheFolder> FolderAsync(FolderId id) => (await Store.CacheFolders.ListAsync(Cancellation)).Single(f => f.Id == id);

    private async Task<Library> LibraryAsync() => (await Store.Libraries.ListAsync(Cancellation)).Single(l => l.Id == _library.Id);

    private async Task<ImageId> LackingAsync(string preset) =>
        new((await Store.Catalog.ToDeriveAsync(new(_library.Id, [preset]), null, 10, Cancellation)).Items.Single().Item);
}
