using System.Security.Cryptography;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>The one door: fences, arithmetic, counters.</summary>
public abstract class LedgerSpec : StoreSpec
{
    [Fact]
    public async Task A_scan_and_its_job_end_with_every_image_made_and_equal_counters()
    {
        var library = await Story.AddLibraryAsync();
        var folder = await Story.AddFolderAsync();
        var tree = new Tree().With("", Story.Pictures(3)).With("sub", Story.Pictures(70)).With("a.cbz", ContainerKind.Zip, 1, Story.Pictures(2));
        var derive = await Story.ScanAsync(library, tree);
        Assert.Equal((75, true, JobStatus.Pending), (derive.Total, derive.Planned, derive.Status));

        await Story.DeriveAllAsync(folder);

        derive = await Story.JobAsync(derive);
        Assert.Equal((JobStatus.Completed, 75), (derive.Status, derive.Completed));
        var audit = await Story.AuditAsync();
        Assert.Equal((75, 150, 150), (audit.Images, audit.Rows, audit.Blobs));
        var counters = (await Store.Libraries.ListAsync(Cancellation)).Single().Counters;
        Assert.Equal((3, 75, 75, 0), (counters.Collections, counters.Images, counters.Ready, counters.Failed));
        Assert.Equal(new(75, 7500), counters.Derivatives["thumbnail"]);
        var collections = await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation);
        Assert.All(collections.Items, c => Assert.Equal(["display", "thumbnail"], c.Cover!.Versions.Keys.Order()));
    }

    /// <summary>2,000 bytes that no database makes shorter.</summary>
    [Fact]
    public async Task An_entrys_longest_name_is_found_again_and_kept_in_the_trash()
    {
        var name = $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(998))}.jpg";
        var library = await Story.AddLibraryAsync();
        var folder = await Story.AddFolderAsync();
        var tree = new Tree().With("a.cbz", ContainerKind.Zip, 1, new Picture(name));
        await Story.ScanAsync(library, tree);
        await Story.DeriveAllAsync(folder);

        Assert.Equal(0, (await Story.ScanAsync(library, tree.With("a.cbz", ContainerKind.Zip, 2, new Picture(name)))).Total);
        await Story.ScanAsync(library, tree.Without("a.cbz"));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task An_old_token_writes_nothing()
    {
        var folder = await Story.AddFolderAsync();
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("", Story.Pictures(2)));
        var late = await Story.MustLeaseAsync("late");
        await Store.Batches.ReleaseAsync(new BatchRelease.Died(late.Token, 0, new()), Cancellation);
        var now = await Story.MustLeaseAsync("now");
        Assert.Equal(late.Batch, now.Batch);
        Assert.True(now.Token.Value > late.Token.Value);

        var answer = await Story.CommitAsync(late, Story.Done(late, late.Items[0], folder));

        Assert.Equal(CommitState.Fenced, answer.State);
        Assert.Equal(2, answer.Unused.Count);
        Assert.Equal(0, (await Story.AuditAsync()).Rows);
        Assert.Equal(CommitState.Accepted, (await Story.CommitAsync(now, Story.Done(now, now.Items[0], folder))).State);
    }

    [Fact]
    public async Task A_result_that_comes_twice_counts_once()
    {
        var folder = await Story.AddFolderAsync();
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(3)));
        await Story.CommitAsync(await Story.MustLeaseAsync(), []); // The cover's batch stays open.
        var lease = (await Store.Batches.LeaseAsync(new("node"), Cancellation))!;
        var result = Story.Done(lease, lease.Items[0], folder);

        var first = await Story.CommitAsync(lease, result, result);
        var second = await Story.CommitAsync(lease, result);

        // The same files again are the ones that were taken: nothing of them may be deleted.
        Assert.Empty(first.Unused);
        Assert.Empty(second.Unused);
        Assert.Equal((CommitState.Accepted, CommitState.Accepted), (first.State, second.State));
        Assert.Equal(1, (await Story.JobAsync(derive)).Completed);
        Assert.Equal(2, (await Story.AuditAsync()).Blobs);
    }

    [Fact]
    public async Task Parallel_reporters_with_doubled_results_give_exact_counters()
    {
        var images = 10_000 / Store.Fewer;
        var folder = await Story.AddFolderAsync();
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(images)));

        await Parallel.ForAsync(0, 32, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancellation }, async (worker, _) =>
        {
            while (await Story.LeaseAsync($"node {worker}") is { } lease)
            {
                ItemResult[] results = [.. lease.Items.Select(i => Judge(lease, i))];
                await Task.WhenAll(Story.CommitAsync(lease, results), Story.CommitAsync(lease, results));
            }
        });

        derive = await Story.JobAsync(derive);
        Assert.Equal(JobStatus.Completed, derive.Status);
        Assert.Equal((images / 10 * 8, images / 10, images / 10, 0), (derive.Completed, derive.Skipped, derive.Failed, derive.Cancelled));
        Assert.Equal(images / 10 * 16, (await Story.AuditAsync()).Rows);

        ItemResult Judge(Lease lease, WorkItem item) => item.Name[4] switch
        {
            '0' => new(item.Item, Outcome.Failed, Reason.Corrupt),
            '1' => new(item.Item, Outcome.Skipped, Reason.Unsupported),
            _ => Story.Done(lease, item, folder),
        };
    }

    [Fact]
    public async Task After_cancel_late_results_are_refused_and_the_numbers_add_up()
    {
        var folder = await Story.AddFolderAsync();
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(5)));
        var cover = await Story.MustLeaseAsync();
        await Story.CommitAsync(cover, Story.Done(cover, cover.Items[0], folder));
        var rest = await Story.MustLeaseAsync();

        Assert.True(await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Cancel(), Cancellation));
        var answer = await Story.CommitAsync(rest, Story.Done(rest, rest.Items[0], folder));

        Assert.Equal((CommitState.Fenced, 2), (answer.State, answer.Unused.Count));
        derive = await Story.JobAsync(derive);
        Assert.Equal((JobStatus.Cancelled, 5, 1, 4), (derive.Status, derive.Total, derive.Completed, derive.Cancelled));
        Assert.False(await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Hold(Holds.User), Cancellation));
        await Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(rest.Token), Cancellation);
        Assert.Null(await Story.LeaseAsync());
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_hold_lets_the_commit_in_and_says_so()
    {
        var folder = await Story.AddFolderAsync();
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(5)));
        var lease = await Story.MustLeaseAsync();
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Hold(Holds.User), Cancellation);
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Hold(Holds.Disk), Cancellation);

        Assert.Equal(CommitState.Held, (await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder))).State);
        Assert.Equal(1, (await Story.JobAsync(derive)).Completed);
        Assert.Null(await Story.LeaseAsync());

        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Lift(Holds.User), Cancellation);
        Assert.Equal(Holds.Disk, (await Story.JobAsync(derive)).Holds);
        Assert.Null(await Story.LeaseAsync());
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Lift(Holds.Disk), Cancellation);
        Assert.NotNull(await Story.LeaseAsync());
    }

    [Fact]
    public async Task A_result_of_another_version_is_thrown_away_and_noted_for_another_look()
    {
        var folder = await Story.AddFolderAsync();
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var lease = await Story.MustLeaseAsync();
        var result = Story.Done(lease, lease.Items[0], folder) with { VersionRead = new SourceVersion(1000, 99, 7) };

        var answer = await Story.CommitAsync(lease, result);

        Assert.Equal(2, answer.Unused.Count);
        derive = await Story.JobAsync(derive);
        Assert.Equal((JobStatus.Completed, 1), (derive.Status, derive.Skipped));
        Assert.Equal([lease.Collection], await Store.Watching.ToRevisitAsync(derive.Scope.Library, Store.Time.GetUtcNow(), 10, Cancellation));
        var failure = Assert.Single((await Store.Failures.ListAsync(Grants.All, new FailureQuery.OfJob(derive.Id), null, 10, Cancellation)).Items);
        Assert.Equal((Reason.SourceChanged, "sub/00001.jpg", Outcome.Skipped), (failure.Code, failure.Source, failure.Outcome));
        Assert.Equal(0, (await Story.AuditAsync()).Rows);
    }

    [Fact]
    public async Task Another_inode_alone_is_no_other_version()
    {
        var folder = await Story.AddFolderAsync();
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder) with { VersionRead = lease.Items[0].Version with { Inode = 8 } });
        Assert.Equal(2, (await Story.AuditAsync()).Rows);
    }

    [Fact]
    public async Task What_was_removed_meanwhile_is_skipped_as_removed()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        var derive = await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(3)));
        var cover = await Story.MustLeaseAsync();
        var rest = await Story.MustLeaseAsync();
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(1)));

        var answer = await Story.CommitAsync(rest, Story.Done(rest, rest.Items[0], folder));

        Assert.Equal(2, answer.Unused.Count);
        Assert.Equal(2, (await Story.JobAsync(derive)).Skipped); // The batch ended, and with it the item that nobody reported.
        await Story.CommitAsync(cover, Story.Done(cover, cover.Items[0], folder));
        Assert.Equal(JobStatus.Completed, (await Story.JobAsync(derive)).Status);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Removed_images_of_an_unleased_batch_end_it_without_a_worker()
    {
        var library = await Story.AddLibraryAsync();
        var derive = await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(3)));
        await Story.ScanAsync(library, new Tree());

        Assert.Null(await Story.LeaseAsync());

        derive = await Story.JobAsync(derive);
        Assert.Equal((JobStatus.Completed, 3), (derive.Status, derive.Skipped));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_failure_and_its_retry_move_the_image_and_each_job_keeps_its_numbers()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        var first = await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(1)));
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Failed, Reason.Timeout, "It took too long.", Attempts: 3, DecoderVersion: "v1"));
        var image = new ImageId(lease.Items[0].Item);
        Assert.Equal((ImageState.Failed, Reason.Timeout), await StateAsync(image));

        var retry = await Story.PlanAsync(new(library.Id, ["thumbnail"], Images: [image]), [new(lease.Collection, BatchClass.Normal, [image.Value])], first);
        lease = await Story.MustLeaseAsync();
        Assert.Equal(["thumbnail"], lease.Items[0].Presets.Select(preset => preset.Name));
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder));

        Assert.Equal((ImageState.Ready, null), await StateAsync(image));
        Assert.Equal((1, 0), ((await Story.JobAsync(first)).Failed, (await Story.JobAsync(retry)).Failed));
        var failure = Assert.Single((await Store.Failures.ListAsync(Grants.All, new FailureQuery.OfJob(first.Id), null, 10, Cancellation)).Items);
        Assert.Equal((3, "v1", "It took too long."), (failure.Attempts, failure.DecoderVersion, failure.Message));
        await Story.AuditAsync();

        async Task<(ImageState, string?)> StateAsync(ImageId id)
        {
            var summary = (await Store.Catalog.ImageAsync(Grants.All, id, Cancellation))!.Summary;
            return (summary.State, summary.Reason);
        }
    }

    [Fact]
    public async Task Progress_moves_with_outcomes_and_not_with_a_renewal()
    {
        var folder = await Story.AddFolderAsync();
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(2)));
        var lease = await Story.MustLeaseAsync();
        await Store.Batches.RenewAsync("node", [lease.Token], Cancellation);
        Assert.Equal((JobStatus.Pending, null), ((await Story.JobAsync(derive)).Status, (await Story.JobAsync(derive)).LastProgressAt));

        Store.Time.Advance(TimeSpan.FromMinutes(1));
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder));

        var after = await Story.JobAsync(derive);
        Assert.Equal((JobStatus.Running, Store.Time.GetUtcNow(), Store.Time.GetUtcNow()), (after.Status, after.LastProgressAt, after.StartedAt));
        Assert.True(after.Version > derive.Version);
    }

    [Theory]
    [InlineData(Reason.Present)]
    [InlineData(Reason.InProgress)]
    public async Task Skipped_since_there_was_nothing_to_do_leaves_the_image_as_it_is(string reason)
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync("one", "thumbnail");
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(1)));
        await Story.DeriveAllAsync(folder);
        var images = (await Store.Catalog.ToDeriveAsync(new(library.Id, ["thumbnail"], Force: true), null, 10, Cancellation)).Items;
        var job = await Story.PlanAsync(new(library.Id, ["thumbnail"]), BatchPlan.Cut(images, BatchClass.Normal));
        var lease = await Story.MustLeaseAsync();
        Assert.Empty(lease.Items[0].Presets);

        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Skipped, reason));

        Assert.Equal((JobStatus.Completed, 1), ((await Story.JobAsync(job)).Status, (await Story.JobAsync(job)).Skipped));
        Assert.Equal((1, 0), ((await Store.Libraries.ListAsync(Cancellation)).Single().Counters.Ready, (await Store.Libraries.ListAsync(Cancellation)).Single().Counters.Skipped));
        await Story.AuditAsync();
    }
}
