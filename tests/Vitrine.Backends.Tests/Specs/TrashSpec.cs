using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>What is removed waits, comes back as it was, and goes for good after its time.</summary>
public abstract class TrashSpec : StoreSpec
{
    private static readonly Tree Full = new Tree().With("sub", Story.Pictures(3));
    private static readonly Tree Empty = new();

    [Fact]
    public async Task What_comes_back_has_its_id_its_collection_and_its_derivatives_and_is_no_work()
    {
        var library = await MadeAsync();
        var before = await ImagesAsync();

        await Story.ScanAsync(library, Empty);
        Assert.Empty(await ImagesAsync());
        Assert.Equal(0, (await Store.Libraries.ListAsync(Cancellation)).Single().Counters.Images);
        Assert.Equal((0, 0, 6), Counted(await Story.AuditAsync()));
        var back = await Story.ScanAsync(library, Full);

        Assert.Equal(0, (await Story.JobAsync(back)).Total);
        Assert.Equal(Places(before), Places(await ImagesAsync()));
        Assert.Equal((3, 6, 6), Counted(await Story.AuditAsync()));
        var counters = (await Store.Libraries.ListAsync(Cancellation)).Single().Counters;
        Assert.Equal((3, 3, 3), (counters.Images, counters.Ready, counters.Derivatives["thumbnail"].Count));
    }

    [Fact]
    public async Task Another_original_at_the_place_keeps_the_id_and_is_made()
    {
        var library = await MadeAsync();
        var before = await ImagesAsync();
        await Story.ScanAsync(library, Empty);

        var back = await Story.ScanAsync(library, new Tree().With("sub", [.. Story.Pictures(3).Select(picture => picture with { Stamp = 9 })]));

        Assert.Equal(3, (await Story.JobAsync(back)).Total);
        var after = await ImagesAsync();
        Assert.Equal(Places(before), Places(after));
        Assert.All(after, image => Assert.Equal(ImageState.New, image.State));
        Assert.Equal((3, 0, 6), Counted(await Story.AuditAsync()));
    }

    [Fact]
    public async Task What_had_failed_comes_back_as_failed_and_stands_in_the_inbox_again()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree().With("sub", Story.Pictures(1));
        await Story.ScanAsync(library, tree);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Failed, Reason.Corrupt));

        await Story.ScanAsync(library, Empty);
        Assert.Empty(await Store.Failures.GroupsAsync(Grants.All, Cancellation));
        await Story.ScanAsync(library, tree);

        Assert.Equal(1, Assert.Single(await Store.Failures.GroupsAsync(Grants.All, Cancellation)).Count);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task After_its_time_it_is_forgotten_and_its_blobs_are_unreferenced()
    {
        var library = await MadeAsync();
        var before = await ImagesAsync();
        await Story.ScanAsync(library, Empty);
        Assert.False(await Store.Trash.ForgetRemovedAsync(Store.Time.GetUtcNow(), 100, Cancellation));

        var later = Store.Time.GetUtcNow() + TimeSpan.FromDays(1);
        while (await Store.Trash.ForgetRemovedAsync(later, 1, Cancellation)) await Story.AuditAsync();
        Assert.All((await Store.Blobs.BlobsAsync(null, 10, Cancellation)).Items, blob => Assert.Equal(0, blob.References));
        var back = await Story.ScanAsync(library, Full);

        Assert.Equal(3, (await Story.JobAsync(back)).Total);
        Assert.Empty((await ImagesAsync()).Select(image => image.Id).Intersect(before.Select(image => image.Id)));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task It_is_listed_in_pages_to_those_who_may_see_it_and_forgotten_on_demand()
    {
        var library = await MadeAsync();
        var before = await ImagesAsync();
        Assert.Equal(0, await Store.Trash.ForgetAsync(library.Id, 10, Cancellation));
        await Story.ScanAsync(library, Empty);

        var first = (await Store.Trash.ListAsync(Grants.All, library.Id, null, 2, Cancellation))!;
        var rest = (await Store.Trash.ListAsync(Grants.Of([library.Id]), library.Id, first.Next, 2, Cancellation))!;
        Assert.Equal(before.Select(image => (image.Id, "sub", image.Name)).Order(), first.Items.Concat(rest.Items).Select(image => (image.Id, image.Place.Text, image.Name)).Order());
        Assert.Null(rest.Next);
        Assert.Null(await Store.Trash.ListAsync(Grants.Of([]), library.Id, null, 2, Cancellation));
        Assert.Null(await Store.Trash.ListAsync(Grants.All, new(999), null, 2, Cancellation));

        Assert.Equal(2, await Store.Trash.ForgetAsync(library.Id, 2, Cancellation));
        await Story.AuditAsync();
        Assert.Equal(1, await Store.Trash.ForgetAsync(library.Id, 2, Cancellation));
        Assert.Empty((await Store.Trash.ListAsync(Grants.All, library.Id, null, 2, Cancellation))!.Items);
        Assert.All((await Store.Blobs.BlobsAsync(null, 10, Cancellation)).Items, blob => Assert.Equal(0, blob.References));
    }

    [Fact]
    public async Task A_library_that_goes_takes_its_trash_with_it()
    {
        var library = await MadeAsync();
        await Story.ScanAsync(library, Empty);

        await Store.Libraries.RemoveAsync(library.Id, Cancellation);
        while (await Store.Libraries.SweepRemovedAsync(1, Cancellation)) await Story.AuditAsync();

        Assert.All((await Store.Blobs.BlobsAsync(null, 10, Cancellation)).Items, blob => Assert.Equal(0, blob.References));
    }

    private async Task<Library> MadeAsync()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, Full);
        await Story.DeriveAllAsync(folder);
        return library;
    }

    private async Task<IReadOnlyList<ImageSummary>> ImagesAsync()
    {
        var collections = (await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items;
        return collections.Count == 0 ? [] : (await Store.Catalog.ImagesAsync(Grants.All, collections[0].Id, null, 100, Cancellation))!.Items;
    }

    private static IEnumerable<(ImageId, CollectionId, string)> Places(IEnumerable<ImageSummary> images) => images.Select(image => (image.Id, image.Collection, image.Name));

    private static (long, long, long) Counted(Audit audit) => (audit.Images, audit.Rows, audit.Blobs);
}
