using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>What a scan, or the job in place of one, takes up in each mode.</summary>
public abstract class ScanModeSpec : StoreSpec
{
    private static readonly Tree Tree = new Tree().With("a", Story.Pictures(3)).With("b.cbz", ContainerKind.Zip, 1, Story.Pictures(2))
        .With("c.cbr", ContainerKind.SolidRar, 1, Story.Pictures(4));

    [Fact]
    public async Task Overwriting_lists_everything_makes_every_image_and_keeps_ids_and_derivatives_until_then()
    {
        var folder = await Story.AddFolderAsync();
        var library = await MadeAsync(folder);
        var before = await VersionsAsync();

        var scan = (await Store.Jobs.AddAsync(ScanMode.Overwrite.ToJob(library, null), Cancellation))!;
        while (await Story.LeaseAsync() is { } lease)
        {
            if (lease.Handler != Handler.Scan)
            {
                await Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token, Store.Time.GetUtcNow() + TimeSpan.FromDays(1)), Cancellation);
                continue;
            }
            Assert.True(lease.Force);
            await Story.ApplyAsync(lease, Tree);
            await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Done));
        }

        Assert.Equal((4, 4), ((await Story.JobAsync(scan)).Total, (await Story.JobAsync(scan)).Completed));
        Assert.Equal(9, (await Story.JobAsync(await Story.ChildAsync(scan))).Total);
        Assert.Equal(before, await VersionsAsync());
        Store.Time.Advance(TimeSpan.FromDays(2));
        await Story.DeriveAllAsync(folder);
        var after = await VersionsAsync();
        Assert.Equal(before.Select(image => image.Id), after.Select(image => image.Id));
        Assert.Empty(before.Select(image => image.Version).Intersect(after.Select(image => image.Version)));
        Assert.Equal(18, (await Story.AuditAsync()).Blobs);
    }

    [Fact]
    public async Task What_is_incomplete_lacks_a_derivative_or_failed_for_a_reason_that_may_pass()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("a", Story.Pictures(4)));
        var cover = await Story.MustLeaseAsync();
        await Story.CommitAsync(cover, Story.Done(cover, cover.Items[0], folder));
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease,
            new ItemResult(lease.Items[0].Item, Outcome.Failed, Reason.Corrupt),
            new ItemResult(lease.Items[1].Item, Outcome.Failed, Reason.SourceUnreadable),
            new ItemResult(lease.Items[2].Item, Outcome.Skipped, Reason.Unsupported));
        await Story.ScanAsync(library, new Tree().With("a", Story.Pictures(4)).With("b", Story.Pictures(2)));
        await Store.Jobs.ControlAsync((await Store.Jobs.ListAsync(new(Handler.Derive), Cancellation)).Items[0].Id, new JobCommand.Cancel(), Cancellation);

        var wanted = ScanMode.Incomplete.ToJob(library, null);
        var job = (await Store.Jobs.AddAsync(wanted, Cancellation))!;

        Assert.True(job.Scope.Incomplete);
        var items = (await Store.Catalog.ToDeriveAsync(job.Scope, null, 100, Cancellation)).Items;
        Assert.Equal(3, items.Count);
        Assert.Contains(lease.Items[1].Item, items.Select(item => item.Item));
    }

    private async Task<Library> MadeAsync(CacheFolder folder)
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, Tree);
        await Story.DeriveAllAsync(folder);
        return library;
    }

    private async Task<List<(ImageId Id, string Version)>> VersionsAsync()
    {
        var versions = new List<(ImageId, string)>();
        foreach (var collection in (await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items)
        {
            var images = (await Store.Catalog.ImagesAsync(Grants.All, collection.Id, null, 100, Cancellation))!.Items;
            versions.AddRange(images.Select(image => (image.Id, image.Versions["thumbnail"])));
        }
        return versions;
    }
}
