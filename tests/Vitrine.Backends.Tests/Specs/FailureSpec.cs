using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>What stands as failed or skipped in a library, whichever job found it.</summary>
public abstract class FailureSpec : StoreSpec
{
    [Fact]
    public async Task What_failed_stands_after_a_later_scan_and_goes_with_its_cause()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree().With("sub", Story.Pictures(3));
        var first = await Story.ScanAsync(library, tree);
        await EndAllAsync(Reason.Corrupt, "No picture.");
        var before = await StandingAsync(library);
        Assert.Equal(["sub/00001.jpg", "sub/00002.jpg", "sub/00003.jpg"], before.Select(f => f.Source).Order());
        Assert.All(before, f => Assert.Equal((first.Id, Handler.Derive, Outcome.Failed, Reason.Corrupt, "No picture.", 2, "v1"),
            (f.Job, f.Handler, f.Outcome, f.Code, f.Message, f.Attempts, f.DecoderVersion)));

        await Story.ScanAsync(library, tree);
        Assert.Equal(before, await StandingAsync(library));

        tree = new Tree().With("sub", new Picture("00001.jpg", Stamp: 2), new Picture("00002.jpg"));
        await Story.ScanAsync(library, tree);
        Assert.Equal("sub/00002.jpg", Assert.Single(await StandingAsync(library)).Source);
        await Story.DeriveAllAsync(await Story.AddFolderAsync());
        Assert.Equal("sub/00002.jpg", Assert.Single(await StandingAsync(library)).Source);
        Assert.Equal(3, (await Store.Failures.ListAsync(Grants.All, new FailureQuery.OfJob(first.Id), null, 10, Cancellation)).Items.Count);
    }

    [Fact]
    public async Task It_tells_of_the_newest_row_that_ended_so()
    {
        var library = await Story.AddLibraryAsync();
        var first = await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(1)));
        var image = Assert.Single(await EndAllAsync(Reason.Timeout, "First."));
        Lease lease;
        foreach (var (outcome, reason, message) in new[] { (Outcome.Failed, Reason.Timeout, "Second."), (Outcome.Skipped, Reason.InProgress, "Third.") })
        {
            await Story.PlanAsync(new(library.Id, ["thumbnail"], Images: [new(image.Item)]), [new(image.Collection, BatchClass.Normal, [image.Item])], first);
            lease = await Story.MustLeaseAsync();
            await Story.CommitAsync(lease, new ItemResult(image.Item, outcome, reason, message));
        }
        var failure = Assert.Single(await StandingAsync(library));
        Assert.Equal((Reason.Timeout, "Second."), (failure.Code, failure.Message));
        Assert.NotEqual(first.Id, failure.Job);
    }

    [Fact]
    public async Task Without_a_row_of_a_job_there_is_a_code_alone()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(1)));
        await Story.DeriveAllAsync(await Story.AddFolderAsync());
        var image = (await Store.Catalog.RandomAsync(Grants.All, 0.5, Cancellation))!.Id;
        await Store.Batches.AddAsync(new BatchAddition.OnDemand(image, ["full"]), Cancellation);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, new ItemResult(image.Value, Outcome.Failed, Reason.OutOfMemory, "Too much."));

        var failure = Assert.Single(await StandingAsync(library));
        Assert.Equal((null, Reason.OutOfMemory, null, 0, null), (failure.Job, failure.Code, failure.Message, failure.Attempts, failure.At));
    }

    [Fact]
    public async Task Containers_come_before_images_and_pages_give_each_once()
    {
        var (library, other) = (await Story.AddLibraryAsync("one"), await Story.AddLibraryAsync("two"));
        var tree = new Tree().With("sub", Story.Pictures(4)).With("a.cbz", ContainerKind.Zip, 1).With("b.cbz", ContainerKind.Zip, 1);
        await ScanWithBrokenArchivesAsync(library, tree);
        await EndAllAsync(Reason.Unsupported, null, Outcome.Skipped);
        await Story.ScanAsync(other, new Tree().With("sub", Story.Pictures(2)));
        await EndAllAsync(Reason.Corrupt, null);

        var all = await StandingAsync(library);
        Assert.Equal([Handler.Scan, Handler.Scan, Handler.Derive, Handler.Derive, Handler.Derive, Handler.Derive], all.Select(f => f.Handler));
        Assert.Equal(["a.cbz", "b.cbz"], all.Take(2).Select(f => f.Source));
        Assert.All(all.Take(2), f => Assert.Equal((Outcome.Failed, Reason.ArchiveCorrupt, "No end record."), (f.Outcome, f.Code, f.Message)));
        Assert.All(all.Skip(2), f => Assert.Equal((Outcome.Skipped, Reason.Unsupported), (f.Outcome, f.Code)));
        var counters = (await Store.Libraries.ListAsync(Cancellation)).Single(l => l.Id == library.Id).Counters;
        Assert.Equal((0, 4, 2), (counters.Failed, counters.Skipped, counters.FailedContainers));

        for (var limit = 1; limit <= 7; limit++) Assert.Equal(all, await StandingAsync(library, limit));
    }

    private async Task ScanWithBrokenArchivesAsync(Library library, Tree tree)
    {
        await Story.StartScanAsync(library);
        while (await Story.LeaseAsync() is { Handler: Handler.Scan } lease)
        {
            var broken = lease.Kind == ContainerKind.Zip ? Reason.ArchiveCorrupt : null;
            await Store.Libraries.ApplyAsync(lease, Story.Step(lease, tree) with { Reason = broken }, Cancellation);
            await Story.CommitAsync(lease, broken is null
                ? new ItemResult(lease.Items[0].Item, Outcome.Done)
                : new ItemResult(lease.Items[0].Item, Outcome.Failed, broken, "No end record."));
            if (await HasOpenScanAsync()) continue;
            return;
        }
        Assert.Fail("A scan goes before what it found.");
    }

    private async Task<bool> HasOpenScanAsync() => (await Store.Jobs.ListAsync(new(Handler.Scan, Open: true), Cancellation)).Items.Count > 0;

    /// <summary>Every item that is open ends so. Answers them.</summary>
    private async Task<List<(long Item, CollectionId Collection)>> EndAllAsync(string reason, string? message, Outcome outcome = Outcome.Failed)
    {
        var ended = new List<(long, CollectionId)>();
        while (await Story.LeaseAsync() is { } lease)
        {
            await Story.CommitAsync(lease, [.. lease.Items.Select(i => new ItemResult(i.Item, outcome, reason, message, Attempts: 2, DecoderVersion: "v1"))]);
            ended.AddRange(lease.Items.Select(i => (i.Item, lease.Collection)));
        }
        return ended;
    }

    private async Task<List<JobFailure>> StandingAsync(Library library, int limit = 200)
    {
        var all = new List<JobFailure>();
        string? cursor = null;
        do
        {
            var page = await Store.Failures.ListAsync(Grants.All, new FailureQuery.Standing(library.Id), cursor, limit, Cancellation);
            Assert.True(page.Items.Count <= limit);
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }
}
