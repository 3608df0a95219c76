using Vitrine.Core.Alerts;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Alerts: raised once for what they say, and at every ten failures of a job (R132).</summary>
public abstract class AlertSpec : StoreSpec
{
    private static readonly NewAlert Fire = new("fire", "house/1", AlertSeverity.Error, "It burns.");

    [Fact]
    public async Task Every_ten_failures_of_a_job_raise_it_once_whatever_is_delivered_twice()
    {
        var job = await Story.PlanOneBatchAsync(40);
        var lease = await Story.MustLeaseAsync();
        // Failures so far, and how often they have raised it.
        foreach (var (failed, raised) in new[] { (1, 0), (9, 0), (10, 1), (19, 1), (20, 2), (29, 2), (30, 3), (31, 3) })
        {
            var results = lease.Items.Take(failed).Select(i => new ItemResult(i.Item, Outcome.Failed, Reason.Corrupt)).ToArray();
            for (var delivery = 0; delivery < 3; delivery++) await Story.CommitAsync(lease, results);
            Assert.Equal(raised, (await StandingAsync()).Sum(a => a.Raised));
        }
        var alert = Assert.Single(await StandingAsync());
        Assert.Equal((AlertCode.JobFailures, $"job/{job.Id}", AlertSeverity.Warning), (alert.Code, alert.Subject, alert.Severity));
        Assert.Equal($"30 items of job {job.Id} have failed.", alert.Message);
    }

