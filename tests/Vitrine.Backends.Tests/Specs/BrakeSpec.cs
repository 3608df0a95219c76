using Vitrine.Core.Alerts;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>A scan that finds much gone or changed applies none of it; what is little is applied at its end.</summary>
public abstract class BrakeSpec : StoreSpec
{
    private static readonly BrakeLimits Limits = new(Images: 2, Percent: 10);
    private static readonly Tree Full = new Tree().With("a", Sized("a", 5)).With("b", Sized("b", 5)).With("c/d", Sized("d", 10)).With("c");
    private CacheFolder? _folder;

    [Fact]
    public async Task What_is_little_is_applied_at_the_end_of_the_scan_and_not_before()
    {
        var library = await MadeAsync();
        var scan = await Story.StartScanAsync(library);
        await ScanOneAsync(Without("a", 2));
        var below = await ScanOneAsync(Without("a", 2), end: false);
        while (below.Path.Text != "a")
        {
            await EndAsync(below);
            below = await ScanOneAsync(Without("a", 2), end: false);
        }
        Assert.Equal(20, await ImagesAsync());

        await EndAsync(below);
        while (await Story.LeaseAsync() is { } lease) await ApplyAndEndAsync(lease, Without("a", 2));

        Assert.Equal(JobStatus.Completed, (await Story.JobAsync(scan)).Status);
        Assert.Equal(18, await ImagesAsync());
        Assert.Empty(await Store.Brakes.ListAsync(Cancellation));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task What_is_much_is_held_whole_with_its_counts_one_alert_and_the_scan_that_says_so()
    {
        var library = await MadeAsync();
        var tree = Without("a", 2).Without("c/d").With("new", Sized("n", 3, 999)).With("b", [.. Sized("b", 4), new("b5.jpg", 2, 7777)]);

        var derive = await ScanAsync(library, tree);

        Assert.Equal(3, derive.Total); // What was added is made; nothing that went or changed is touched.
        Assert.Equal(23, await ImagesAsync());
        var held = Assert.Single(await Store.Brakes.ListAsync(Cancellation)).Value;
        Assert.Equal((false, 12, 1), (held.Applying, held.Removed, held.Redone));
        var scan = (await Store.Jobs.GetAsync(held.Scan, Cancellation))!;
        Assert.Equal((JobStatus.Completed, Reason.Brake), (scan.Status, scan.Reason));
        Assert.Contains("12 images", scan.Message, StringComparison.Ordinal);
        Assert.Equal((AlertCode.Brake, 1), await AlertAsync());
        Assert.Equal((23, 40), Counted(await Story.AuditAsync()));

        await ScanAsync(library, tree);
        Assert.Equal((AlertCode.Brake, 1), await AlertAsync());
        Assert.Equal(12, Assert.Single(await Store.Brakes.ListAsync(Cancellation)).Value.Removed);
    }

    [Fact]
    public async Task Approved_it_is_applied_page_by_page_and_what_changed_is_made_by_another_scan()
    {
        var library = await MadeAsync();
        var tree = Without("a", 2).Without("c/d").With("b", [.. Sized("b", 4), new("b5.jpg", 2, 7777)]);
        await ScanAsync(library, tree);
        Assert.False(await Store.Brakes.ApplyAsync(100, Cancellation));

        Assert.True(await Store.Brakes.DecideAsync(library.Id, BrakeVerdict.Approve, Cancellation));
        Assert.False(await Store.Brakes.DecideAsync(library.Id, BrakeVerdict.Reject, Cancellation));
        var pages = 0;
        for (; await Store.Brakes.ApplyAsync(3, Cancellation); pages++) await Story.AuditAsync();

        Assert.InRange(pages, 4, 7);
        Assert.Equal(8, await ImagesAsync());
        Assert.Empty(await Store.Brakes.ListAsync(Cancellation));
        Assert.Empty((await Store.Alerts.ListAsync(Grants.All, open: true, null, 10, Cancellation)).Items);
        Assert.Single(await Store.Watching.ToRevisitAsync(library.Id, Store.Time.GetUtcNow(), 10, Cancellation));
        Assert.Equal(1, (await ScanAsync(library, tree)).Total);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Rejected_all_stays_until_a_scan_finds_it_again()
    {
        var library = await MadeAsync();
        var tree = Without("a", 0).Without("c/d");
        await ScanAsync(library, tree);

        Assert.True(await Store.Brakes.DecideAsync(library.Id, BrakeVerdict.Reject, Cancellation));
        Assert.False(await Store.Brakes.DecideAsync(library.Id, BrakeVerdict.Approve, Cancellation));
        Assert.Equal(20, await ImagesAsync());
        Assert.Empty((await Store.Alerts.ListAsync(Grants.All, open: true, null, 10, Cancellation)).Items);

        await ScanAsync(library, tree);
        Assert.Equal(10, Assert.Single(await Store.Brakes.ListAsync(Cancellation)).Value.Removed);
        Assert.Equal((AlertCode.Brake, 2), await AlertAsync());
    }

    [Fact]
    public async Task What_comes_back_takes_its_part_of_the_hold_away()
    {
        var library = await MadeAsync();
        await ScanAsync(library, Without("a", 2).Without("c/d"));

        await ScanAsync(library, Without("a", 2));
        Assert.Equal(18, await ImagesAsync()); // The two that are still gone are few.
        Assert.Empty(await Store.Brakes.ListAsync(Cancellation));
        Assert.Empty((await Store.Alerts.ListAsync(Grants.All, open: true, null, 10, Cancellation)).Items);

        await ScanAsync(library, new Tree());
        Assert.Equal(18, Assert.Single(await Store.Brakes.ListAsync(Cancellation)).Value.Removed);
        await ScanAsync(library, Full);
        Assert.Equal((20, 40), Counted(await Story.AuditAsync()));
        Assert.Empty(await Store.Brakes.ListAsync(Cancellation));
    }

    /// <summary>Moved, packed or unpacked: what is gone here and new there is no loss, whichever of the two a scan sees first.</summary>
    [Theory]
    [InlineData("e")]
    [InlineData("A")]
    public async Task What_is_found_elsewhere_is_not_counted_as_lost(string to)
    {
        var library = await MadeAsync();
        var moved = Without("a", 0).Without("c/d").Without("c").With(to, ContainerKind.Zip, 3, Sized("d", 10));

        await ScanAsync(library, moved);

        Assert.Equal(20, await ImagesAsync());
        Assert.Empty(await Store.Brakes.ListAsync(Cancellation));
        await ScanAsync(library, Full);
        Assert.Equal(20, await ImagesAsync()); // And back, out of the trash.
        Assert.Empty(await Store.Brakes.ListAsync(Cancellation));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task What_is_there_a_second_time_is_not_lost_with_its_copy()
    {
        var library = await MadeAsync();
        await DeriveCopiesAsync(library);
        Assert.Equal(30, await ImagesAsync());

        await ScanAsync(library, Full);

        Assert.Equal(20, await ImagesAsync());
        Assert.Empty(await Store.Brakes.ListAsync(Cancellation));
    }

    /// <summary>One of two copies goes, the other is renamed: of each content one is left, and nobody has read it under its new name.</summary>
    [Fact]
    public async Task Of_copies_one_that_is_found_again_is_enough()
    {
        var library = await MadeAsync();
        await DeriveCopiesAsync(library);

        await ScanAsync(library, Without("a", 0).Without("c/d").Without("c").With("copy", [.. Sized("d", 10).Select(picture => picture with { Name = "x" + picture.Name })]));

        Assert.Equal(20, await ImagesAsync());
        Assert.Empty(await Store.Brakes.ListAsync(Cancellation));
        await Story.AuditAsync();
    }

    /// <summary>The ten images of "c/d" a second time, read as what they are.</summary>
    private async Task DeriveCopiesAsync(Library library)
    {
        await ScanAsync(library, Without("a", 0).With("copy", Sized("d", 10)));
        var contents = new Dictionary<string, string>();
        foreach (var collection in (await Store.Catalog.CollectionsAsync(Grants.All, new(Search: "c/d"), Cancellation)).Items)
        {
            foreach (var image in (await Store.Catalog.ImagesAsync(Grants.All, collection.Id, null, 100, Cancellation))!.Items)
                contents[image.Name] = $"{collection.Id}/{image.Name}/{(await Store.Catalog.ImageAsync(Grants.All, image.Id, Cancellation))!.Version}";
        }
        while (await Story.LeaseAsync() is { } lease)
            await Story.CommitAsync(lease, [.. lease.Items.Select(item => Story.Done(lease, item, _folder!, contents[item.Name]))]);
    }

    [Fact]
    public async Task A_scan_that_is_cancelled_decides_nothing_and_the_next_one_sees_all_of_it()
    {
        var library = await MadeAsync();
        var tree = Without("a", 2).Without("c/d").With("b", Sized("b", 4));
        var scan = await Story.StartScanAsync(library);
        while ((await ScanOneAsync(tree)).Path.Text != "a") { }
        await Store.Jobs.ControlAsync(scan.Id, new JobCommand.Cancel(), Cancellation);

        Assert.Equal(20, await ImagesAsync());
        Assert.Empty(await Store.Brakes.ListAsync(Cancellation));
        await ScanAsync(library, tree);
        Assert.Equal(13, Assert.Single(await Store.Brakes.ListAsync(Cancellation)).Value.Removed);
    }

    /// <summary>A lease that is lost in between is taken over, and nothing is counted twice.</summary>
    [Fact]
    public async Task A_container_that_is_listed_twice_counts_once()
    {
        var library = await MadeAsync();
        var tree = Without("a", 2);
        await Story.StartScanAsync(library);
        var root = await ScanOneAsync(tree);
        while (true)
        {
            var lost = await Story.MustLeaseAsync();
            await Story.ApplyAsync(lost, tree);
            await Store.Batches.ReleaseAsync(new BatchRelease.Died(lost.Token, 0, new(3, 5, 5)), Cancellation);
            var again = await Story.MustLeaseAsync();
            await ApplyAndEndAsync(again, tree);
            if (!(await Store.Jobs.ListAsync(new(Handler.Scan, Open: true), Cancellation)).Items.Any()) break;
        }

        Assert.True(root.Path.IsRoot);
        Assert.Equal(18, await ImagesAsync());
        await Story.AuditAsync();
    }

    [Fact]
    public async Task What_another_open_scan_has_noted_counts_in_the_sum()
    {
        var library = await MadeAsync();
        var tree = Without("a", 2).With("b", Sized("b", 4));
        var first = await Story.StartScanAsync(library);
        while ((await ScanOneAsync(tree)).Path.Text != "a") { }
        await Store.Jobs.ControlAsync(first.Id, new JobCommand.Hold(Holds.User), Cancellation);

        await ScanAsync(library, tree);
        Assert.Equal(20, await ImagesAsync());

        await Store.Jobs.ControlAsync(first.Id, new JobCommand.Lift(Holds.User), Cancellation);
        while (await Story.LeaseAsync() is { } lease) await ApplyAndEndAsync(lease, tree);
        Assert.Equal(20, await ImagesAsync());
        Assert.Equal(3, Assert.Single(await Store.Brakes.ListAsync(Cancellation)).Value.Removed);
    }

    /// <summary>Whichever ends last: a scan that is younger than it may have noted what it never saw.</summary>
    [Fact]
    public async Task What_two_scans_find_at_a_time_is_made_by_the_one_that_saw_it_last_and_nothing_is_left_of_it()
    {
        var library = await MadeAsync();
        var (before, after) = (Changed(inB: 5), Changed(inB: 4));
        var first = await Story.StartScanAsync(library);
        while ((await ScanOneAsync(before)).Path.Text != "a") { }
        await Store.Jobs.ControlAsync(first.Id, new JobCommand.Hold(Holds.User), Cancellation);

        Assert.Equal(1, (await ScanAsync(library, after)).Total);
        Assert.Equal(19, await ImagesAsync());

        await Store.Jobs.ControlAsync(first.Id, new JobCommand.Lift(Holds.User), Cancellation);
        while (await Story.LeaseAsync() is { } lease && lease.Handler == Handler.Scan) await ApplyAndEndAsync(lease, after);
        Assert.Equal(19, await ImagesAsync());
        Assert.Empty(await Store.Brakes.ListAsync(Cancellation));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Without_a_limit_all_is_applied()
    {
        var library = await MadeAsync();

        await Story.ScanAsync(library, new Tree());

        Assert.Equal(0, await ImagesAsync());
        Assert.Empty(await Store.Brakes.ListAsync(Cancellation));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_library_that_goes_takes_its_hold_with_it()
    {
        var library = await MadeAsync();
        await ScanAsync(library, new Tree());

        await Store.Libraries.RemoveAsync(library.Id, Cancellation);
        while (await Store.Libraries.SweepRemovedAsync(3, Cancellation)) await Story.AuditAsync();

        Assert.Empty(await Store.Brakes.ListAsync(Cancellation));
        Assert.False(await Store.Brakes.DecideAsync(library.Id, BrakeVerdict.Approve, Cancellation));
    }

    private static Picture[] Sized(string name, int count, long size = 0) =>
        [.. Enumerable.Range(1, count).Select(i => new Picture($"{name}{i}.jpg", Size: size + (name[0] * 100) + i))];

    /// <summary>The full tree without the last images of a folder.</summary>
    private static Tree Without(string folder, int images) => new Tree().With("a", Sized("a", folder == "a" ? 5 - images : 5)).With("b", Sized("b", 5))
        .With("c/d", Sized("d", 10)).With("c");

    /// <summary>The full tree with another picture in one place of a.</summary>
    private static Tree Changed(int inB) => new Tree().With("a", [.. Sized("a", 4), Sized("a", 5)[4] with { Size = 999 }]).With("b", Sized("b", inB))
        .With("c/d", Sized("d", 10)).With("c");

    private async Task<Library> MadeAsync()
    {
        _folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await ScanAsync(library, Full);
        await Story.DeriveAllAsync(_folder);
        return library;
    }

    private Task<Job> ScanAsync(Library library, Tree tree) => Story.ScanAsync(library, tree, step: lease => Step(lease, tree));

    private async Task<Lease> ScanOneAsync(Tree tree, bool end = true)
    {
        var lease = await Story.MustLeaseAsync();
        await Store.Libraries.ApplyAsync(lease, Step(lease, tree), Cancellation);
        if (end) await EndAsync(lease);
        return lease;
    }

    private async Task ApplyAndEndAsync(Lease lease, Tree tree)
    {
        await Store.Libraries.ApplyAsync(lease, Step(lease, tree), Cancellation);
        await EndAsync(lease);
    }

    private Task<CommitAnswer> EndAsync(Lease lease) => Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Done));

    private static ScanStep Step(Lease lease, Tree tree) => Story.Step(lease, tree) with { Brake = Limits };

    private async Task<long> ImagesAsync() => (await Store.Libraries.ListAsync(Cancellation)).Single().Counters.Images;

    private async Task<(string, long)> AlertAsync()
    {
        var alert = Assert.Single((await Store.Alerts.ListAsync(Grants.All, open: true, null, 10, Cancellation)).Items);
        return (alert.Code, alert.Raised);
    }

    private static (long, long) Counted(Audit audit) => (audit.Images, audit.Rows);
}
