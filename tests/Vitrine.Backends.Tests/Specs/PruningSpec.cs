using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>What stays of jobs that ended long ago (R148).</summary>
public abstract class PruningSpec : StoreSpec
{
    [Fact]
    public async Task A_pruned_job_keeps_its_counts_and_its_failed_items()
    {
        var folder = await Story.AddFolderAsync();
        var job = await Story.PlanOneBatchAsync(3);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder), Story.Done(lease, lease.Items[1], folder),
            new(lease.Items[2].Item, Outcome.Failed, Reason.Corrupt));
        Store.Time.Advance(TimeSpan.FromDays(31));
        Assert.True((await PruneAsync(30, whole: false)).Rows > 0);

        var after = await Story.JobAsync(job);
        Assert.Equal((3, 2, 1), (after.Total, after.Completed, after.Failed));
        Assert.Single((await Store.Failures.ListAsync(Grants.All, new FailureQuery.OfJob(job.Id), null, 10, Cancellation)).Items);
        Assert.Equal(default, await PruneAsync(30, whole: false));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Jobs_that_are_younger_or_open_stay_as_they_are()
    {
        var job = await Story.PlanOneBatchAsync(3);
        Store.Time.Advance(TimeSpan.FromDays(400));
        await Story.DeriveAllAsync(await Story.AddFolderAsync());
        await PruneAsync(30, whole: true);
        Assert.Equal(3, (await Story.JobAsync(job)).Completed);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_clean_up_removes_jobs_that_ended_well_and_those_cancelled_and_no_others()
    {
        var folder = await Story.AddFolderAsync();
        var cancelled = await Story.PlanOneBatchAsync(2);
        await Store.Jobs.ControlAsync(cancelled.Id, new JobCommand.Cancel(), Cancellation);
        var stalled = await Story.PlanAsync(cancelled.Scope, [await Story.WholeBatchAsync(cancelled.Scope)]);
        await Story.MustLeaseAsync();
        Store.Time.Advance(TimeSpan.FromDays(1));
        Assert.True(await Store.Jobs.ControlAsync(stalled.Id, new JobCommand.GiveUp(TimeSpan.FromMinutes(30)), Cancellation));
        var completed = await Story.PlanAsync(cancelled.Scope, [await Story.WholeBatchAsync(cancelled.Scope)]);
        await Story.DeriveAllAsync(folder);
        Store.Time.Advance(TimeSpan.FromDays(31));

        Assert.True((await PruneAsync(30, whole: true)).Jobs >= 2);

        Assert.Null(await Store.Jobs.GetAsync(cancelled.Id, Cancellation));
        Assert.Null(await Store.Jobs.GetAsync(completed.Id, Cancellation));
        Assert.NotNull(await Store.Jobs.GetAsync(stalled.Id, Cancellation));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_clean_up_keeps_to_the_libraries_that_are_given()
    {
        var (one, two) = (await Story.PlanOneBatchAsync(1, "one"), await Story.PlanOneBatchAsync(1, "two"));
        foreach (var job in new[] { one, two }) await Store.Jobs.ControlAsync(job.Id, new JobCommand.Cancel(), Cancellation);
        Store.Time.Advance(TimeSpan.FromDays(1));
        await PruneAsync(0, whole: true, [two.Scope.Library]);
        Assert.NotNull(await Store.Jobs.GetAsync(one.Id, Cancellation));
        Assert.Null(await Store.Jobs.GetAsync(two.Id, Cancellation));
        Assert.Equal(default, await PruneAsync(0, whole: true, []));
    }

    /// <summary>In small pages, so that every part is cut somewhere.</summary>
    private async Task<Pruned> PruneAsync(int days, bool whole, LibraryId[]? libraries = null)
    {
        var pruning = new Pruning(Store.Time.GetUtcNow() - TimeSpan.FromDays(days), whole, Rows: 2, libraries);
        var removed = default(Pruned);
        while (await Store.Jobs.PruneAsync(pruning, Cancellation) is { Rows: > 0 } page) removed += page;
        return removed;
    }
}
