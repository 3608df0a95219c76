using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Deaths: how often a batch may take a worker with it, and who is to blame.</summary>
public abstract class DeathSpec : StoreSpec
{
    private static readonly DeathLimits Limits = new();

    [Fact]
    public async Task Only_deaths_count_and_after_the_second_items_go_one_at_a_time()
    {
        await Story.PlanOneBatchAsync(3);
        Assert.False((await DieAsync()).OneByOne);
        var back = await Story.MustLeaseAsync();
        await Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(back.Token), Cancellation);
        Assert.False((await DieAsync()).OneByOne);
        Assert.True((await Story.MustLeaseAsync()).OneByOne);
    }

    [Fact]
    public async Task An_outcome_sets_the_count_to_zero()
    {
        var folder = await Story.AddFolderAsync();
        await Story.PlanOneBatchAsync(3);
        await DieAsync();
        await DieAsync();
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder));
        await Store.Batches.ReleaseAsync(new BatchRelease.Died(lease.Token, 0, Limits), Cancellation);
        Assert.False((await Story.MustLeaseAsync()).OneByOne);
    }

    [Fact]
    public async Task At_the_limit_the_item_in_hand_alone_has_failed()
    {
        var folder = await Story.AddFolderAsync();
        var job = await Story.PlanOneBatchAsync(3);
        var culprit = 0L;
        for (var death = 1; death <= Limits.Deliveries; death++) culprit = (await DieAsync(inHand: 1)).Items[1].Item;

        job = await Story.JobAsync(job);
        Assert.Equal((1, 0, JobStatus.Running), (job.Failed, job.Completed, job.Status));
        var lease = await Story.MustLeaseAsync();
        Assert.Equal(2, lease.Items.Count);
        Assert.DoesNotContain(lease.Items, i => i.Item == culprit);
        var image = (await Store.Catalog.ImageAsync(Grants.All, new(culprit), Cancellation))!;
        Assert.Equal((ImageState.Failed, Reason.Crashed), (image.Summary.State, image.Summary.Reason));
        await Story.CommitAsync(lease, [.. lease.Items.Select(i => Story.Done(lease, i, folder))]);
        Assert.Equal(JobStatus.Completed, (await Story.JobAsync(job)).Status);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task With_no_item_in_hand_the_batch_is_dead_and_its_open_items_failed()
    {
        var job = await Story.PlanOneBatchAsync(3);
        for (var death = 1; death <= Limits.Deliveries; death++) await DieAsync();
        job = await Story.JobAsync(job);
        Assert.Equal((JobStatus.Completed, 3), (job.Status, job.Failed));
        Assert.All((await Store.Failures.ListAsync(Grants.All, new FailureQuery.OfJob(job.Id), null, 10, Cancellation)).Items, f => Assert.Equal(Reason.DeadLetter, f.Code));
        Assert.Null(await Story.LeaseAsync());
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_death_after_the_job_was_cancelled_changes_no_number_of_it()
    {
        var job = await Story.PlanOneBatchAsync(3);
        for (var death = 1; death < Limits.Deliveries; death++) await DieAsync(inHand: 1);
        var last = await Story.MustLeaseAsync();
        await Store.Batches.BeginAsync(last.Token, last.Items[1].Item, Cancellation);
        await Store.Jobs.ControlAsync(job.Id, new JobCommand.Cancel(), Cancellation);
        // Its images are gone as well: closing the batch would account them as removed.
        await Story.ScanAsync((await Store.Libraries.ListAsync(Cancellation)).Single(), new Tree());

        Assert.True(await Store.Batches.ReleaseAsync(new BatchRelease.Died(last.Token, 0, Limits), Cancellation));

        job = await Story.JobAsync(job);
        Assert.Equal((JobStatus.Cancelled, 3, 0, 0), (job.Status, job.Cancelled, job.Failed, job.Skipped));
        Assert.Null(await Story.LeaseAsync());
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Eight_crashed_items_make_the_batch_dead()
    {
        var job = await Story.PlanOneBatchAsync(12);
        for (var item = 1; item <= Limits.CrashedItems; item++)
        {
            for (var death = 1; death <= Limits.Deliveries; death++) await DieAsync(inHand: 0);
        }
        var failures = (await Store.Failures.ListAsync(Grants.All, new FailureQuery.OfJob(job.Id), null, 50, Cancellation)).Items;
        Assert.Equal((8, 4), (failures.Count(f => f.Code == Reason.Crashed), failures.Count(f => f.Code == Reason.DeadLetter)));
        Assert.Equal(JobStatus.Completed, (await Story.JobAsync(job)).Status);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task An_image_on_demand_that_kills_is_failed_and_no_longer_open()
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var image = (await Store.Catalog.RandomAsync(Grants.All, 0, Cancellation))!.Id;
        var batch = (await Store.Batches.AddAsync(new BatchAddition.OnDemand(image, ["full"]), Cancellation)).Batch;
        for (var death = 1; death <= Limits.Deliveries; death++)
        {
            var lease = (await Store.Batches.LeaseAsync(new("node", Batch: batch), Cancellation))!;
            await Store.Batches.BeginAsync(lease.Token, image.Value, Cancellation);
            await Store.Batches.ReleaseAsync(new BatchRelease.Died(lease.Token, 0, Limits), Cancellation);
        }
        Assert.Null(await Store.Batches.LeaseAsync(new("node", Batch: batch), Cancellation));
        Assert.Equal(Reason.Crashed, (await Store.Catalog.ImageAsync(Grants.All, image, Cancellation))!.Summary.Reason);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_scan_that_kills_leaves_its_container_with_the_reason()
    {
        var scan = await Story.StartScanAsync(await Story.AddLibraryAsync());
        for (var death = 1; death <= Limits.Deliveries; death++) await DieAsync();
        scan = await Story.JobAsync(scan);
        Assert.Equal((JobStatus.Completed, 1), (scan.Status, scan.Failed));
        Assert.Equal(JobStatus.Completed, (await Story.ChildAsync(scan)).Status);
        Assert.Equal(1, (await Store.Libraries.ListAsync(Cancellation)).Single().Counters.FailedContainers);
        Assert.Equal(Reason.DeadLetter, Assert.Single((await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items).Reason);
        await Story.AuditAsync();
    }

    private async Task<Lease> DieAsync(int? inHand = null)
    {
        var lease = await Story.MustLeaseAsync();
        if (inHand is { } index) Assert.True(await Store.Batches.BeginAsync(lease.Token, lease.Items[index].Item, Cancellation));
        Assert.True(await Store.Batches.ReleaseAsync(new BatchRelease.Died(lease.Token, 0, Limits), Cancellation));
        Assert.False(await Store.Batches.BeginAsync(lease.Token, null, Cancellation));
        return lease;
    }
}
