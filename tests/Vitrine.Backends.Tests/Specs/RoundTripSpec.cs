using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>How often a step waits for the database does not depend on how much it is about.</summary>
public abstract class RoundTripSpec : StoreSpec
{
    private static readonly int[] Sizes = [2, 16, 64];

    [Fact]
    public async Task A_lease_and_its_commit_wait_as_often_for_64_images_as_for_two()
    {
        var folder = await Story.AddFolderAsync();
        await Story.PlanOneBatchAsync(2, "before");
        await Story.DeriveAllAsync(folder);
        var (leases, commits) = (new List<long>(), new List<long>());
        foreach (var size in Sizes)
        {
            await Story.PlanOneBatchAsync(size, $"of {size}");
            Lease? lease = null;
            leases.Add(await TripsAsync(async () => lease = await Story.MustLeaseAsync()));
            Assert.Equal(size, lease!.Items.Count);
            ItemResult[] results = [.. lease.Items.Select(item => Story.Done(lease, item, folder))];
            commits.Add(await TripsAsync(() => Story.CommitAsync(lease, results)));
        }
        Bounded("lease", leases, 20);
        Bounded("commit", commits, 32);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_lease_after_a_change_of_a_preset_waits_as_often_for_64_images_as_for_two()
    {
        var folder = await Story.AddFolderAsync();
        var leases = new List<long>();
        var preset = Preset.Thumbnail;
        foreach (var size in Sizes)
        {
            var made = await Story.PlanOneBatchAsync(size, $"of {size}");
            await Story.DeriveAllAsync(folder);
            await Store.Presets.ChangeAsync(preset = preset with { Quality = preset.Quality - 1 }, Cancellation);
            await Story.PlanAsync(made.Scope, [await Story.WholeBatchAsync(made.Scope)]);
            Lease? lease = null;
            leases.Add(await TripsAsync(async () => lease = await Story.MustLeaseAsync()));
            Assert.Equal(size, lease!.Items.Count);
            await Story.CommitAsync(lease, [.. lease.Items.Select(item => Story.Done(lease, item, folder))]);
        }
        Bounded("lease", leases, 20);
    }

    [Fact]
    public async Task A_commit_of_all_kinds_of_ends_waits_as_often_for_64_images_as_for_four()
    {
        var folder = await Story.AddFolderAsync();
        var commits = new List<long>();
        foreach (var size in Sizes.Select(size => Math.Max(4, size)))
        {
            await Story.PlanOneBatchAsync(size, $"of {size}");
            var lease = await Story.MustLeaseAsync();
            ItemResult[] results = [.. lease.Items.Select((item, i) => (i % 4) switch
            {
                0 => Story.Done(lease, item, folder),
                1 => new ItemResult(item.Item, Outcome.Skipped, Reason.Unsupported),
                2 => Story.Done(lease, item, folder) with { VersionRead = item.Version with { Stamp = 99 } },
                _ => new ItemResult(item.Item, Outcome.Failed, Reason.SourceSlow, RetryAfter: TimeSpan.FromMinutes(1)),
            })];
            commits.Add(await TripsAsync(() => Story.CommitAsync(lease, results)));
        }
        Bounded("mixed commit", commits, 32);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_planners_step_waits_as_often_for_64_batches_as_for_two()
    {
        var trips = new List<long>();
        foreach (var size in Sizes)
        {
            var tree = Enumerable.Range(0, size).Aggregate(new Tree(), (tree, i) => tree.With($"d{i:D2}", Story.Pictures(2)));
            var derive = await Story.ScanAsync(await Story.AddLibraryAsync($"of {size}"), tree);
            await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Cancel(), Cancellation);
            var page = await Store.Catalog.ToDeriveAsync(derive.Scope, null, 1000, Cancellation);
            var batches = BatchPlan.Cut(page.Items, BatchClass.Covers);
            Assert.Equal(size, batches.Count);
            var job = (await Store.Jobs.AddAsync(new(Handler.Derive, derive.Scope), Cancellation))!;
            var planner = (await Store.Locks.AcquireAsync($"plan {job.Id}", "planner", TimeSpan.FromMinutes(1), Cancellation))!;
            trips.Add(await TripsAsync(() => Store.Batches.AddAsync(new BatchAddition.Plan(job.Id, planner, batches, null, Planned: true), Cancellation)));
            Assert.Equal(2 * size, (await Story.JobAsync(job)).Total);
        }
        Bounded("plan", trips, 20);
    }

    [Fact]
    public async Task An_offer_waits_as_often_for_64_batches_as_for_two()
    {
        var trips = new List<long>();
        var tree = Enumerable.Range(0, 70).Aggregate(new Tree(), (tree, i) => tree.With($"d{i:D2}", Story.Pictures(2)));
        foreach (var library in new[] { "one", "two" }) await Story.ScanAsync(await Story.AddLibraryAsync(library), tree);
        var offered = 0;
        foreach (var size in Sizes)
        {
            // Each offer is of covers and of others, and those of the last one are offered again.
            trips.Add(await TripsAsync(async () => offered = (await Store.Batches.OfferAsync(new(size, TimeSpan.Zero), Cancellation)).Count));
            Assert.InRange(offered, 2 * size, 4 * size);
        }
        Bounded("offer", trips, 20);
    }

    [Theory]
    [InlineData("new")]
    [InlineData("the same")]
    [InlineData("changed")]
    [InlineData("gone")]
    public async Task A_scans_group_waits_as_often_for_64_images_and_directories_as_for_two(string what)
    {
        var folder = await Story.AddFolderAsync();
        var trips = new List<long>();
        foreach (var size in Sizes)
        {
            var library = await Story.AddLibraryAsync($"of {size}");
            if (what != "new")
            {
                await Story.ScanAsync(library, TreeOf(size, 1));
                await Story.DeriveAllAsync(folder);
            }
            await Story.StartScanAsync(library);
            var lease = await Story.MustLeaseAsync();
            var step = Story.Step(lease, what == "gone" ? new Tree() : TreeOf(size, what == "changed" ? 2 : 1));
            if (what != "gone") step = step with { Last = false };
            trips.Add(await TripsAsync(() => Store.Libraries.ApplyAsync(lease, step, Cancellation)));
            foreach (var job in (await Store.Jobs.ListAsync(new(Open: true), Cancellation)).Items) await Store.Jobs.ControlAsync(job.Id, new JobCommand.Cancel(), Cancellation);
        }
        Bounded($"scan of what is {what}", trips, 40);
        await Story.AuditAsync();
    }

    private static Tree TreeOf(int size, long stamp) => Enumerable.Range(0, size).Aggregate(
        new Tree().With("", [.. Story.Pictures(size).Select(picture => picture with { Stamp = stamp })]),
        (tree, i) => tree.With($"d{i:D2}", ContainerKind.Directory, stamp).With($"a{i:D2}.cbz", ContainerKind.Zip, stamp));

    /// <summary>The same for all sizes, and not many.</summary>
    private static void Bounded(string step, List<long> trips, long most)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{step}: {string.Join(", ", trips)} round trips for {string.Join(", ", Sizes)}");
        Assert.True(trips.Max() == trips.Min() && trips.Max() <= most, $"{step}: {string.Join(", ", trips)} round trips");
    }

    /// <summary>What the one write in the action waits, its transaction included; what a look at the number costs is left out.</summary>
    private async Task<long> TripsAsync(Func<Task> write)
    {
        var looks = await LookAsync();
        looks = await LookAsync() - looks;
        var before = await LookAsync();
        await write();
        return await LookAsync() - before - looks;

        async Task<long> LookAsync() => await Store.RoundTripsAsync() ?? throw new NotSupportedException();
    }
}
