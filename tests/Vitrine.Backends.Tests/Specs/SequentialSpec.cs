using System.Text;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>A container that is read in one pass is one batch, however it comes to be planned.</summary>
public abstract class SequentialSpec : StoreSpec
{
    [Fact]
    public async Task A_scan_plans_it_with_its_last_step_and_in_one_batch()
    {
        var (scan, lease) = await ListingAsync();

        for (var group = 0; group < 3; group++) await ApplyAsync(lease, Group(group, 50), last: false);
        Assert.Equal(0, (await Story.ChildAsync(scan)).Total);
        await ApplyAsync(lease, [], last: true);
        await Store.Ledger.CommitAsync(lease, [new(lease.Items[0].Item, Outcome.Done)], Cancellation);

        var batch = await Story.MustLeaseAsync();
        Assert.Equal((ContainerKind.SolidSevenZip, BatchClass.Normal, 150), (batch.Kind, batch.Class, batch.Items.Count));
        Assert.Null(await Story.LeaseAsync());
    }

    [Fact]
    public async Task A_later_scan_keeps_the_kind_that_its_content_had()
    {
        var (_, lease) = await ListingAsync();
        await ApplyAsync(lease, Group(0, 3), last: true);
        await Store.Ledger.CommitAsync(lease, [new(lease.Items[0].Item, Outcome.Done)], Cancellation);
        var library = (await Store.Libraries.ListAsync(Cancellation)).Single();

        await Story.ScanAsync(library, new Tree().With("a.cbz", ContainerKind.Zip, 1));

        // It is not read again for its name alone.
        Assert.Equal(3, (await Store.Libraries.ListAsync(Cancellation)).Single().Counters.Images);
        Assert.Equal(ContainerKind.SolidSevenZip, (await Story.MustLeaseAsync()).Kind);
    }

    [Fact]
    public async Task A_planners_page_goes_on_to_its_end()
    {
        var (_, lease) = await ListingAsync();
        await ApplyAsync(lease, Group(0, 120), last: true);
        var library = (await Store.Libraries.ListAsync(Cancellation)).Single();

        var page = await Store.Catalog.ToDeriveAsync(new(library.Id, ["medium"]), null, 50, Cancellation);
        Assert.Equal(120, page.Items.Count);
        Assert.Single(BatchPlan.Cut(page.Items, BatchClass.Normal));
        Assert.Empty((await Store.Catalog.ToDeriveAsync(new(library.Id, ["medium"]), page.Next, 50, Cancellation)).Items);
        var some = page.Items.Where((_, i) => i % 2 == 0).Select(i => new ImageId(i.Item)).ToList();
        Assert.Equal(60, (await Store.Catalog.ToDeriveAsync(new(library.Id, ["medium"], Images: some), null, 10, Cancellation)).Items.Count);
    }

    [Fact]
    public async Task What_failed_in_it_is_tried_again_in_one_batch_however_the_failures_lie()
    {
        var lease = await PlannedAsync(1200);
        // Two reasons, in turns: of standing failures each is a group of its own.
        await Story.CommitAsync(lease, [.. lease.Items.Select((item, i) => new ItemResult(item.Item, Outcome.Failed, i % 2 == 0 ? Reason.Corrupt : Reason.TooLarge))]);
        var library = (await Store.Libraries.ListAsync(Cancellation)).Single();

        foreach (var failures in new FailureQuery[] { new FailureQuery.OfJob(lease.Job!.Value), new FailureQuery.Standing() })
        {
            var retry = await RetryAsync(new(library.Id, ["thumbnail"], Failures: failures));
            Assert.Equal(1200, (await Story.JobAsync(retry)).Total);
            Assert.Equal(1200, (await Story.MustLeaseAsync()).Items.Count);
            Assert.Null(await Story.LeaseAsync());
            await Store.Jobs.ControlAsync(retry.Id, new JobCommand.Cancel(), Cancellation);
        }
    }

    [Fact]
    public async Task The_first_that_is_made_stands_for_its_cover_until_that_is_made()
    {
        var folder = await Story.AddFolderAsync();
        var lease = await PlannedAsync(3);
        Assert.Equal(lease.Items[0].Name, (await CoverAsync()).Name);

        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[2], folder));
        Assert.Equal(lease.Items[2].Name, (await CoverAsync()).Name);
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[1], folder));
        Assert.Equal(lease.Items[2].Name, (await CoverAsync()).Name);
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder));
        Assert.Equal(lease.Items[0].Name, (await CoverAsync()).Name);
    }

    private async Task<ImageSummary> CoverAsync() =>
        (await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items.Single(c => c.Kind == ContainerKind.SolidSevenZip).Cover!;

    /// <summary>Planned as the planner does it, page by page.</summary>
    private async Task<Job> RetryAsync(JobScope scope)
    {
        var job = (await Store.Jobs.AddAsync(new(Handler.Derive, scope), Cancellation))!;
        var planner = (await Store.Locks.AcquireAsync($"plan {job.Id}", "planner", TimeSpan.FromMinutes(1), Cancellation))!;
        string? cursor = null;
        do
        {
            var page = await Store.Catalog.ToDeriveAsync(scope, cursor, 500, Cancellation);
            cursor = page.Next;
            Assert.True((await Store.Batches.AddAsync(new BatchAddition.Plan(job.Id, planner, BatchPlan.Cut(page.Items, job.Class), cursor, cursor is null), Cancellation)).Accepted);
        }
        while (cursor is not null);
        return job;
    }

    private async Task<Lease> PlannedAsync(int images)
    {
        var (_, lease) = await ListingAsync();
        await ApplyAsync(lease, Group(0, images), last: true);
        await Store.Ledger.CommitAsync(lease, [new(lease.Items[0].Item, Outcome.Done)], Cancellation);
        return await Story.MustLeaseAsync();
    }

    /// <summary>A scan that stands within an archive whose name says ZIP.</summary>
    private async Task<(Job Scan, Lease Lease)> ListingAsync()
    {
        var library = await Story.AddLibraryAsync();
        var scan = await Story.StartScanAsync(library);
        var root = await Story.MustLeaseAsync();
        await Story.ApplyAsync(root, new Tree().With("a.cbz", ContainerKind.Zip, 1));
        await Store.Ledger.CommitAsync(root, [new(root.Items[0].Item, Outcome.Done)], Cancellation);
        return (scan, await Story.MustLeaseAsync());
    }

    private readonly HashSet<ImageId> _seen = [];

    private async Task ApplyAsync(Lease lease, IReadOnlyList<FoundImage> images, bool last)
    {
        var answer = await Store.Libraries.ApplyAsync(
            lease, new(lease.Collection, images, [], SameMount: true, last, last ? new(_seen, new HashSet<CollectionId>()) : null, last ? new(1, 1, 7) : null,
                Kind: ContainerKind.SolidSevenZip), Cancellation);
        Assert.True(answer.Accepted);
        _seen.UnionWith(answer.Images);
    }

    private static List<FoundImage> Group(int group, int count) =>
        [.. Enumerable.Range(0, count).Select(i => $"{group}-{i:D4}.jpg").Select(name => new FoundImage(RawName.FromText(name), 0, name, Encoding.UTF8.GetBytes(name), new(10, 1, 0)))];
}
