using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Blobs that go, with the counters of all that showed them.</summary>
public abstract class BlobRemovalSpec : StoreSpec
{
    private static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    [Fact]
    public async Task What_nothing_refers_to_goes_after_its_grace_and_not_where_something_does_again()
    {
        var (folder, library) = await MadeAsync(Story.Pictures(3));
        await Story.ScanAsync(library, new Tree());
        await Store.Trash.ForgetAsync(library.Id, 100, Cancellation);
        Assert.Empty(await UnreferencedAsync(folder.Id, Before));
        Store.Time.Advance(Grace + TimeSpan.FromMinutes(1));
        var blobs = await UnreferencedAsync(folder.Id, Before);
        Assert.Equal(3, blobs.Count);

        // One is linked again between the look and the removal: the same picture is somewhere else.
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(1)));
        await DeriveAsync(folder);
        var removed = await Store.Removal.RemoveUnreferencedAsync(folder.Id, [.. blobs.Select(blob => blob.Id)], Before, Cancellation);

        Assert.Equal(blobs.Skip(1).Select(blob => blob.Name).Order(), removed.Select(file => file.Name).Order());
        Assert.Equal((1, 1, 1), Counted(await Story.AuditAsync()));
        Assert.Equal((1, 100), (await FolderAsync() is var now ? (now.Blobs, now.Bytes) : default));
        Assert.Empty(await Store.Removal.RemoveUnreferencedAsync(folder.Id, [.. blobs.Select(blob => blob.Id)], Before, Cancellation));
        Assert.Empty(await UnreferencedAsync(new(99), Before));
    }

    [Fact]
    public async Task A_page_shared_by_many_goes_64_images_at_a_time_and_every_sum_is_right_in_between()
    {
        var images = 10_000 / Store.Fewer;
        var tree = new Tree();
        for (var i = 0; i < images / 50; i++) tree.With($"c{i:D3}", Story.Pictures(50));
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync("one", "thumbnail");
        await Story.ScanAsync(library, tree);
        while (await Story.LeaseAsync() is { } lease) await Story.CommitAsync(lease, [.. lease.Items.Select(item => Story.Done(lease, item, folder, "blank"))]);
        var blob = Assert.Single((await Store.Blobs.BlobsAsync(null, 10, Cancellation)).Items);
        Assert.Equal(images, blob.References);

        var (left, steps) = ((long)images, 0);
        TakenOut taken;
        do
        {
            taken = await Store.Removal.TakeOutAsync(blob, Cancellation);
            left -= taken.Lacking.Count;
            steps++;
            Assert.InRange(taken.Lacking.Count, 1, 64);
            if (steps % 10 == 0) Assert.Equal(left, (await Story.AuditAsync()).Rows);
            Assert.Equal(left, Derivatives((await Store.Libraries.ListAsync(Cancellation)).Single()));
        }
        while (taken.End == TakeOutEnd.More);

        Assert.Equal((TakeOutEnd.Removed, (images + 63) / 64, 0), (taken.End, steps, left));
        Assert.Equal(0, (await Story.AuditAsync()).Rows);
        Assert.Equal((0, 0), (await FolderAsync() is var now ? (now.Blobs, now.Bytes) : default));
        Assert.Equal(TakeOutEnd.Other, (await Store.Removal.TakeOutAsync(blob, Cancellation)).End);
        // They are missing now, and a job over them makes them again.
        Assert.Equal(Math.Min(images, 1000), (await Store.Catalog.ToDeriveAsync(new(library.Id, ["thumbnail"]), null, 1000, Cancellation)).Items.Count);
    }

    [Fact]
    public async Task What_waits_in_the_trash_loses_its_link_as_well()
    {
        var (folder, library) = await MadeAsync(Story.Pictures(2), "same");
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(1)));
        var blob = Assert.Single((await Store.Blobs.BlobsAsync(null, 10, Cancellation)).Items);
        Assert.Equal(2, blob.References);

        var taken = await Store.Removal.TakeOutAsync(blob, Cancellation);

        Assert.Equal((TakeOutEnd.Removed, 1), (taken.End, taken.Lacking.Count));
        Assert.Equal((1, 0, 0), Counted(await Story.AuditAsync()));
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(2)));
        Assert.Equal((2, 0, 0), Counted(await Story.AuditAsync()));
        Assert.Equal(folder.Id, blob.Folder);
    }

    [Fact]
    public async Task A_row_that_has_another_file_meanwhile_stays()
    {
        var (folder, library) = await MadeAsync(Story.Pictures(1), "same");
        var before = Assert.Single((await Store.Blobs.BlobsAsync(null, 10, Cancellation)).Items);
        var images = await Store.Catalog.ToDeriveAsync(new(library.Id, ["thumbnail"], Force: true), null, 10, Cancellation);
        await Story.PlanAsync(new(library.Id, ["thumbnail"], Force: true), BatchPlan.Cut(images.Items, BatchClass.Normal));
        var forced = await Story.MustLeaseAsync();
        await Story.CommitAsync(forced, Story.Done(forced, forced.Items[0], folder, "same", size: 250));

        Assert.Equal(new(TakeOutEnd.Other, []), await Store.Removal.TakeOutAsync(before, Cancellation) is var taken ? taken with { Lacking = [] } : null);
        Assert.Equal((1, 1, 1), Counted(await Story.AuditAsync()));
    }

    [Fact]
    public async Task With_force_a_file_that_more_than_64_images_share_keeps_its_size()
    {
        var (folder, library) = await MadeAsync(Story.Pictures(65), "blank");
        var images = await Store.Catalog.ToDeriveAsync(new(library.Id, ["thumbnail"], Force: true), null, 10, Cancellation);
        await Story.PlanAsync(new(library.Id, ["thumbnail"], Force: true), BatchPlan.Cut(images.Items.Take(1), BatchClass.Normal));
        var forced = await Story.MustLeaseAsync();
        var made = Story.Done(forced, forced.Items[0], folder, "blank", size: 250);

        Assert.Equal([made.Derivatives![0].File!], (await Story.CommitAsync(forced, made)).Unused);
        await Story.AuditAsync();
        Assert.Equal(100, Assert.Single((await Store.Blobs.BlobsAsync(null, 10, Cancellation)).Items).Size);
    }

    private DateTimeOffset Before => Store.Time.GetUtcNow() - Grace;

    private async Task<(CacheFolder Folder, Library Library)> MadeAsync(Picture[] pictures, string? content = null)
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync("one", "thumbnail");
        await Story.ScanAsync(library, new Tree().With("sub", pictures));
        await DeriveAsync(folder, content);
        return (folder, library);
    }

    /// <param name="content">Of all of them; null: each its own, by its name.</param>
    private async Task DeriveAsync(CacheFolder folder, string? content = null)
    {
        while (await Story.LeaseAsync() is { } lease)
            await Story.CommitAsync(lease, [.. lease.Items.Select(item => Story.Done(lease, item, folder, content ?? item.Name.ToString()))]);
    }

    /// <summary>In pages of two.</summary>
    private async Task<IReadOnlyList<BlobRow>> UnreferencedAsync(FolderId folder, DateTimeOffset before)
    {
        var all = new List<BlobRow>();
        string? after = null;
        do
        {
            var page = await Store.Removal.UnreferencedAsync(folder, before, after, 2, Cancellation);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    private async Task<CacheFolder> FolderAsync() => (await Store.CacheFolders.ListAsync(Cancellation)).Single();

    private static long Derivatives(Library library) => library.Counters.Derivatives.GetValueOrDefault("thumbnail")?.Count ?? 0;

    private static (long, long, long) Counted(Audit audit) => (audit.Images, audit.Rows, audit.Blobs);
}
