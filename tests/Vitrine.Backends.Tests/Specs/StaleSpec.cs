using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>The stale clock of a job: when it runs, and what over one and over three timeouts happens (R10-R14, R18-R22, R76, R77).</summary>
public abstract class StaleSpec : StoreSpec
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);
    private static readonly EngineLook Look = new(MaxGap: TimeSpan.FromMinutes(1), NodeLife: TimeSpan.FromMinutes(2), LockTime: TimeSpan.FromMinutes(5));
    private static readonly JobCommand Resume = new JobCommand.ResumeStale(Timeout, new());
    private static readonly JobCommand GiveUp = new JobCommand.GiveUp(Timeout);

    [Theory]
    [InlineData(0.9, StaleVerdict.Leave)]
    [InlineData(1.0, StaleVerdict.Leave)]
    [InlineData(1.1, StaleVerdict.Resume)]
    [InlineData(2.9, StaleVerdict.Resume)]
    [InlineData(3.0, StaleVerdict.Resume)]
    [InlineData(3.1, StaleVerdict.GiveUp)]
    public async Task A_leased_job_without_progress_is_judged_by_its_idle_time(double timeouts, StaleVerdict expected)
    {
        var job = await Story.PlanOneBatchAsync(3);
        await Story.MustLeaseAsync();
        await PassAsync(timeouts * Timeout);

        var stale = await Store.Clock.StaleAsync(Timeout, Cancellation);
        Assert.Equal(expected != StaleVerdict.Leave, stale.Any(s => s.Job.Id == job.Id && s.Remaining == 3));
        Assert.Equal(expected == StaleVerdict.GiveUp, await Store.Jobs.ControlAsync(job.Id, GiveUp, Cancellation));
        Assert.Equal(expected == StaleVerdict.Resume, await Store.Jobs.ControlAsync(job.Id, Resume, Cancellation));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_sign_of_progress_between_two_items_moves_the_clock_and_nothing_else()
    {
        var job = await Story.PlanOneBatchAsync(3);
        var lease = await Story.MustLeaseAsync();
        await PassAsync(0.9 * Timeout);
        Assert.Equal(CommitState.Accepted, (await Story.CommitAsync(lease)).State);
        await PassAsync(0.9 * Timeout);

        Assert.Empty(await Store.Clock.StaleAsync(Timeout, Cancellation));
        Assert.Equal((3, 0), ((await Story.JobAsync(job)).Total, (await Story.JobAsync(job)).Accounted));
        await PassAsync(0.2 * Timeout);
        Assert.NotEmpty(await Store.Clock.StaleAsync(Timeout, Cancellation));
        await Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token), Cancellation);
        Assert.Equal(CommitState.Fenced, (await Story.CommitAsync(lease)).State);
    }

    [Fact]
    public async Task Looking_for_stale_jobs_changes_nothing()
    {
        var job = await Story.PlanOneBatchAsync(3);
        var lease = await Story.MustLeaseAsync();
        await PassAsync(2 * Timeout);
        var before = await Story.JobAsync(job);
        await Store.Clock.StaleAsync(Timeout, Cancellation);
        Assert.Equal(before.Version, (await Story.JobAsync(job)).Version);
        Assert.True(await Store.Batches.BeginAsync(lease.Token, null, Cancellation));
    }

    [Fact]
    public async Task A_resume_frees_the_leases_that_made_nothing_and_is_done_once_in_a_timeout()
    {
        var job = await Story.PlanOneBatchAsync(3);
        var lease = await Story.MustLeaseAsync();
        await PassAsync(1.5 * Timeout);

        bool[] answers = [.. await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Store.Jobs.ControlAsync(job.Id, Resume, Cancellation)))];

        Assert.Single(answers, true);
        Assert.Empty(await Store.Batches.RenewAsync("node", [lease.Token], Cancellation));
        var again = await Story.MustLeaseAsync();
        Assert.NotEqual(lease.Token, again.Token);
        Assert.Equal(lease.Items.Select(i => i.Item), again.Items.Select(i => i.Item));
        await PassAsync(0.4 * Timeout);
        Assert.False(await Store.Jobs.ControlAsync(job.Id, Resume, Cancellation));
        await PassAsync(0.7 * Timeout);
        Assert.True(await Store.Jobs.ControlAsync(job.Id, Resume, Cancellation));
    }

    [Fact]
    public async Task A_lease_that_is_younger_than_a_timeout_is_not_freed()
    {
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("a", Story.Pictures(2)).With("b", Story.Pictures(2)));
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Cancel(), Cancellation);
        var items = (await Store.Catalog.ToDeriveAsync(derive.Scope, null, 10, Cancellation)).Items.GroupBy(i => i.Collection);
        var job = await Story.PlanAsync(derive.Scope, [.. items.Select(g => new NewBatch(g.Key, BatchClass.Normal, [.. g.Select(i => i.Item)]))]);
        var old = await Story.MustLeaseAsync();
        await PassAsync(0.9 * Timeout);
        var young = await Story.MustLeaseAsync();
        await PassAsync(0.2 * Timeout);

        Assert.True(await Store.Jobs.ControlAsync(job.Id, Resume, Cancellation));

        Assert.Equal([young.Token], await Store.Batches.RenewAsync("node", [old.Token, young.Token], Cancellation));
    }

    [Fact]
    public async Task A_job_that_is_given_up_counts_what_was_open_as_failed_and_refuses_what_comes_late()
    {
        var folder = await Story.AddFolderAsync();
        var job = await Story.PlanOneBatchAsync(3);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder));
        await PassAsync(4 * Timeout);

        Assert.True(await Store.Jobs.ControlAsync(job.Id, GiveUp, Cancellation));

        job = await Story.JobAsync(job);
        Assert.Equal((JobStatus.Failed, 1, 2, Reason.Stalled), (job.Status, job.Completed, job.Failed, job.Reason));
        Assert.Contains("90 minutes", job.Message, StringComparison.Ordinal);
        Assert.Equal(CommitState.Fenced, (await Story.CommitAsync(lease, Story.Done(lease, lease.Items[1], folder))).State);
        Assert.False(await Store.Jobs.ControlAsync(job.Id, GiveUp, Cancellation));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Renewing_is_life_and_not_progress()
    {
        var job = await Story.PlanOneBatchAsync(1);
        var lease = await Story.MustLeaseAsync();
        for (var minute = 0; minute < 31; minute++)
        {
            await PassAsync(TimeSpan.FromMinutes(1));
            await Store.Batches.RenewAsync("node", [lease.Token], Cancellation);
        }
        Assert.Single(await Store.Clock.StaleAsync(Timeout, Cancellation));
        Assert.Null((await Story.JobAsync(job)).LastProgressAt);
    }

    [Fact]
    public async Task A_job_that_waits_is_never_stale()
    {
        await Story.PlanOneBatchAsync(3);
        await PassAsync(10 * Timeout);
        Assert.Empty(await Store.Clock.StaleAsync(Timeout, Cancellation));
    }

    [Fact]
    public async Task A_job_that_an_idle_worker_leaves_alone_is_stale()
    {
        var job = await Story.PlanOneBatchAsync(3);
        await PassAsync(1.5 * Timeout, workers: 1);
        Assert.Equal(job.Id, Assert.Single(await Store.Clock.StaleAsync(Timeout, Cancellation)).Job.Id);
    }

    [Fact]
    public async Task A_held_job_is_not_stale_and_its_clock_starts_anew_when_it_goes_on()
    {
        var job = await Story.PlanOneBatchAsync(3);
        await PassAsync(0.9 * Timeout, workers: 1);
        await Store.Jobs.ControlAsync(job.Id, new JobCommand.Hold(Holds.User), Cancellation);
        await PassAsync(5 * Timeout, workers: 1);
        Assert.Empty(await Store.Clock.StaleAsync(Timeout, Cancellation));
        await Store.Jobs.ControlAsync(job.Id, new JobCommand.Lift(Holds.User), Cancellation);
        await PassAsync(0.9 * Timeout, workers: 1);
        Assert.Empty(await Store.Clock.StaleAsync(Timeout, Cancellation));
        await PassAsync(0.3 * Timeout, workers: 1);
        Assert.Single(await Store.Clock.StaleAsync(Timeout, Cancellation));
    }

    [Fact]
    public async Task After_eight_hours_off_no_job_is_stale()
    {
        await Story.PlanOneBatchAsync(3);
        await Story.MustLeaseAsync();
        await PassAsync(TimeSpan.FromMinutes(5));
        Store.Time.Advance(TimeSpan.FromHours(8));
        await Store.Clock.LookAsync(Look, Cancellation);
        Assert.Empty(await Store.Clock.StaleAsync(Timeout, Cancellation));
        await PassAsync(1.1 * Timeout);
        Assert.Single(await Store.Clock.StaleAsync(Timeout, Cancellation));
    }

    [Fact]
    public async Task A_given_up_scan_leaves_what_it_found_to_be_made()
    {
        var library = await Story.AddLibraryAsync();
        var scan = await Story.StartScanAsync(library);
        var lease = await Story.MustLeaseAsync();
        await Store.Libraries.ApplyAsync(lease, Story.Step(lease, new Tree().With("", Story.Pictures(3))) with { Last = false }, Cancellation);
        await PassAsync(4 * Timeout);
        Assert.True(await Store.Jobs.ControlAsync(scan.Id, GiveUp, Cancellation));
        var child = await Story.ChildAsync(scan);
        Assert.Equal((true, 3), (child.Planned, child.Total));
        await Story.DeriveAllAsync(await Story.AddFolderAsync());
        Assert.Equal(JobStatus.Completed, (await Story.JobAsync(child)).Status);
        await Story.AuditAsync();
    }

    /// <summary>Time in which the engine runs: it looks after the clocks, and its node beats.</summary>
    private async Task PassAsync(TimeSpan time, int workers = 0)
    {
        var step = TimeSpan.FromSeconds(30);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            if (workers > 0) await Store.Nodes.BeatAsync(new("idle"), workers, [], Cancellation);
            await Store.Clock.LookAsync(Look, Cancellation);
            Store.Time.Advance(time - passed < step ? time - passed : step);
        }
        await Store.Clock.LookAsync(Look, Cancellation);
    }
}
