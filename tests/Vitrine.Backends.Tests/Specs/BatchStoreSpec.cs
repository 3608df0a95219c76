using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Offers, leases, hand-backs, deaths and planners.</summary>
public abstract class BatchStoreSpec : StoreSpec
{
    private static readonly OfferWindow Window = new(4, TimeSpan.FromSeconds(60));

    [Fact]
    public async Task An_offer_leases_once_and_only_with_its_number()
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var offer = Assert.Single(await Store.Batches.OfferAsync(Window, Cancellation));
        Assert.Equal((1, BatchClass.Covers), (offer.Number, offer.Class));
        Assert.Empty(await Store.Batches.OfferAsync(Window, Cancellation));

        Store.Time.Advance(TimeSpan.FromSeconds(60));
        var again = Assert.Single(await Store.Batches.OfferAsync(Window, Cancellation));
        Assert.Equal(offer with { Number = 2 }, again);

        Assert.Null(await Store.Batches.LeaseAsync(new("node", offer), Cancellation));
        Assert.False(await Store.Batches.ReleaseAsync(new BatchRelease.Refused(offer), Cancellation));
        Assert.NotNull(await Store.Batches.LeaseAsync(new("node", again), Cancellation));
        Assert.Null(await Store.Batches.LeaseAsync(new("node", again), Cancellation));
    }

    [Fact]
    public async Task A_refused_offer_is_offered_anew()
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var offer = Assert.Single(await Store.Batches.OfferAsync(Window, Cancellation));
        Assert.True(await Store.Batches.ReleaseAsync(new BatchRelease.Refused(offer), Cancellation));
        Assert.Equal([offer with { Number = 2 }], await Store.Batches.OfferAsync(Window, Cancellation));
    }

    [Fact]
    public async Task The_window_is_filled_by_class_and_round_robin_over_jobs()
    {
        var (one, two) = (await Story.AddLibraryAsync("one"), await Story.AddLibraryAsync("two"));
        foreach (var library in new[] { one, two }) await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(64 * 6)));

        var offers = await Store.Batches.OfferAsync(Window, Cancellation);

        Assert.Equal(2, offers.Count(o => o.Class == BatchClass.Covers));
        Assert.Equal(4, offers.Count(o => o.Class == BatchClass.Normal));
        Assert.Equal([BatchClass.Covers, BatchClass.Normal], offers.Select(o => o.Class).Distinct());
        var libraries = new List<LibraryId>();
        foreach (var offer in offers.Where(o => o.Class == BatchClass.Normal)) libraries.Add((await Store.Batches.LeaseAsync(new("node", offer), Cancellation))!.Library);
        Assert.Equal(2, libraries.Count(l => l == one.Id));
    }

    [Fact]
    public async Task Jobs_take_turns_where_a_worker_asks_the_store()
    {
        var (one, two) = (await Story.AddLibraryAsync("one"), await Story.AddLibraryAsync("two"));
        foreach (var library in new[] { one, two }) await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(64 * 3)));
        var leases = new List<Lease>();
        while (await Story.LeaseAsync() is { } lease) leases.Add(lease);
        Assert.Equal([BatchClass.Covers, BatchClass.Covers], leases.Take(2).Select(l => l.Class));
        Assert.Equal(2, leases.Skip(2).Take(2).Select(l => l.Library).Distinct().Count());
    }

    [Fact]
    public async Task A_library_that_names_labels_is_for_nodes_that_have_one_at_once()
    {
        await Story.PlanOneBatchAsync(1);
        var library = (await Store.Libraries.ListAsync(Cancellation)).Single();
        await LabelAsync("nas", "attic");
        Assert.Null(await Store.Batches.LeaseAsync(new("node"), Cancellation));
        Assert.Null(await Store.Batches.LeaseAsync(new("node", Labels: ["na"]), Cancellation));
        var lease = await Store.Batches.LeaseAsync(new("node", Labels: ["fast", "attic"]), Cancellation);
        await Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease!.Token), Cancellation);
        await LabelAsync();
        Assert.NotNull(await Store.Batches.LeaseAsync(new("node"), Cancellation));

        Task<bool> LabelAsync(params string[] labels) =>
            Store.Libraries.UpdateAsync(library.Id, new(library.Name, library.Root, library.Settings with { NodeLabels = labels }, library.Mount), Cancellation);
    }

    [Fact]
    public async Task Not_before_keeps_a_batch_and_unable_a_library()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(1)));
        var lease = await Story.MustLeaseAsync();
        await Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token, Store.Time.GetUtcNow() + TimeSpan.FromSeconds(5)), Cancellation);

        Assert.Null(await Story.LeaseAsync());
        Assert.Empty(await Store.Batches.OfferAsync(Window, Cancellation));
        Store.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await Store.Batches.LeaseAsync(new("node", Unable: [library.Id]), Cancellation));
        Assert.NotNull(await Story.LeaseAsync());
    }

    [Fact]
    public async Task A_lease_is_refused_while_its_job_is_held_and_the_batch_is_ready_again()
    {
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var offer = Assert.Single(await Store.Batches.OfferAsync(Window, Cancellation));
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Hold(Holds.User), Cancellation);
        Assert.Null(await Store.Batches.LeaseAsync(new("node", offer), Cancellation));
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Lift(Holds.User), Cancellation);
        Assert.Equal([offer with { Number = 2 }], await Store.Batches.OfferAsync(Window, Cancellation));
    }

    [Fact]
    public async Task Handing_back_with_a_hold_sets_it_on_the_job()
    {
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var lease = await Story.MustLeaseAsync();
        Assert.True(await Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token, Hold: Holds.Root), Cancellation));
        Assert.False(await Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token), Cancellation));
        Assert.Equal(Holds.Root, (await Story.JobAsync(derive)).Holds);
    }

    [Fact]
    public async Task Renewing_answers_the_current_tokens_of_the_node()
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(2)));
        var (one, two) = (await Story.MustLeaseAsync(), await Story.MustLeaseAsync("other"));
        var renewed = await Store.Batches.RenewAsync("node", [one.Token, two.Token, new(9999)], Cancellation);
        Assert.Equal([one.Token], renewed);
        Assert.Equal([("node", 1), ("other", 0)], (await Store.Batches.LeasesAsync(Cancellation)).Select(l => (l.Node, l.Renewals)));
        Assert.False(await Store.Batches.ReleaseAsync(new BatchRelease.Died(one.Token, 0, new()), Cancellation)); // It has renewed since it was looked at.
    }

    [Fact]
    public async Task An_image_on_demand_is_one_batch_for_all_who_ask()
    {
        var folder = await Story.AddFolderAsync();
        await Story.ScanAsync(await Story.AddLibraryAsync("one", "thumbnail"), new Tree().With("sub", Story.Pictures(1)));
        var derive = await Story.MustLeaseAsync();
        var image = new ImageId(derive.Items[0].Item);

        var first = await Store.Batches.AddAsync(new BatchAddition.OnDemand(image, ["thumbnail"]), Cancellation);
        var second = await Store.Batches.AddAsync(new BatchAddition.OnDemand(image, ["full"]), Cancellation);
        Assert.Equal(first, second);
        Assert.False((await Store.Batches.AddAsync(new BatchAddition.OnDemand(new(9999), ["full"]), Cancellation)).Accepted);

        var lease = (await Store.Batches.LeaseAsync(new("server", Batch: first.Batch), Cancellation))!;
        Assert.Equal((null, BatchClass.Viewing, Handler.Derive), (lease.Job, lease.Class, lease.Handler));
        Assert.Equal(["thumbnail", "full"], lease.Items[0].Presets.Select(preset => preset.Name));
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder));

        Assert.Null(await Store.Batches.LeaseAsync(new("server", Batch: first.Batch), Cancellation));
        Assert.Equal(["full", "thumbnail"], (await Store.Catalog.ImageAsync(Grants.All, image, Cancellation))!.Summary.Versions.Keys.Order());
        await Story.CommitAsync(derive, Story.Done(derive, derive.Items[0], folder));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task What_is_asked_for_while_the_image_is_in_hand_is_made_next()
    {
        var folder = await Story.AddFolderAsync();
        await Story.ScanAsync(await Story.AddLibraryAsync("one", "thumbnail"), new Tree().With("sub", Story.Pictures(1)));
        await Story.DeriveAllAsync(folder);
        var image = (await Store.Catalog.RandomAsync(Grants.All, 0, Cancellation))!.Id;
        var batch = (await Store.Batches.AddAsync(new BatchAddition.OnDemand(image, ["full"]), Cancellation)).Batch;
        var lease = (await Store.Batches.LeaseAsync(new("server", Batch: batch), Cancellation))!;
        await Store.Batches.AddAsync(new BatchAddition.OnDemand(image, ["medium"]), Cancellation);
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder));
        Assert.Equal(["medium"], (await Store.Batches.LeaseAsync(new("server", Batch: batch), Cancellation))!.Items[0].Presets.Select(preset => preset.Name));
    }

    [Fact]
    public async Task A_failure_on_demand_is_recorded_on_the_image()
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var image = (await Store.Catalog.RandomAsync(Grants.All, 0, Cancellation))!.Id;
        var batch = (await Store.Batches.AddAsync(new BatchAddition.OnDemand(image, ["full"]), Cancellation)).Batch;
        var lease = (await Store.Batches.LeaseAsync(new("server", Batch: batch), Cancellation))!;
        await Story.CommitAsync(lease, new ItemResult(image.Value, Outcome.Failed, Reason.Corrupt));
        var summary = (await Store.Catalog.ImageAsync(Grants.All, image, Cancellation))!.Summary;
        Assert.Equal((ImageState.Failed, Reason.Corrupt), (summary.State, summary.Reason));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_planner_with_an_old_token_adds_nothing()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(2)));
        var job = (await Store.Jobs.AddAsync(new(Handler.Derive, new(library.Id, ["medium"])), Cancellation))!;
        var page = await Store.Catalog.ToDeriveAsync(job.Scope, null, 10, Cancellation);
        var batches = BatchPlan.Cut(page.Items, job.Class);
        var old = (await Store.Locks.AcquireAsync("plan", "a", TimeSpan.FromSeconds(60), Cancellation))!;
        Store.Time.Advance(TimeSpan.FromSeconds(60));
        var current = (await Store.Locks.AcquireAsync("plan", "b", TimeSpan.FromSeconds(60), Cancellation))!;

        Assert.False((await Store.Batches.AddAsync(new BatchAddition.Plan(job.Id, old, batches, "1", false), Cancellation)).Accepted);
        Assert.True((await Store.Batches.AddAsync(new BatchAddition.Plan(job.Id, current, batches, "1", false), Cancellation)).Accepted);
        Assert.True((await Store.Batches.AddAsync(new BatchAddition.Plan(job.Id, current, batches, "2", true), Cancellation)).Accepted); // The same items are no new ones.
        Assert.False((await Store.Batches.AddAsync(new BatchAddition.Plan(job.Id, current, batches, "3", true), Cancellation)).Accepted);
        job = await Story.JobAsync(job);
        Assert.Equal((2, true, "2"), (job.Total, job.Planned, job.PlanCursor));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_plan_of_nothing_completes_the_job()
    {
        var library = await Story.AddLibraryAsync();
        var job = await Story.PlanAsync(new(library.Id, ["medium"]), []);
        Assert.Equal((JobStatus.Completed, 0), (job.Status, job.Total));
    }
}
