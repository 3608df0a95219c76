using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

public abstract class JobStoreSpec : StoreSpec
{
    [Fact]
    public async Task A_scan_comes_with_its_first_item_and_its_derive_job()
    {
        var library = await Story.AddLibraryAsync("one", "thumbnail");
        var scan = await Story.StartScanAsync(library);
        var child = await Story.ChildAsync(scan);
        Assert.Equal((1, JobStatus.Pending, false), (scan.Total, scan.Status, scan.Planned));
        Assert.Equal((Handler.Derive, 0, false, scan.Id), (child.Handler, child.Total, child.Planned, child.Parent));
        Assert.Equal(["thumbnail"], child.Scope.Presets);
        Assert.Empty((await Store.Jobs.ListAsync(new(ToPlan: true), Cancellation)).Items);
    }

    [Fact]
    public async Task A_scan_that_has_not_started_is_answered_instead_of_another()
    {
        var library = await Story.AddLibraryAsync();
        var scan = await Story.StartScanAsync(library);
        Assert.Equal(scan.Id, (await Story.StartScanAsync(library)).Id);
        await Story.MustLeaseAsync();
        Assert.NotEqual(scan.Id, (await Story.StartScanAsync(library)).Id);
    }

    [Fact]
    public async Task The_same_idempotency_key_is_the_same_job()
    {
        var library = await Story.AddLibraryAsync();
        var wanted = new NewJob(Handler.Derive, new(library.Id, ["full"]), IdempotencyKey: "k");
        var first = await Store.Jobs.AddAsync(wanted, Cancellation);
        Assert.Equal(first!.Id, (await Store.Jobs.AddAsync(wanted with { Class = BatchClass.Low }, Cancellation))!.Id);
        Assert.Null(await Store.Jobs.AddAsync(new(Handler.Derive, new(new(999), ["full"])), Cancellation));
    }

    [Fact]
    public async Task A_scan_that_was_answered_instead_takes_the_key_of_the_request()
    {
        var library = await Story.AddLibraryAsync();
        var scan = await Story.StartScanAsync(library);
        var keyed = new NewJob(Handler.Scan, scan.Scope, IdempotencyKey: "k");
        Assert.Equal(scan.Id, (await Store.Jobs.AddAsync(keyed, Cancellation))!.Id);
        await Story.MustLeaseAsync();
        Assert.Equal(scan.Id, (await Store.Jobs.AddAsync(keyed, Cancellation))!.Id);
    }

    [Fact]
    public async Task A_scan_of_collections_that_are_gone_is_over_at_once()
    {
        var library = await Story.AddLibraryAsync();
        var scan = (await Store.Jobs.AddAsync(new(Handler.Scan, new(library.Id, ["thumbnail"], [new(999)])), Cancellation))!;
        Assert.Equal((JobStatus.Completed, 0), (scan.Status, scan.Total));
        Assert.Equal(JobStatus.Completed, (await Story.ChildAsync(scan)).Status);
    }

    [Fact]
    public async Task Lists_are_filtered_and_paged_newest_first()
    {
        var (one, two) = (await Story.AddLibraryAsync("one"), await Story.AddLibraryAsync("two"));
        var jobs = new List<Job>();
        for (var i = 0; i < 7; i++) jobs.Add((await Store.Jobs.AddAsync(new(Handler.Derive, new(i % 2 == 0 ? one.Id : two.Id, ["full"])), Cancellation))!);
        await Store.Jobs.ControlAsync(jobs[3].Id, new JobCommand.Cancel(), Cancellation);

        var page = await Store.Jobs.ListAsync(new(Limit: 5), Cancellation);
        var rest = await Store.Jobs.ListAsync(new(Limit: 5, After: page.Next), Cancellation);
        Assert.Equal(jobs.Select(j => j.Id).Reverse(), page.Items.Concat(rest.Items).Select(j => j.Id));
        Assert.Null(rest.Next);
        Assert.Equal([5, 1], await IndexesAsync(new(Libraries: [two.Id], Open: true)));
        Assert.Equal([3], await IndexesAsync(new(Status: JobStatus.Cancelled)));
        Assert.Empty(await IndexesAsync(new(Handler.Scan)));
        Assert.Empty(await IndexesAsync(new(Libraries: [])));
        Assert.Equal([0, 1, 2, 4, 5, 6], await IndexesAsync(new(ToPlan: true)));

        async Task<IEnumerable<int>> IndexesAsync(JobQuery query) =>
            (await Store.Jobs.ListAsync(query, Cancellation)).Items.Select(j => jobs.FindIndex(k => k.Id == j.Id));
    }