    [Fact]
    public async Task A_jump_counts_every_step_and_what_does_not_fail_none()
    {
        await Story.PlanOneBatchAsync(64);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, [.. lease.Items.Take(5).Select(i => new ItemResult(i.Item, Outcome.Failed, Reason.Corrupt))]);
        await Story.CommitAsync(lease, [.. lease.Items.Skip(5).Take(20).Select(i => new ItemResult(i.Item, Outcome.Skipped, Reason.Unsupported))]);
        Assert.Empty(await StandingAsync());
        await Story.CommitAsync(lease, [.. lease.Items.Skip(25).Take(30).Select(i => new ItemResult(i.Item, Outcome.Failed, Reason.Corrupt))]);
        Assert.Equal(3, Assert.Single(await StandingAsync()).Raised);
    }

    [Fact]
    public async Task A_job_that_is_given_up_and_a_batch_that_dies_count_as_well()
    {
        var stalled = await Story.PlanOneBatchAsync(20);
        await Story.MustLeaseAsync();
        var timeout = TimeSpan.FromMinutes(30);
        Store.Time.Advance(4 * timeout);
        Assert.True(await Store.Jobs.ControlAsync(stalled.Id, new JobCommand.ResumeStale(timeout, new(1, 9, 9)), Cancellation)
            || await Store.Jobs.ControlAsync(stalled.Id, new JobCommand.GiveUp(timeout), Cancellation));
        await Store.Jobs.ControlAsync(stalled.Id, new JobCommand.GiveUp(timeout), Cancellation);
        Assert.Equal(JobStatus.Failed, (await Story.JobAsync(stalled)).Status);
        Assert.Equal(2, Assert.Single(await StandingAsync()).Raised);

        await Story.PlanOneBatchAsync(10, "two");
        var lease = await Story.MustLeaseAsync();
        await Store.Batches.ReleaseAsync(new BatchRelease.Died(lease.Token, 0, new(1, 1, 1)), Cancellation);
        Assert.Equal([1, 2], (await StandingAsync()).Select(a => a.Raised));
    }

    [Fact]
    public async Task One_that_stands_is_not_raised_again_until_it_was_cleared()
    {
        Assert.False(await Store.Alerts.ClearAsync(Fire.Code, Fire.Subject, Cancellation));
        Assert.True(await Store.Alerts.RaiseAsync(Fire, Cancellation));
        Assert.False(await Store.Alerts.RaiseAsync(Fire, Cancellation));
        var alert = Assert.Single(await StandingAsync());
        Assert.True(await Store.Alerts.DismissAsync(Grants.All, alert.Id, Cancellation));
        Assert.False(await Store.Alerts.RaiseAsync(Fire, Cancellation));
        Assert.Empty(await StandingAsync());

        Store.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await Store.Alerts.ClearAsync(Fire.Code, Fire.Subject, Cancellation));
        Assert.False(await Store.Alerts.ClearAsync(Fire.Code, Fire.Subject, Cancellation));
        Assert.Equal(Store.Time.GetUtcNow(), Assert.Single(await AllAsync()).ClearedAt);
        Assert.True(await Store.Alerts.RaiseAsync(Fire, Cancellation));
        alert = Assert.Single(await StandingAsync());
        Assert.Equal((2, Store.Time.GetUtcNow(), Store.Time.GetUtcNow().AddMinutes(-1)), (alert.Raised, alert.LastAt, alert.FirstAt));
        Assert.False(await Store.Alerts.DismissAsync(Grants.All, new(4711), Cancellation));
    }

    [Fact]
    public async Task Each_raise_is_given_once_to_be_logged()
    {
        await Store.Alerts.RaiseAsync(Fire, Cancellation);
        await Store.Alerts.RaiseAsync(Fire with { Subject = "house/2" }, Cancellation);
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Store.Alerts.TakeUnloggedAsync(1, Cancellation)));
        Assert.Equal(["house/1", "house/2"], taken.SelectMany(t => t).Select(a => a.Subject).Order());
        await Store.Alerts.ClearAsync(Fire.Code, Fire.Subject, Cancellation);
        Assert.Empty(await Store.Alerts.TakeUnloggedAsync(10, Cancellation));
        await Store.Alerts.RaiseAsync(Fire, Cancellation);
        Assert.Single(await Store.Alerts.TakeUnloggedAsync(10, Cancellation));
    }

    [Fact]
    public async Task The_one_that_changed_last_comes_first_in_pages()
    {
        foreach (var house in new[] { "1", "2", "3" }) await Store.Alerts.RaiseAsync(Fire with { Subject = house }, Cancellation);
        await Store.Alerts.ClearAsync(Fire.Code, "1", Cancellation);
        var first = await Store.Alerts.ListAsync(Grants.All, false, null, 2, Cancellation);
        var second = await Store.Alerts.ListAsync(Grants.All, false, first.Next, 2, Cancellation);
        Assert.Equal(["1", "3", "2"], first.Items.Concat(second.Items).Select(a => a.Subject));
        Assert.Null(second.Next);
        Assert.Equal(["3", "2"], (await StandingAsync()).Select(a => a.Subject));
        await Assert.ThrowsAsync<FormatException>(() => Store.Alerts.ListAsync(Grants.All, false, "x", 2, Cancellation));
    }

    /// <summary>What is raised by the ledger, by a loop, and about no library at all.</summary>
    [Fact]
    public async Task One_about_a_library_is_not_there_for_who_has_no_grant_on_it()
    {
        var job = await Story.PlanOneBatchAsync(10);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, [.. lease.Items.Select(i => new ItemResult(i.Item, Outcome.Failed, Reason.Corrupt))]);
        var library = job.Scope.Library;
        var other = await Story.AddLibraryAsync("other");
        await Store.Alerts.RaiseAsync(BrakeAlert.For(other.Id, "other", 1000, 0), Cancellation);
        await Store.Alerts.RaiseAsync(Fire with { Path = "/house" }, Cancellation);

        Assert.Equal(["house/1", $"library/{other.Id}", $"job/{job.Id}"], await SubjectsAsync(Grants.All));
        Assert.Equal(["house/1", $"job/{job.Id}"], await SubjectsAsync(Grants.Of([library])));
        Assert.Equal(["house/1"], await SubjectsAsync(Grants.Of([])));
        Assert.Equal([(null, "/house"), (other.Id, null), (library, null)], (await AllAsync()).Select(alert => (alert.Library, alert.Path)));

        var hidden = (await AllAsync())[1].Id;
        Assert.False(await Store.Alerts.DismissAsync(Grants.Of([library]), hidden, Cancellation));
        Assert.Equal(3, (await StandingAsync()).Count);
        Assert.True(await Store.Alerts.DismissAsync(Grants.Of([other.Id]), hidden, Cancellation));

        // A page is full of what may be seen, whatever stands between.
        var page = await Store.Alerts.ListAsync(Grants.Of([library]), false, null, 2, Cancellation);
        Assert.Equal(2, page.Items.Count);

        async Task<IEnumerable<string>> SubjectsAsync(Grants grants) => (await Store.Alerts.ListAsync(grants, true, null, 10, Cancellation)).Items.Select(alert => alert.Subject);
    }

    [Theory]
    [InlineData("same", null, false)]
    [InlineData("other", null, true)]
    [InlineData(null, Reason.Corrupt, true)]
    [InlineData(null, Reason.SourceUnreadable, false)]
    public async Task An_original_that_reads_otherwise_at_the_same_version_is_said_and_what_was_made_is_kept(string? content, string? reason, bool said)
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync("one", "thumbnail");
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(1)));
        var first = await Story.MustLeaseAsync();
        await Story.CommitAsync(first, Story.Done(first, first.Items[0], folder, "same"));
        var scope = new JobScope(library.Id, ["display"]);
        await Story.PlanAsync(scope, [await Story.WholeBatchAsync(scope)]);
        var second = await Story.MustLeaseAsync();

        var read = reason is null ? Story.Done(second, second.Items[0], folder, content) : new ItemResult(second.Items[0].Item, Outcome.Failed, reason);
        await Story.CommitAsync(second, read);

        var alert = (await StandingAsync()).SingleOrDefault();
        Assert.Equal(said ? (AlertCode.OriginalDamaged, $"library/{library.Id}") : (null, null), (alert?.Code, alert?.Subject));
        Assert.Equal(1, (await Store.Libraries.ListAsync(Cancellation)).Single().Counters.Derivatives["thumbnail"].Count);
    }

    private async Task<IReadOnlyList<Alert>> StandingAsync() => (await Store.Alerts.ListAsync(Grants.All, true, null, 100, Cancellation)).Items;

    private async Task<IReadOnlyList<Alert>> AllAsync() => (await Store.Alerts.ListAsync(Grants.All, false, null, 100, Cancellation)).Items;
}
