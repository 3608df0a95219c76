using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Two jobs of people over the same images: one makes them, the other is told at once (R70-R72).</summary>
public abstract class BulkLockSpec : StoreSpec
{
    [Fact]
    public async Task What_another_job_has_open_is_skipped_at_once_with_that_job_named()
    {
        var first = await Story.PlanOneBatchAsync(3);
        var second = await Story.PlanAsync(first.Scope, [await Story.WholeBatchAsync(first.Scope)]);

        Assert.Equal((JobStatus.Completed, 3, 3), (second.Status, second.Skipped, second.Total));
        var told = (await Store.Failures.ListAsync(Grants.All, new FailureQuery.OfJob(second.Id), null, 10, Cancellation)).Items;
        Assert.All(told, f => Assert.Equal((Reason.InProgress, $"job {first.Id} has it open"), (f.Code, f.Message)));
        Assert.Equal(3, (await Story.MustLeaseAsync()).Items.Count);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task What_the_holder_has_not_open_is_run()
    {
        var folder = await Story.AddFolderAsync();
        var first = await Story.PlanOneBatchAsync(3);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder));
        var forced = first.Scope with { Force = true };
        var second = await Story.PlanAsync(forced, [await Story.WholeBatchAsync(forced)]);
        Assert.Equal((3, 2, JobStatus.Running), (second.Total, second.Skipped, second.Status));
        var mine = await Story.MustLeaseAsync();
        Assert.Equal((second.Id, lease.Items[0].Item), (mine.Job, Assert.Single(mine.Items).Item));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Other_presets_of_the_same_images_are_no_conflict()
    {
        var first = await Story.PlanOneBatchAsync(2);
        var other = first.Scope with { Presets = ["medium"] };
        var second = await Story.PlanAsync(other, [await Story.WholeBatchAsync(other)]);
        Assert.Equal((2, 0), (second.Total, second.Skipped));
    }

    [Fact]
    public async Task The_locks_are_free_when_the_last_open_item_there_ends()
    {
        var folder = await Story.AddFolderAsync();
        var first = await Story.PlanOneBatchAsync(2);
        await Story.DeriveAllAsync(folder);
        Assert.Equal(JobStatus.Completed, (await Story.JobAsync(first)).Status);
        await AssertFreeAsync(first);
    }

    [Fact]
    public async Task A_cancelled_job_holds_no_lock()
    {
        var first = await Story.PlanOneBatchAsync(2);
        await Store.Jobs.ControlAsync(first.Id, new JobCommand.Cancel(), Cancellation);
        await AssertFreeAsync(first);
    }

    [Fact]
    public async Task Without_a_node_that_renews_them_they_end_and_with_one_they_last()
    {
        var first = await Story.PlanOneBatchAsync(1);
        var name = $"bulk/{(await Story.WholeBatchAsync(first.Scope)).Collection}/display";
        for (var minute = 0; minute < 10; minute++)
        {
            await Store.Clock.LookAsync(new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(2), Recovery.LockTime), Cancellation);
            Store.Time.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Null(await Store.Locks.AcquireAsync(name, "somebody", Recovery.LockTime, Cancellation));
        Store.Time.Advance(Recovery.LockTime);
        Assert.NotNull(await Store.Locks.AcquireAsync(name, "somebody", Recovery.LockTime, Cancellation));
    }

    [Fact]
    public async Task A_scans_own_job_takes_no_lock()
    {
        var library = await Story.AddLibraryAsync();
        var derive = await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(2)));
        var asked = await Story.PlanAsync(derive.Scope, [await Story.WholeBatchAsync(derive.Scope)]);
        Assert.Equal((2, 0), (asked.Total, asked.Skipped));
    }

    private async Task AssertFreeAsync(Job first)
    {
        var forced = first.Scope with { Force = true };
        var second = await Story.PlanAsync(forced, [await Story.WholeBatchAsync(forced)]);
        Assert.Equal(0, second.Skipped);
        var collection = (await Story.WholeBatchAsync(forced)).Collection;
        Assert.Null(await Store.Locks.AcquireAsync($"bulk/{collection}/thumbnail", "somebody", Recovery.LockTime, Cancellation));
        await Store.Jobs.ControlAsync(second.Id, new JobCommand.Cancel(), Cancellation);
        Assert.NotNull(await Store.Locks.AcquireAsync($"bulk/{collection}/thumbnail", "somebody", Recovery.LockTime, Cancellation));
        await Story.AuditAsync();
    }
}