    [Fact]
    public async Task Lists_go_by_what_is_made_and_by_what_holds()
    {
        var library = await Story.AddLibraryAsync();
        var scan = await Story.StartScanAsync(library);
        var jobs = new List<JobId> { (await Story.ChildAsync(scan)).Id };
        foreach (var presets in new string[][] { ["thumbnail"], ["medium", "display"], ["medium", "thumbnail"] })
            jobs.Add((await Store.Jobs.AddAsync(new(Handler.Derive, new(library.Id, presets)), Cancellation))!.Id);
        Assert.Equal([1], await IndexesAsync(new(Kind: DeriveKind.Thumbnails)));
        Assert.Equal([2], await IndexesAsync(new(Kind: DeriveKind.Cache)));
        Assert.Equal([3, 0], await IndexesAsync(new(Kind: DeriveKind.Both)));

        await Store.Jobs.ControlAsync(jobs[1], new JobCommand.Hold(Holds.User | Holds.Root), Cancellation);
        await Store.Jobs.ControlAsync(jobs[2], new JobCommand.Hold(Holds.Disk), Cancellation);
        await Store.Jobs.ControlAsync(jobs[3], new JobCommand.Hold(Holds.User), Cancellation);
        Assert.Equal([3, 1], await IndexesAsync(new(HeldBy: Holds.User)));
        Assert.Equal([3, 2, 1], await IndexesAsync(new(HeldBy: Holds.Any)));
        Assert.Equal([0], await IndexesAsync(new(Handler.Derive, HeldBy: Holds.None)));

        // What held it stays written, and holds nothing any more.
        await Store.Jobs.ControlAsync(jobs[3], new JobCommand.Cancel(), Cancellation);
        Assert.Equal([1], await IndexesAsync(new(HeldBy: Holds.User)));

        async Task<IEnumerable<int>> IndexesAsync(JobQuery query) =>
            (await Store.Jobs.ListAsync(query, Cancellation)).Items.Select(j => jobs.IndexOf(j.Id));
    }

    [Fact]
    public async Task Collections_and_images_are_found_with_their_library()
    {
        var library = await Story.AddLibraryAsync();
        var derive = await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(2)));
        var batch = await Story.WholeBatchAsync(derive.Scope);
        var image = new ImageId(batch.Items[1]);
        var owners = await Store.Jobs.OwnersAsync([batch.Collection, new(999)], [image, new(998)], Cancellation);
        Assert.Equal(library.Id, Assert.Single(owners.Collections, owned => owned.Key == batch.Collection).Value);
        Assert.Equal(library.Id, Assert.Single(owners.Images, owned => owned.Key == image).Value);
        Assert.Equal((1, 1), (owners.Collections.Count, owners.Images.Count));
    }

    [Fact]
    public async Task Details_count_batches_by_state_and_retries_that_wait()
    {
        var job = await Story.PlanOneBatchAsync(2);
        Assert.Equal(new(new(1, 0, 0, 0, 0), 0, null), await Store.Jobs.DetailsAsync(job.Id, Cancellation));
        await Store.Batches.OfferAsync(new(4, TimeSpan.FromMinutes(1)), Cancellation);
        Assert.Equal(1, (await Store.Jobs.DetailsAsync(job.Id, Cancellation)).Batches.Offered);

        var lease = await Story.MustLeaseAsync();
        var again = TimeSpan.FromMinutes(1);
        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Failed, Reason.SourceSlow, RetryAfter: again));
        Assert.Equal(new(new(0, 0, 1, 0, 0), 1, Store.Time.GetUtcNow() + again), await Store.Jobs.DetailsAsync(job.Id, Cancellation));

        await Story.CommitAsync(lease, [.. lease.Items.Select(item => new ItemResult(item.Item, Outcome.Failed, Reason.Corrupt))]);
        Assert.Equal(new(new(0, 0, 0, 1, 0), 0, null), await Store.Jobs.DetailsAsync(job.Id, Cancellation));
        Assert.Equal(new(new(0, 0, 0, 0, 0), 0, null), await Store.Jobs.DetailsAsync(new(999), Cancellation));
    }

    [Fact]
    public async Task Every_change_raises_the_version_and_a_command_that_does_not_fit_changes_nothing()
    {
        var library = await Story.AddLibraryAsync();
        var job = (await Store.Jobs.AddAsync(new(Handler.Derive, new(library.Id, ["full"])), Cancellation))!;
        var versions = new List<long> { job.Version };
        foreach (var command in new JobCommand[] { new JobCommand.Hold(Holds.User), new JobCommand.Lift(Holds.User), new JobCommand.Cancel() })
        {
            Assert.True(await Store.Jobs.ControlAsync(job.Id, command, Cancellation));
            versions.Add((await Story.JobAsync(job)).Version);
            Assert.False(await Store.Jobs.ControlAsync(job.Id, command, Cancellation));
            Assert.Equal(versions[^1], (await Story.JobAsync(job)).Version);
        }
        Assert.Equal(versions.Order().Distinct(), versions);
        Assert.False(await Store.Jobs.ControlAsync(new(999), new JobCommand.Cancel(), Cancellation));
        Assert.Null(await Store.Jobs.GetAsync(new(999), Cancellation));
    }

    [Fact]
    public async Task A_scope_comes_back_as_it_was_given()
    {
        var library = await Story.AddLibraryAsync();
        var scope = new JobScope(library.Id, ["full", "medium"], [new(3), new(4)], [new(5)], Force: true);
        var job = (await Store.Jobs.AddAsync(new(Handler.Derive, scope, BatchClass.Low), Cancellation))!;
        Assert.Equal((true, BatchClass.Low), (job.Scope.Force, job.Class));
        Assert.Equal(["full", "medium"], job.Scope.Presets);
        Assert.Equal([new(3), new(4)], job.Scope.Collections!);
        Assert.Equal([new(5)], job.Scope.Images!);
    }
}
