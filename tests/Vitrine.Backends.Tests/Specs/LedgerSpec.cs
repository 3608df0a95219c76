using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

public abstract class LedgerSpec : StoreSpec
{
    [Fact]
    public async Task A_scan_and_its_job_end_with_every_image_made_and_equal_counters()
    {
        var library = await Story.AddLibraryAsync();
        var folder = await Story.AddFolderAsync();
        var derive = await Story.ScanAsync(library, new Tree().With("", Story.Pictures(3)).With("sub", Story.Pictures(70)).With("a.cbz", ContainerKind.Zip, 1, Story.Pictures(2)));
        Assert.Equal((75, true), (derive.Total, derive.Planned));

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

    [Fact]
    public async Task An_old_token_writes_nothing()
    {
        var library = await Story.AddLibraryAsync();
        var folder = await Story.AddFolderAsync();
        await Story.ScanAsync(library, new Tree().With("", Story.Pictures(2)));
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
}
