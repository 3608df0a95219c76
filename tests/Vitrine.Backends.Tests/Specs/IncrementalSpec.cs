using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>What is known already: contents, which are not decoded again, and listings, which are not applied again.</summary>
public abstract class IncrementalSpec : StoreSpec
{
    private static readonly byte[] Digest = [1, 2, 3];

    [Fact]
    public async Task A_lease_brings_the_contents_of_its_sizes_that_are_made_already()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        var tree = new Tree().With("a", new Picture("1.jpg", Size: 500), new Picture("2.jpg", Size: 600));
        await Story.ScanAsync(library, tree);
        await Story.DeriveAllAsync(folder);

        await Story.ScanAsync(library, tree.With("b", new Picture("other.jpg", Stamp: 5, Size: 500)));
        var lease = await Story.MustLeaseAsync();

        Assert.Equal("other.jpg", lease.Items.Single().Name);
        Assert.Single(lease.Known!);
    }

    /// <summary>A folder that was packed: each of its pages is known.</summary>
    [Fact]
    public async Task A_sequential_archive_comes_with_as_many_contents_as_it_has_items()
    {
        const int pages = 1100;
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        var pictures = Story.PicturesOfSizes(5000, pages);
        await Story.ScanAsync(library, new Tree().With("a", pictures));
        await Story.DeriveAllAsync(folder);

        await Story.ScanAsync(library, new Tree().With("a", pictures).With("b.cbr", ContainerKind.SolidRar, 1, [.. pictures.Select(picture => picture with { Stamp = 2 })]));
        var lease = await Story.MustLeaseAsync();

        Assert.Equal((pages, pages), (lease.Items.Count, lease.Known!.Count));
    }

    /// <summary>Uncompressed pictures of a scanner have few sizes, and not as many of each.</summary>
    [Fact]
    public async Task A_thousand_contents_of_two_sizes_are_all_known()
    {
        const int many = 700, few = 300;
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        Picture[] scans = [.. Story.Pictures(many + few).Select((picture, i) => picture with { Size = i % 10 < 7 ? 5000 : 9000 })];
        await Story.ScanAsync(library, new Tree().With("a", scans));
        await Story.DeriveAllAsync(folder);

        await Story.ScanAsync(library, new Tree().With("a", scans).With("b", [.. scans.Take(20).Select(picture => picture with { Stamp = 2 })]));
        var lease = await Story.MustLeaseAsync();
        // The first of a collection goes alone, as its cover.
        if (lease.Items.Count == 1)
        {
            await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder));
            lease = await Story.MustLeaseAsync();
        }

        Assert.InRange(lease.Known!.Count, many + few, many + few + 1);
    }

    [Fact]
    public async Task Contents_that_went_or_changed_are_remembered_for_their_time()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("a", new Picture("1.jpg", Size: 500), new Picture("2.jpg", Size: 600)));
        await Story.DeriveAllAsync(folder);

        await Story.ScanAsync(library, new Tree().With("a", new Picture("1.jpg", Stamp: 2, Size: 500)).With("b", new Picture("3.jpg", Stamp: 2, Size: 600)));
        var known = new List<int>();
        while (await Story.LeaseAsync() is { } lease)
        {
            known.Add(lease.Known!.Count);
            await Story.CommitAsync(lease, [.. lease.Items.Select(item => new ItemResult(item.Item, Outcome.Failed, Reason.Corrupt))]);
        }

        Assert.Equal([1, 1], known);
    }

    [Fact]
    public async Task Without_all_the_derivatives_that_are_wanted_a_content_is_not_known()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync("one", "thumbnail");
        await Story.ScanAsync(library, new Tree().With("a", new Picture("1.jpg", Size: 500)));
        await Story.DeriveAllAsync(folder);
        var other = await Story.AddLibraryAsync("two", "thumbnail", "display");
        await Story.ScanAsync(other, new Tree().With("a", new Picture("1.jpg", Size: 500)));

        Assert.Empty((await Story.MustLeaseAsync()).Known!);
    }

    [Fact]
    public async Task A_listing_is_known_until_something_is_to_be_looked_at_or_the_mount_is_another()
    {
        var library = await Story.AddLibraryAsync();
        var root = await ListRootAsync(library);
        Assert.Equal(Digest, Assert.Single(await Store.Libraries.DirectoriesAsync([root], below: false, Cancellation)).Listing);

        await Store.Watching.NoteAsync(library.Id, [SourcePath.Root], Cancellation);
        Assert.Null(Assert.Single(await Store.Libraries.DirectoriesAsync([root], below: false, Cancellation)).Listing);
        await ListRootAsync(library);
        Assert.NotNull(Assert.Single(await Store.Libraries.DirectoriesAsync([root], below: false, Cancellation)).Listing);

        await Store.Libraries.UpdateAsync(library.Id, new("one", "/elsewhere", library.Settings, library.Mount), Cancellation);
        Assert.Null(Assert.Single(await Store.Libraries.DirectoriesAsync([root], below: false, Cancellation)).Listing);
        await ListRootAsync(library);
        Assert.NotNull(Assert.Single(await Store.Libraries.DirectoriesAsync([root], below: false, Cancellation)).Listing);
    }

    [Fact]
    public async Task At_another_root_the_inodes_of_the_former_one_do_not_count()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("", new Picture("1.jpg")));
        await Story.DeriveAllAsync(folder);

        await Store.Libraries.UpdateAsync(library.Id, new("one", "/elsewhere", library.Settings, library.Mount), Cancellation);
        var (answer, _) = await ListAsync(library, [new Picture("1.jpg").Found with { Version = new(1000, 1, 99) }]);
        Assert.Equal(0, answer.Changed);
        (answer, _) = await ListAsync(library, [new Picture("1.jpg").Found with { Version = new(1000, 1, 100) }]);
        Assert.Equal(1, answer.Changed);
    }

    [Fact]
    public async Task A_directory_that_is_to_be_looked_at_becomes_an_item_once()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("sub"));
        var scan = await Story.StartScanAsync(library);
        var lease = await Story.MustLeaseAsync();
        var below = (await Store.Libraries.DirectoriesAsync([lease.Collection], below: true, Cancellation))[0].Id;

        for (var i = 0; i < 2; i++) await Store.Libraries.ApplyAsync(lease, new(lease.Collection, [], [], true, Look: [below]), Cancellation);

        Assert.Equal(2, (await Story.JobAsync(scan)).Total);
    }

    /// <summary>That is no listing.</summary>
    [Fact]
    public async Task A_look_below_leaves_the_listing_known()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("sub"), step: lease => Story.Step(lease, new Tree().With("sub")) with { Listing = Digest });
        await Story.StartScanAsync(library);
        var lease = await Story.MustLeaseAsync();
        var below = (await Store.Libraries.DirectoriesAsync([lease.Collection], below: true, Cancellation))[0];

        await Store.Libraries.ApplyAsync(lease, new(lease.Collection, [], [], true, Look: [below.Id]), Cancellation);

        Assert.Equal([Digest, Digest], (await Store.Libraries.DirectoriesAsync([lease.Collection, below.Id], below: false, Cancellation)).Select(directory => directory.Listing));
    }

    [Fact]
    public async Task A_directory_that_was_renamed_or_moved_keeps_its_id_and_those_of_all_below_it()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("a", ContainerKind.Directory, 5, Story.Pictures(2)).With("a/b", ContainerKind.Directory, 6, Story.Pictures(3)).With("z", ContainerKind.Directory, 7));
        await Story.DeriveAllAsync(folder);
        var before = await PlacesAsync();

        var derive = await Story.ScanAsync(library, new Tree().With("z", ContainerKind.Directory, 9).With("z/A", ContainerKind.Directory, 5, Story.Pictures(2)).With("z/A/b", ContainerKind.Directory, 6, Story.Pictures(3)).Moved("a", "z/A").Moved("a/b", "z/A/b"));

        Assert.Equal((0, JobStatus.Completed), (derive.Total, derive.Status));
        var after = await PlacesAsync();
        Assert.Equal(before.Select(place => (place.Id, place.Images)), after.Select(place => (place.Id, place.Images)));
        Assert.Equal([("A", "z"), ("b", "z/A")], after.Select(place => (place.Name, place.Parent)));
        Assert.Equal((5, 10), Counted(await Story.AuditAsync()));
        Assert.Empty((await Store.Trash.ListAsync(Grants.All, library.Id, null, 10, Cancellation))!.Items);
        Assert.Equal(after[1].Id, Assert.Single((await Store.Catalog.CollectionsAsync(Grants.All, new(Search: "z/a/b"), Cancellation)).Items).Id);
    }

    /// <summary>A copy has an inode of its own, and on another mount the number says nothing.</summary>
    [Theory]
    [InlineData(6, true)]
    [InlineData(5, false)]
    public async Task A_directory_with_another_time_or_on_another_mount_is_another_directory(long stamp, bool sameMount)
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("a", ContainerKind.Directory, 5, Story.Pictures(2)));
        await Story.DeriveAllAsync(folder);
        var before = Assert.Single(await PlacesAsync());
        if (!sameMount) await Store.Libraries.UpdateAsync(library.Id, new("one", "/elsewhere", library.Settings, library.Mount), Cancellation);

        await Story.ScanAsync(library, new Tree().With("b", ContainerKind.Directory, stamp, Story.Pictures(2)).Moved("a", "b"));

        Assert.NotEqual(before.Id, Assert.Single(await PlacesAsync()).Id);
        Assert.Equal(2, (await Store.Trash.ListAsync(Grants.All, library.Id, null, 10, Cancellation))!.Items.Count);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_directory_that_was_listed_at_its_old_place_is_refused_and_listed_at_its_new_one()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree().With("a", ContainerKind.Directory, 5, Story.Pictures(2));
        await Story.ScanAsync(library, tree);
        var scan = (await Store.Jobs.AddAsync(new(Handler.Scan, new(library.Id, ["thumbnail"], [(await PlacesAsync())[0].Id])), Cancellation))!;
        await Store.Jobs.ControlAsync((await Story.ChildAsync((await Store.Jobs.ListAsync(new(Handler.Scan), Cancellation)).Items[1])).Id, new JobCommand.Cancel(), Cancellation);
        var late = await Story.MustLeaseAsync();
        await Story.StartScanAsync(library);
        var root = await Story.MustLeaseAsync();
        var moved = new Tree().With("b", ContainerKind.Directory, 5, Story.Pictures(2)).Moved("a", "b");
        await Story.ApplyAsync(root, moved);

        Assert.False((await Story.ApplyAsync(late, tree)).Accepted);
        await Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(late.Token), Cancellation);
        var again = await Story.MustLeaseAsync();
        Assert.Equal(("b", scan.Id), (again.Path.Text, again.Job));
        Assert.True((await Story.ApplyAsync(again, moved)).Accepted);
    }

    /// <summary>Two scans of one container: the one that listed it earlier writes later, and never comes to its end.</summary>
    [Theory]
    [InlineData(ContainerKind.Directory)]
    [InlineData(ContainerKind.Zip)]
    public async Task What_a_listing_said_that_never_ended_is_looked_at_again(ContainerKind kind)
    {
        var library = await Story.AddLibraryAsync();
        var (old, present) = (Of(1), Of(2));
        var derive = await Story.ScanAsync(library, old, step: lease => Ended(lease, old));
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Cancel(), Cancellation);
        var scan = (await Store.Jobs.AddAsync(new(Handler.Scan, new(library.Id, ["thumbnail"], [(await PlacesAsync())[0].Id])), Cancellation))!;
        var late = await Story.MustLeaseAsync();
        await Story.ScanAsync(library, present, step: lease => Ended(lease, present));
        Assert.Equal(2, (await Story.AnImageAsync()).Version.Stamp);

        Assert.True((await Store.Libraries.ApplyAsync(late, Story.Step(late, old) with { Last = false, Version = null }, Cancellation)).Accepted);
        await Store.Jobs.ControlAsync(scan.Id, new JobCommand.Cancel(), Cancellation);
        await Story.ScanAsync(library, present, step: lease => Ended(lease, present));

        Assert.Equal(2, (await Story.AnImageAsync()).Version.Stamp);

        Tree Of(long stamp) => new Tree().With("a", kind, stamp, new Picture("1.jpg", Stamp: stamp));
        ScanStep Ended(Lease lease, Tree tree) => Story.Step(lease, tree) with { Listing = lease.Kind == ContainerKind.Directory ? Digest : null };
    }

    private async Task<List<(CollectionId Id, string Name, string Parent, string Images)>> PlacesAsync()
    {
        var places = new List<(CollectionId, string, string, string)>();
        foreach (var collection in (await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items)
        {
            var images = (await Store.Catalog.ImagesAsync(Grants.All, collection.Id, null, 100, Cancellation))!.Items;
            places.Add((collection.Id, collection.Name, collection.ParentPath, string.Join(' ', images.Select(image => $"{image.Id} {image.State}"))));
        }
        return places;
    }

    private static (long, long) Counted(Audit audit) => (audit.Images, audit.Rows);

    private async Task<CollectionId> ListRootAsync(Library library) => (await ListAsync(library, [])).Root;

    private async Task<(ScanAnswer Answer, CollectionId Root)> ListAsync(Library library, IReadOnlyList<FoundImage> images)
    {
        await Story.StartScanAsync(library);
        var lease = await Story.MustLeaseAsync();
        var answer = await Store.Libraries.ApplyAsync(lease, new(lease.Collection, images, [], true, Last: true, Version: new(1, 2, 3), Listing: Digest), Cancellation);
        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Done));
        return (answer, lease.Collection);
    }
}
