using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>The ledger and the files: shared blobs, references, force, room.</summary>
public abstract class LedgerBlobSpec : StoreSpec
{
    [Fact]
    public async Task Equal_pictures_share_a_blob_and_the_second_file_is_not_used()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync("one", "thumbnail");
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(3)));
        var unused = new List<BlobFile>();
        while (await Story.LeaseAsync() is { } lease)
        {
            unused.AddRange((await Story.CommitAsync(lease, [.. lease.Items.Select(i => Story.Done(lease, i, folder, "same"))])).Unused);
        }

        Assert.Equal(2, unused.Count);
        var audit = await Story.AuditAsync();
        Assert.Equal((3, 1), (audit.Rows, audit.Blobs));
        Assert.Equal(3, Assert.Single((await Store.Blobs.BlobsAsync(null, 10, Cancellation)).Items).References);
        Assert.Equal(new(3, 300), (await Store.Libraries.ListAsync(Cancellation)).Single().Counters.Derivatives["thumbnail"]);
        Assert.Equal((1, 100), ((await Store.CacheFolders.ListAsync(Cancellation)).Single().Blobs, (await Store.CacheFolders.ListAsync(Cancellation)).Single().Bytes));

        await Story.ScanAsync(library, new Tree());
        audit = await Story.AuditAsync();
        Assert.Equal((0, 0, 1), (audit.Images, audit.Rows, audit.Blobs)); // Unreferenced, until a clean-up after its grace.
    }

    [Fact]
    public async Task A_link_to_a_row_that_is_gone_leaves_the_item_open()
    {
        var folder = await Story.AddFolderAsync();
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var lease = await Story.MustLeaseAsync();
        var made = Story.Done(lease, lease.Items[0], folder);

        var answer = await Story.CommitAsync(lease, made with { Derivatives = [made.Derivatives![0], made.Derivatives[1] with { File = null }] });

        Assert.Equal((CommitState.Accepted, 1), (answer.State, answer.Unused.Count));
        Assert.Equal([lease.Items[0].Item], answer.Open);
        Assert.Equal(CommitState.Accepted, (await Story.CommitAsync(lease, made)).State);
        Assert.Equal(2, (await Story.AuditAsync()).Rows);
    }

    [Fact]
    public async Task A_key_that_has_a_row_is_linked_without_a_file()
    {
        var folder = await Story.AddFolderAsync();
        await Story.ScanAsync(await Story.AddLibraryAsync("one", "thumbnail"), new Tree().With("sub", Story.Pictures(2)));
        var cover = await Story.MustLeaseAsync();
        var made = Story.Done(cover, cover.Items[0], folder, "same");
        await Story.CommitAsync(cover, made);
        var rest = await Story.MustLeaseAsync();
        var linked = Story.Done(rest, rest.Items[0], folder, "same");

        await Story.CommitAsync(rest, linked with { Derivatives = [linked.Derivatives![0] with { File = null }] });

        var audit = await Story.AuditAsync();
        Assert.Equal((2, 1), (audit.Rows, audit.Blobs));
    }

    [Fact]
    public async Task With_force_the_row_takes_the_new_file_and_every_counter_its_size()
    {
        var (one, two) = (await Story.AddFolderAsync(), await Story.AddFolderAsync(path: "/cache/two"));
        var library = await Story.AddLibraryAsync("one", "thumbnail");
        var tree = new Tree().With("sub", Story.Pictures(1)).With("other", Story.Pictures(1));
        await Story.ScanAsync(library, tree);
        BlobFile? old = null;
        while (await Story.LeaseAsync() is { } lease)
        {
            var made = Story.Done(lease, lease.Items[0], one, "same");
            old ??= made.Derivatives![0].File;
            await Story.CommitAsync(lease, made);
        }
        var images = await Store.Catalog.ToDeriveAsync(new(library.Id, ["thumbnail"], Force: true), null, 10, Cancellation);
        await Story.PlanAsync(new(library.Id, ["thumbnail"], Force: true), BatchPlan.Cut(images.Items.Take(1), BatchClass.Normal));
        var forced = await Story.MustLeaseAsync();
        Assert.True(forced.Force);
        Assert.Equal(["thumbnail"], forced.Items[0].Presets.Select(preset => preset.Name));

        var answer = await Story.CommitAsync(forced, Story.Done(forced, forced.Items[0], two, "same", size: 250));

        Assert.Equal([old!], answer.Unused);
        await Story.AuditAsync();
        Assert.Equal(new(2, 500), (await Store.Libraries.ListAsync(Cancellation)).Single().Counters.Derivatives["thumbnail"]);
        Assert.Equal([(0, 0), (1, 250)], (await Store.CacheFolders.ListAsync(Cancellation)).Select(f => (f.Blobs, f.Bytes)));
    }

    [Fact]
    public async Task A_changed_original_loses_what_was_made_of_the_old_one()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(2)));
        await Story.DeriveAllAsync(folder);

        var derive = await Story.ScanAsync(library, new Tree().With("sub", new Picture("00001.jpg", Stamp: 2), new Picture("00002.jpg")));

        Assert.Equal(1, derive.Total);
        var audit = await Story.AuditAsync();
        Assert.Equal((2, 2, 4), (audit.Images, audit.Rows, audit.Blobs));
        await Story.DeriveAllAsync(folder);
        Assert.Equal(4, (await Story.AuditAsync()).Rows);
    }

    [Fact]
    public async Task Presets_without_room_are_not_made_and_the_image_is_done()
    {
        var folder = await Story.AddFolderAsync();
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var lease = await Story.MustLeaseAsync();
        var made = Story.Done(lease, lease.Items[0], folder);
        await Story.CommitAsync(lease, made with { Derivatives = [made.Derivatives![0]], NoRoom = ["display"] });
        Assert.Equal(1, (await Story.JobAsync(derive)).Completed);
        Assert.Equal(1, (await Store.Libraries.ListAsync(Cancellation)).Single().Counters.Ready);
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_though_nothing_was_reserved()
    {
        var folder = await Story.AddFolderAsync(limit: 150);
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var lease = await Story.MustLeaseAsync();
        var answer = await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder));
        Assert.Single(answer.Unused);
        Assert.Equal(100, (await Store.CacheFolders.ListAsync(Cancellation)).Single().Bytes);
        await Story.AuditAsync();
    }
}
