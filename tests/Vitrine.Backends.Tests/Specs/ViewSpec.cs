using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Covers of the view that is open go before those of jobs.</summary>
public abstract class ViewSpec : StoreSpec
{
    [Fact]
    public async Task Covers_in_view_are_made_first_in_the_order_of_the_view_and_the_newest_view_before_others()
    {
        var covers = await ScanAsync(8);
        await ShowAsync(covers[5], covers[4]);
        await ShowAsync(covers[7], covers[6]);

        var leases = new List<Lease>();
        for (var i = 0; i < 5; i++) leases.Add(await Story.MustLeaseAsync());

        Assert.Equal([covers[7], covers[6], covers[5], covers[4], covers[0]], leases.Select(l => new ImageId(l.Items[0].Item)));
        Assert.All(leases, lease => Assert.Equal(BatchClass.Covers, lease.Class));
        Assert.Equal([null, null, null, null], leases.Take(4).Select(l => l.Job));
        Assert.All(leases, lease => Assert.Equal(["thumbnail", "display"], lease.Items[0].Presets.Select(preset => preset.Name)));
    }

    [Fact]
    public async Task A_cover_that_is_made_failed_open_or_in_hand_is_left_out()
    {
        var folder = await Story.AddFolderAsync();
        var covers = await ScanAsync(4);
        var (made, failed, inHand) = (await Story.MustLeaseAsync(), await Story.MustLeaseAsync(), await Story.MustLeaseAsync());
        Assert.Equal(covers.Take(3), new[] { made, failed, inHand }.Select(l => new ImageId(l.Items[0].Item)));
        await Story.CommitAsync(made, Story.Done(made, made.Items[0], folder));
        await Story.CommitAsync(failed, new ItemResult(failed.Items[0].Item, Outcome.Failed, Reason.Corrupt));

        Assert.False(await ShowAsync([.. covers.Take(3), new(9999)]));
        Assert.True(await ShowAsync(covers[3]));
        Assert.False(await ShowAsync(covers[3]));

        // Whoever asks for it meanwhile joins what is open.
        var asked = await Store.Batches.AddAsync(new BatchAddition.OnDemand(covers[3], ["medium"]), Cancellation);
        var lease = (await Store.Batches.LeaseAsync(new("server", Batch: asked.Batch), Cancellation))!;
        Assert.Equal((BatchClass.Covers, "display medium thumbnail"), (lease.Class, string.Join(' ', lease.Items[0].Presets.Select(preset => preset.Name).Order())));
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder));
        await Story.CommitAsync(inHand, Story.Done(inHand, inHand.Items[0], folder));
        await Story.DeriveAllAsync(folder);
        Assert.Equal(3, (await Store.Libraries.ListAsync(Cancellation)).Single().Counters.Ready);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task The_newest_of_a_bounded_number_wait()
    {
        var covers = await ScanAsync(BatchAddition.MostInView + 20);
        await ShowAsync([.. covers.Take(20)]);
        await ShowAsync([.. covers.Skip(20)]);

        var leased = new List<ImageId>();
        while (await Story.LeaseAsync() is { Job: null } lease) leased.Add(new(lease.Items[0].Item));
        Assert.Equal(covers.Skip(20), leased);
    }

    [Fact]
    public async Task A_message_leases_what_is_in_view_before_the_covers_of_a_job()
    {
        var covers = await ScanAsync(6);
        await ShowAsync(covers[4], covers[5]);
        var offers = await Store.Batches.OfferAsync(new(3, TimeSpan.FromMinutes(1)), Cancellation);
        var leased = new List<ImageId>();
        foreach (var offer in offers.Take(2)) leased.Add(new((await Store.Batches.LeaseAsync(new("node", offer), Cancellation))!.Items[0].Item));
        Assert.Equal([covers[4], covers[5]], leased);
    }

    private async Task<bool> ShowAsync(params ImageId[] covers) => (await Store.Batches.AddAsync(new BatchAddition.InView(covers), Cancellation)).Accepted;

    /// <summary>So many collections of one image, which is its cover: by name.</summary>
    private async Task<List<ImageId>> ScanAsync(int collections)
    {
        var tree = new Tree();
        for (var i = 0; i < collections; i++) tree.With($"{i:D4}", Story.Pictures(1));
        await Story.ScanAsync(await Story.AddLibraryAsync(), tree);
        var covers = new List<ImageId>();
        string? after = null;
        do
        {
            var page = await Store.Catalog.CollectionsAsync(Grants.All, new(After: after, Limit: 200), Cancellation);
            covers.AddRange(page.Items.Select(c => c.Cover!.Id));
            after = page.Next;
        }
        while (after is not null);
        return covers;
    }
}
