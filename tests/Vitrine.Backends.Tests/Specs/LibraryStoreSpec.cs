using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Libraries, and what scans change in them.</summary>
public abstract class LibraryStoreSpec : StoreSpec
{
    [Fact]
    public async Task Roots_neither_equal_nor_contain_one_another()
    {
        Assert.NotNull(await AddAsync("/pictures/a"));
        Assert.Null(await AddAsync("/pictures/a"));
        Assert.Null(await AddAsync("/pictures"));
        Assert.Null(await AddAsync("/pictures/a/b"));
        Assert.Null(await AddAsync("/"));
        Assert.NotNull(await AddAsync("/pictures/ab"));

        Task<Library?> AddAsync(string root) =>
            Store.Libraries.AddAsync(new(root, root, LibrarySettings.Default, new("disk", "ext4")), Cancellation);
    }

    [Fact]
    public async Task A_library_comes_back_as_it_was_changed()
    {
        var library = await Story.AddLibraryAsync();
        var settings = new LibrarySettings(["medium"], ["*.tmp", "ä/**"], AllowMetadata: true);
        Assert.True(await Store.Libraries.UpdateAsync(library.Id, new("Zwei", "/elsewhere", settings, new("nas:/x", "nfs4")), Cancellation));
        var changed = Assert.Single(await Store.Libraries.ListAsync(Cancellation));
        Assert.Equal(("Zwei", "/elsewhere", new MountIdentity("nas:/x", "nfs4")), (changed.Name, changed.Root, changed.Mount));
        Assert.True(changed.Settings.AllowMetadata);
        Assert.Equal(["medium"], changed.Settings.Presets);
        Assert.Equal(["*.tmp", "ä/**"], changed.Settings.Exclude);
        Assert.False(await Store.Libraries.UpdateAsync(new(999), new("x", "/x", settings, new("", "")), Cancellation));
    }

    [Fact]
    public async Task Repeating_a_step_writes_no_row()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree().With("", Story.Pictures(5)).With("sub", Story.Pictures(2));
        await Story.StartScanAsync(library);
        var lease = await Story.MustLeaseAsync();
        var first = await Story.ApplyAsync(lease, tree);
        var before = await Store.RowsWrittenAsync();

        var again = await Story.ApplyAsync(lease, tree);

