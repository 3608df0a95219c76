using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Items that are tried again by the same job, after a pause.</summary>
public abstract class RetrySpec : StoreSpec
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_try_that_is_repeated_is_no_outcome_and_the_item_is_due_after_its_pause()
    {
        var folder = await Story.AddFolderAsync();
        var job = await Story.PlanOneBatchAsync(2);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, Retry(lease.Items[0]), Story.Done(lease, lease.Items[1], folder));
        await HandBackAsync(lease);

        Assert.Null(await Story.LeaseAsync());
        Assert.Empty(await Store.Batches.OfferAsync(new(4, TimeSpan.FromMinutes(1)), Cancellation));
        job = await Story.JobAsync(job);
        Assert.Equal((JobStatus.Running, 1, 0), (job.Status, job.Completed, job.Failed));
        Assert.Equal(Store.Time.GetUtcNow() + Pause, job.Work?.RetryAt);

        Store.Time.Advance(Pause);
        var again = Assert.Single((await Story.MustLeaseAsync()).Items);
        Assert.Equal((lease.Items[0].Item, 1), (again.Item, again.Attempts));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task While_others_of_its_batch_are_open_a_waiting_item_is_not_leased()
    {
        var job = await Story.PlanOneBatchAsync(2);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, Retry(lease.Items[0]));
        await HandBackAsync(lease);
        var rest = await Story.MustLeaseAsync();
        Assert.Equal([lease.Items[1].Item], rest.Items.Select(i => i.Item));
        Assert.Equal(JobStatus.Pending, (await Story.JobAsync(job)).Status);
    }

    [Fact]
    public async Task The_last_try_is_the_outcome_and_counts_once()
    {
        var job = await Story.PlanOneBatchAsync(1);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, Retry(lease.Items[0]));
        await HandBackAsync(lease);
        Store.Time.Advance(Pause);
        var last = await Story.MustLeaseAsync();
        var failed = new ItemResult(last.Items[0].Item, Outcome.Failed, Reason.SourceSlow, Attempts: 2);
        await Story.CommitAsync(last, failed);
        await Story.CommitAsync(last, failed);
        job = await Story.JobAsync(job);
        Assert.Equal((JobStatus.Completed, 1, 1), (job.Status, job.Failed, job.Total));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_recovery_makes_waiting_items_due_at_once()
    {
        var job = await Story.PlanOneBatchAsync(1);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, Retry(lease.Items[0]));
        await HandBackAsync(lease);
        Assert.True(await Store.Jobs.ControlAsync(job.Id, new JobCommand.Recover(TimeSpan.Zero), Cancellation));
        Assert.False(await Store.Jobs.ControlAsync(job.Id, new JobCommand.Recover(TimeSpan.Zero), Cancellation));
        Assert.Single((await Story.MustLeaseAsync()).Items);
    }

    [Fact]
    public async Task A_waiting_item_whose_image_goes_is_accounted()
    {
        var job = await Story.PlanOneBatchAsync(1);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, Retry(lease.Items[0]));
        await HandBackAsync(lease);
        await Story.ScanAsync((await Store.Libraries.ListAsync(Cancellation)).Single(), new Tree());
        Store.Time.Advance(Pause);
        Assert.Null(await Story.LeaseAsync());
        Assert.Equal((JobStatus.Completed, 1), ((await Story.JobAsync(job)).Status, (await Story.JobAsync(job)).Skipped));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_cancelled_job_tries_nothing_again()
    {
        var job = await Story.PlanOneBatchAsync(1);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, Retry(lease.Items[0]));
        await Store.Jobs.ControlAsync(job.Id, new JobCommand.Cancel(), Cancellation);
        await HandBackAsync(lease);
        Store.Time.Advance(Pause);
        Assert.Null(await Story.LeaseAsync());
        Assert.Equal(1, (await Story.JobAsync(job)).Cancelled);
        await Story.AuditAsync();
    }

    private static ItemResult Retry(WorkItem item) =>
        new(item.Item, Outcome.Failed, Reason.SourceSlow, "no bytes", Attempts: item.Attempts + 1, RetryAfter: Pause);

    private Task<bool> HandBackAsync(Lease lease) => Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token), Cancellation);
}
