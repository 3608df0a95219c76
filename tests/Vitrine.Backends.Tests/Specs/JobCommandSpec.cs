using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Priority and recovery of one job.</summary>
public abstract class JobCommandSpec : StoreSpec
{
    private static readonly OfferWindow Window = new(4, TimeSpan.FromMinutes(1));

    [Fact]
    public async Task Another_priority_holds_for_what_is_not_offered_yet()
    {
        var job = await Story.PlanOneBatchAsync(1);
        Assert.True(await Store.Jobs.ControlAsync(job.Id, new JobCommand.Prioritise(BatchClass.Low), Cancellation));
        Assert.False(await Store.Jobs.ControlAsync(job.Id, new JobCommand.Prioritise(BatchClass.Low), Cancellation));
        Assert.Equal(BatchClass.Low, Assert.Single(await Store.Batches.OfferAsync(Window, Cancellation)).Class);
        Assert.Equal(BatchClass.Low, (await Story.JobAsync(job)).Class);
    }

    [Fact]
    public async Task A_job_of_one_image_is_not_behind_the_window_of_a_large_one()
    {
        var large = await ManyBatchesAsync("large", 20);
        var offers = await Store.Batches.OfferAsync(new(8, TimeSpan.FromMinutes(1)), Cancellation);
        Assert.Equal(8, offers.Count);
        Assert.Equal(large.Id, (await Store.Batches.LeaseAsync(new("node", offers[0]), Cancellation))!.Job);
        var small = await ManyBatchesAsync("small", 1);

        Assert.Equal(small.Id, (await Store.Batches.LeaseAsync(new("node", offers[1]), Cancellation))!.Job);

        // The message's own batch is Ready again, and offered anew; the rest of the window is the large job's.
        Assert.Equal(large.Id, (await Store.Batches.LeaseAsync(new("node", offers[2]), Cancellation))!.Job);
        Assert.Contains(await Store.Batches.OfferAsync(new(8, TimeSpan.FromMinutes(1)), Cancellation), o => o.Batch == offers[1].Batch && o.Number == 2);
        await Story.AuditAsync();
    }

    /// <summary>The queue's first classes are empty for a moment whenever the dispatcher is late.</summary>
    [Fact]
    public async Task A_message_of_a_low_class_leases_what_is_due_of_the_classes_before_it()
    {
        var low = await ManyBatchesAsync("low", 2);
        await Store.Jobs.ControlAsync(low.Id, new JobCommand.Prioritise(BatchClass.Low), Cancellation);
        var offers = await Store.Batches.OfferAsync(Window, Cancellation);
        var normal = await ManyBatchesAsync("normal", 1);
        Assert.Equal(normal.Id, (await Store.Batches.LeaseAsync(new("node", offers[0]), Cancellation))!.Job);
        Assert.Equal(low.Id, (await Store.Batches.LeaseAsync(new("node", offers[1]), Cancellation))!.Job);
    }

    private async Task<Job> ManyBatchesAsync(string name, int batches)
    {
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync(name), new Tree().With("sub", Story.Pictures(batches)));
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Cancel(), Cancellation);
        var whole = await Story.WholeBatchAsync(derive.Scope);
        return await Story.PlanAsync(derive.Scope, [.. whole.Items.Select(item => whole with { Items = [item] })]);
    }

    [Fact]
    public async Task Covers_stay_covers()
    {
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(2)));
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Prioritise(BatchClass.Low), Cancellation);
        Assert.Equal([BatchClass.Covers, BatchClass.Low], (await Store.Batches.OfferAsync(Window, Cancellation)).Select(o => o.Class));
    }

    [Fact]
    public async Task A_job_that_was_raised_to_the_covers_class_can_be_lowered_again()
    {
        var job = await Story.PlanOneBatchAsync(1);
        foreach (var to in new[] { BatchClass.Covers, BatchClass.Low })
            Assert.True(await Store.Jobs.ControlAsync(job.Id, new JobCommand.Prioritise(to), Cancellation));
        Assert.Equal(BatchClass.Low, Assert.Single(await Store.Batches.OfferAsync(Window, Cancellation)).Class);
    }

    [Fact]
    public async Task A_recovery_offers_anew_what_nobody_took()
    {
        var job = await Story.PlanOneBatchAsync(1);
        var lost = Assert.Single(await Store.Batches.OfferAsync(Window, Cancellation));
        Assert.False(await Store.Jobs.ControlAsync(job.Id, new JobCommand.Recover(TimeSpan.FromSeconds(2)), Cancellation));
        Store.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await Store.Jobs.ControlAsync(job.Id, new JobCommand.Recover(TimeSpan.FromSeconds(2)), Cancellation));
        var again = Assert.Single(await Store.Batches.OfferAsync(Window, Cancellation));
        Assert.Equal((lost.Batch, lost.Number + 1), (again.Batch, again.Number));
        Assert.Null(await Store.Batches.LeaseAsync(new("node", lost), Cancellation));
    }

    [Fact]
    public async Task No_command_moves_a_job_that_is_over()
    {
        var job = await Story.PlanOneBatchAsync(1);
        await Store.Jobs.ControlAsync(job.Id, new JobCommand.Cancel(), Cancellation);
        JobCommand[] commands =
        [
            new JobCommand.Cancel(), new JobCommand.Hold(Holds.User), new JobCommand.Lift(Holds.User), new JobCommand.Prioritise(BatchClass.Low),
            new JobCommand.Recover(TimeSpan.Zero), new JobCommand.ResumeStale(TimeSpan.FromMinutes(1), new()), new JobCommand.GiveUp(TimeSpan.FromMinutes(1)),
        ];
        var before = (await Story.JobAsync(job)).Version;
        foreach (var command in commands) Assert.False(await Store.Jobs.ControlAsync(job.Id, command, Cancellation));
        Assert.Equal(before, (await Story.JobAsync(job)).Version);
    }
}