        Assert.Equal((5, 0, 0), (first.Added, first.Changed, first.Removed));
        Assert.Equal((0, 0, 0), (again.Added, again.Changed, again.Removed));
        Assert.Equal(first.Images, again.Images);
        Assert.Equal(first.Containers, again.Containers);
        Assert.Equal(before, await Store.RowsWrittenAsync());
    }

    [Fact]
    public async Task A_second_scan_of_an_unchanged_tree_plans_nothing_and_is_complete()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree().With("sub", Story.Pictures(3)).With("a.cbz", ContainerKind.Zip, 1, Story.Pictures(2));
        await Story.ScanAsync(library, tree);
        var derive = await Story.ScanAsync(library, tree);
        Assert.Equal((0, JobStatus.Completed), (derive.Total, derive.Status));
        var scan = (await Store.Jobs.GetAsync(derive.Parent!.Value, Cancellation))!;
        Assert.Equal((2, 2, JobStatus.Completed), (scan.Total, scan.Completed, scan.Status)); // The root and "sub": the archive is as it was.
        Assert.Equal(Store.Time.GetUtcNow(), (await Store.Libraries.ListAsync(Cancellation)).Single().LastScanAt);
    }

    [Fact]
    public async Task A_scan_counts_what_it_finds_as_it_goes_and_is_over_only_at_the_end()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree().With("a").With("a/b").With("a/b/c", Story.Pictures(1));
        var scan = await Story.StartScanAsync(library);
        for (var depth = 1; depth <= 4; depth++)
        {
            var lease = await Story.MustLeaseAsync();
            await Story.ApplyAsync(lease, tree);
            var found = await Story.JobAsync(scan);
            Assert.Equal((Math.Min(depth + 1, 4), depth - 1), (found.Total, found.Completed));
            await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Done));
        }
        Assert.Equal(JobStatus.Completed, (await Story.JobAsync(scan)).Status);
    }

    [Fact]
    public async Task A_cancelled_scan_lets_its_derive_job_finish_what_was_found()
    {
        var folder = await Story.AddFolderAsync();
        var scan = await Story.StartScanAsync(await Story.AddLibraryAsync());
        var lease = await Story.MustLeaseAsync();
        await Story.ApplyAsync(lease, new Tree().With("", Story.Pictures(2)).With("sub"));
        await Store.Jobs.ControlAsync(scan.Id, new JobCommand.Cancel(), Cancellation);

        Assert.False((await Story.ApplyAsync(lease, new Tree().With("", Story.Pictures(9)))).Accepted);
        await Story.DeriveAllAsync(folder);

        scan = await Story.JobAsync(scan);
        Assert.Equal((JobStatus.Cancelled, 2, 2), (scan.Status, scan.Total, scan.Cancelled));
        var child = await Story.ChildAsync(scan);
        Assert.Equal((JobStatus.Completed, 2), (child.Status, child.Completed));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Steps_of_a_container_add_up_and_what_none_of_them_saw_is_removed()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("", Story.Pictures(4)).With("gone", Story.Pictures(3)).With("gone/below", Story.Pictures(2)));
        await Story.DeriveAllAsync(folder);

        await Story.StartScanAsync(library);
        var lease = await Story.MustLeaseAsync();
        var found = Story.Pictures(3).Select(p => p.Found).ToList();
        var first = await Store.Libraries.ApplyAsync(lease, new(lease.Collection, found[..2], [], true), Cancellation);
        var seen = new ScanSeen(first.Images.ToHashSet(), new HashSet<CollectionId>());
        var last = await Store.Libraries.ApplyAsync(lease, new(lease.Collection, found[2..], [], true, Last: true, seen, new(1, 1, 7)), Cancellation);

        Assert.Equal((0, 6), (first.Removed, last.Removed));
        Assert.Equal(9, (await Story.AuditAsync()).Images); // What went is noted until the scan is over.
        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Done));
        var audit = await Story.AuditAsync();
        Assert.Equal((3, 6), (audit.Images, audit.Rows));
        Assert.Equal(1, (await Store.Libraries.ListAsync(Cancellation)).Single().Counters.Collections);
    }

    [Fact]
    public async Task A_container_that_cannot_be_read_keeps_what_it_has_and_says_why()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree().With("a.cbz", ContainerKind.Zip, 1, Story.Pictures(2));
        await Story.ScanAsync(library, tree);
        await FailAsync(tree.With("a.cbz", ContainerKind.Zip, 2, Story.Pictures(2)), Reason.ArchiveCorrupt, stamp: 2);

        Assert.Equal((2, 1), await CountersAsync());
        Assert.Equal(Reason.ArchiveCorrupt, (await CollectionAsync()).Reason);
        Assert.Equal(1, (await Story.JobAsync((await Store.Jobs.GetAsync((await Story.ScanAsync(library, tree)).Parent!.Value, Cancellation))!)).Total); // Corrupt stays so until it changes.

        await FailAsync(tree.With("a.cbz", ContainerKind.Zip, 3, Story.Pictures(2)), Reason.SourceUnreadable, stamp: 3);
        await Story.ScanAsync(library, tree); // A retryable reason is looked at again, though its version is the same.
        Assert.Equal((2, 0), await CountersAsync());
        Assert.Null((await CollectionAsync()).Reason);
        await Story.AuditAsync();

        async Task FailAsync(Tree found, string reason, long stamp)
        {
            await Story.StartScanAsync(library);
            var root = await LeaseScanAsync();
            await Story.ApplyAsync(root, found);
            await Story.CommitAsync(root, new ItemResult(root.Items[0].Item, Outcome.Done));
            var archive = await LeaseScanAsync();
            await Store.Libraries.ApplyAsync(archive, new(archive.Collection, [], [], true, Last: true, Version: new(1, stamp, 7), Reason: reason), Cancellation);
            await Story.CommitAsync(archive, new ItemResult(archive.Items[0].Item, Outcome.Failed, reason));
        }

        async Task<Lease> LeaseScanAsync()
        {
            while (true)
            {
                var lease = await Story.MustLeaseAsync();
                if (lease.Handler == Handler.Scan) return lease;
            }
        }

        async Task<(long, long)> CountersAsync()
        {
            var counters = (await Store.Libraries.ListAsync(Cancellation)).Single().Counters;
            return (counters.Images, counters.FailedContainers);
        }

        async Task<Collection> CollectionAsync() => (await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items.Single();
    }

    [Fact]
    public async Task A_note_that_is_written_while_a_scan_runs_outlives_its_last_step()
    {
        var library = await Story.AddLibraryAsync();
        await Story.AddFolderAsync();
        await Story.StartScanAsync(library);
        var scan = await Story.MustLeaseAsync();
        await Store.Libraries.ApplyAsync(scan, new(scan.Collection, [.. Story.Pictures(1).Select(p => p.Found)], [], true), Cancellation);
        var derive = await Story.MustLeaseAsync();
        await Story.CommitAsync(derive, new ItemResult(derive.Items[0].Item, Outcome.Skipped, Reason.SourceChanged));
        Assert.Single(await Store.Watching.ToRevisitAsync(library.Id, Store.Time.GetUtcNow(), 10, Cancellation));

        await Store.Libraries.ApplyAsync(scan, new(scan.Collection, [.. Story.Pictures(1).Select(p => p.Found)], [], true, Last: true, Version: new(1, 2, 3)), Cancellation);
        await Story.CommitAsync(scan, new ItemResult(scan.Items[0].Item, Outcome.Done));

        Assert.Equal([scan.Collection], await Store.Watching.ToRevisitAsync(library.Id, Store.Time.GetUtcNow(), 10, Cancellation));
    }

    [Fact]
    public async Task What_a_cancelled_job_left_is_planned_by_the_next_scan_once()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree().With("sub", Story.Pictures(3));
        var cancelled = await Story.ScanAsync(library, tree);
        await Store.Jobs.ControlAsync(cancelled.Id, new JobCommand.Cancel(), Cancellation);

        var next = await Story.ScanAsync(library, tree);
        var another = await Story.ScanAsync(library, tree);

        Assert.Equal(3, (await Story.JobAsync(next)).Total);
        Assert.Equal(0, (await Story.JobAsync(another)).Total);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task What_was_not_settled_is_noted_and_a_later_look_clears_it()
    {
        var library = await Story.AddLibraryAsync();
        await Story.StartScanAsync(library);
        var lease = await Story.MustLeaseAsync();
        await Store.Libraries.ApplyAsync(lease, new(lease.Collection, [], [], true, Last: true, Reason: Reason.NotSettled), Cancellation);
        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Done));
        Assert.Equal([lease.Collection], await Store.Watching.ToRevisitAsync(library.Id, Store.Time.GetUtcNow(), 10, Cancellation));

        await Story.ScanAsync(library, new Tree());

        Assert.Empty(await Store.Watching.ToRevisitAsync(library.Id, Store.Time.GetUtcNow(), 10, Cancellation));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task An_original_that_was_missing_and_is_back_is_made()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree().With("sub", Story.Pictures(1));
        await Story.ScanAsync(library, tree);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Failed, Reason.SourceMissing));
        Assert.Equal(1, (await Story.ScanAsync(library, tree)).Total);
        Assert.Equal(0, (await Store.Libraries.ListAsync(Cancellation)).Single().Counters.Failed);
    }

    [Fact]
    public async Task On_another_mount_the_inode_does_not_count_and_is_recorded_anew()
    {
        var library = await Story.AddLibraryAsync();
        var moved = new Picture("1.jpg").Found with { Version = new(1000, 1, 99) };
        await Story.ScanAsync(library, new Tree().With("", new Picture("1.jpg")));
        Assert.Equal((0, 99), await LookAsync(sameMount: false));
        Assert.Equal((0, 99), await LookAsync(sameMount: true));

        async Task<(int, long)> LookAsync(bool sameMount)
        {
            await Store.Jobs.ControlAsync((await Store.Jobs.ListAsync(new(Handler.Derive), Cancellation)).Items[^1].Id, new JobCommand.Cancel(), Cancellation);
            await Story.StartScanAsync(library);
            var lease = await Story.MustLeaseAsync();
            var answer = await Store.Libraries.ApplyAsync(lease, new(lease.Collection, [moved], [], sameMount, Last: true), Cancellation);
            await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Done));
            return (answer.Changed, (await Store.Catalog.ImageAsync(Grants.All, answer.Images[0], Cancellation))!.Version.Inode);
        }
    }

    [Fact]
    public async Task The_cover_is_the_first_in_order_and_follows_what_comes_before_it()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("", new Picture("b.jpg"), new Picture("c.jpg")));
        Assert.Equal("b.jpg", await CoverAsync());
        await Story.ScanAsync(library, new Tree().With("", new Picture("a.jpg"), new Picture("b.jpg")));
        Assert.Equal("a.jpg", await CoverAsync());
        await Story.ScanAsync(library, new Tree().With("", new Picture("b.jpg")));
        Assert.Equal("b.jpg", await CoverAsync());

        async Task<string> CoverAsync() => (await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items.Single().Cover!.Name;
    }

    [Fact]
    public async Task Removing_a_library_takes_all_of_it_cancels_its_jobs_and_fences_its_leases()
    {
        var folder = await Story.AddFolderAsync();
        var (one, two) = (await Story.AddLibraryAsync("one"), await Story.AddLibraryAsync("two"));
        foreach (var library in new[] { one, two })
        {
            await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(2)));
            await Story.DeriveAllAsync(folder);
        }
        var job = await Story.PlanAsync(new(one.Id, ["medium"]), BatchPlan.Cut(
            (await Store.Catalog.ToDeriveAsync(new(one.Id, ["medium"]), null, 10, Cancellation)).Items, BatchClass.Normal));
        var lease = await Story.MustLeaseAsync();
        await Store.CacheFolders.ReserveAsync(lease.Token, folder.Id, 1000, Cancellation);

        Assert.True(await Store.Libraries.RemoveAsync(one.Id, Cancellation));

        Assert.Equal(CommitState.Fenced, (await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder))).State);
        Assert.Equal((JobStatus.Cancelled, 2), ((await Story.JobAsync(job)).Status, (await Story.JobAsync(job)).Cancelled));
        var steps = 0;
        for (; await Store.Libraries.SweepRemovedAsync(1, Cancellation); steps++) await Story.AuditAsync();
        Assert.Equal(5, steps); // Two images, two collections, the library.
        var audit = await Story.AuditAsync();
        Assert.Equal((2, 4, 8), (audit.Images, audit.Rows, audit.Blobs));
        Assert.Equal(0, (await Store.CacheFolders.ListAsync(Cancellation)).Single().ReservedBytes);
        Assert.Null(await Story.LeaseAsync());
        Assert.False(await Store.Libraries.RemoveAsync(one.Id, Cancellation));
        Assert.NotNull(await Store.Libraries.AddAsync(new("one", "/pictures/one", LibrarySettings.Default, new("", "")), Cancellation));
    }

    /// <summary>However long its rows stay: two million images are not deleted in a moment.</summary>
    [Fact]
    public async Task A_removed_library_is_gone_for_all_who_read_or_work_before_its_rows_are()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(2)));
        var collection = (await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items.Single().Id;
        var image = (await Store.Catalog.ImagesAsync(Grants.All, collection, null, 10, Cancellation))!.Items[0].Id;
        var failing = await Story.MustLeaseAsync();
        await Story.CommitAsync(failing, new ItemResult(failing.Items[0].Item, Outcome.Failed, Reason.Corrupt));
        Assert.NotEmpty(await Store.Failures.GroupsAsync(Grants.All, Cancellation));

        Assert.True(await Store.Libraries.RemoveAsync(library.Id, Cancellation));

        Assert.Equal(2, (await Story.AuditAsync()).Images);
        Assert.Empty(await Store.Libraries.ListAsync(Cancellation));
        Assert.False(await Store.Libraries.UpdateAsync(library.Id, new("new", "/new", LibrarySettings.Default, new("", "")), Cancellation));
        Assert.Empty((await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items);
        Assert.Null(await Store.Catalog.CollectionAsync(Grants.All, collection, Cancellation));
        Assert.Null(await Store.Catalog.ImagesAsync(Grants.All, collection, null, 10, Cancellation));
        Assert.Null(await Store.Catalog.ImageAsync(Grants.All, image, Cancellation));
        Assert.Null(await Store.Catalog.NeighboursAsync(Grants.All, image, Cancellation));
        Assert.Null(await Store.Catalog.RandomAsync(Grants.All, 0.5, Cancellation));
        Assert.Empty(await Store.Failures.GroupsAsync(Grants.All, Cancellation));
        Assert.Null(await Store.Jobs.AddAsync(new(Handler.Scan, new(library.Id, ["thumbnail"])), Cancellation));
        Assert.Null(await Story.LeaseAsync());
        Assert.NotNull(await Store.Libraries.AddAsync(new("one", library.Root, LibrarySettings.Default, new("", "")), Cancellation));
    }

    [Fact]
    public async Task Names_are_bytes()
    {
        var library = await Story.AddLibraryAsync();
        await Story.StartScanAsync(library);
        var lease = await Story.MustLeaseAsync();
        FoundImage Odd(byte[] raw, int occurrence) => new(new(raw), occurrence, "\uFFFD.jpg", [1], new(1, 1, 1));
        var path = SourcePath.FromBytes([0xFF, (byte)'/', 0xFE]);
        var answer = await Store.Libraries.ApplyAsync(
            lease,
            new(lease.Collection, [Odd([0xFE], 0), Odd([0xFF], 0), Odd([0xFF], 1)], [new(ContainerKind.Directory, path, "\uFFFD", [1], new(1, 1, 1))], true, true),
            Cancellation);
        Assert.Equal(3, answer.Added);
        Assert.Equal([0xFF], (await Store.Catalog.ImageAsync(Grants.All, answer.Images[1], Cancellation))!.RawName.Bytes);
        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Done));
        while (await Story.LeaseAsync() is { } next)
        {
            if (next.Handler == Handler.Scan) Assert.Equal(path, next.Path);
        }
    }
}
