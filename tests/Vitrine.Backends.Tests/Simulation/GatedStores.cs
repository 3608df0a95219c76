using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>The contracts as one process has them: each call passes its gate.</summary>
/// <param name="courier">Carries what is offered here.</param>
internal sealed class GatedBatches(Gate gate, IBatchStore store, Courier courier) : IBatchStore
{
    public Task<AddAnswer> AddAsync(BatchAddition addition, CancellationToken cancellation) =>
        gate.PassAsync("plans", addition, () => store.AddAsync(addition, cancellation), cancellation);

    public async Task<IReadOnlyList<Offer>> OfferAsync(OfferWindow window, CancellationToken cancellation)
    {
        var offers = await gate.PassAsync("offers", null, () => store.OfferAsync(window, cancellation), cancellation);
        courier.Expect(offers);
        return offers;
    }

    public Task<Lease?> LeaseAsync(LeaseRequest request, CancellationToken cancellation) =>
        gate.PassAsync("leases", request.Offer, () => store.LeaseAsync(request, cancellation), cancellation);

    public Task<IReadOnlySet<LeaseToken>> RenewAsync(string node, IReadOnlyCollection<LeaseToken> tokens, CancellationToken cancellation) =>
        gate.PassAsync("renews", tokens, () => store.RenewAsync(node, tokens, cancellation), cancellation);

    public Task<bool> BeginAsync(LeaseToken token, long? item, CancellationToken cancellation) =>
        gate.PassAsync("begins", item, () => store.BeginAsync(token, item, cancellation), cancellation);

    public async Task<bool> ReleaseAsync(BatchRelease release, CancellationToken cancellation)
    {
        var done = false;
        try
        {
            var answer = await gate.PassAsync("releases", release, () => store.ReleaseAsync(release, cancellation), cancellation);
            done = true;
            return answer;
        }
        finally
        {
            if (!done && release is BatchRelease.Refused) courier.Forget();
        }
    }

    public Task<IReadOnlyList<LeaseSign>> LeasesAsync(CancellationToken cancellation) =>
        gate.PassAsync("looks at leases", null, () => store.LeasesAsync(cancellation), cancellation);
}

/// <summary>Here a commit may also arrive twice.</summary>
internal sealed class GatedLedger(Gate gate, ILedger ledger, Func<bool> twice) : ILedger
{
    public Task<CommitAnswer> CommitAsync(Lease lease, IReadOnlyList<ItemResult> results, CancellationToken cancellation) => gate.PassAsync(
        $"commits {lease.Token}", results, async () =>
        {
            var answer = await ledger.CommitAsync(lease, results, cancellation);
            if (!twice()) return answer;
            // The answer of either may be the one that comes back.
            var again = await ledger.CommitAsync(lease, results, cancellation);
            return again.State == CommitState.Fenced || twice() ? answer : again;
        }, cancellation);

    public Task<Audit> AuditAsync(CancellationToken cancellation) => ledger.AuditAsync(cancellation);
}

internal sealed class GatedJobs(Gate gate, IJobStore store, IJobClock clock) : IJobStore, IJobClock
{
    public Task<Job?> AddAsync(NewJob job, CancellationToken cancellation) => gate.PassAsync("adds", job, () => store.AddAsync(job, cancellation), cancellation);

    public Task<Job?> GetAsync(JobId id, CancellationToken cancellation) => gate.PassAsync("gets", id, () => store.GetAsync(id, cancellation), cancellation);

    public Task<Page<Job>> ListAsync(JobQuery query, CancellationToken cancellation) =>
        gate.PassAsync("lists", null, () => store.ListAsync(query, cancellation), cancellation);

    public Task<bool> ControlAsync(JobId id, JobCommand command, CancellationToken cancellation) => gate.PassAsync(
        "controls", (id, command), async () =>
        {
            var done = await store.ControlAsync(id, command, cancellation);
            gate.Witness.Reach("stale jobs resumed", done && command is JobCommand.ResumeStale);
            gate.Witness.Reach("stale jobs given up", done && command is JobCommand.GiveUp);
            gate.Witness.Touched = true;
            return done;
        }, cancellation);

    public Task<Pruned> PruneAsync(Pruning pruning, CancellationToken cancellation) => store.PruneAsync(pruning, cancellation);

    public Task<JobDetails> DetailsAsync(JobId id, CancellationToken cancellation) => store.DetailsAsync(id, cancellation);

    public Task<Owners> OwnersAsync(IReadOnlyCollection<CollectionId> collections, IReadOnlyCollection<ImageId> images, CancellationToken cancellation) =>
        store.OwnersAsync(collections, images, cancellation);

    public Task<IReadOnlyList<StaleJob>> StaleAsync(TimeSpan timeout, CancellationToken cancellation) =>
        gate.PassAsync("looks for stale", null, () => clock.StaleAsync(timeout, cancellation), cancellation);

    public Task LookAsync(EngineLook look, CancellationToken cancellation) => gate.PassAsync(
        "looks", null, async () =>
        {
            await clock.LookAsync(look, cancellation);
            return true;
        }, cancellation);
}

internal sealed class GatedLocks(Gate gate, ILockStore locks) : ILockStore
{
    public Task<LockGrant?> AcquireAsync(string name, string owner, TimeSpan duration, CancellationToken cancellation) =>
        gate.PassAsync("locks", name, () => locks.AcquireAsync(name, owner, duration, cancellation), cancellation);

    public Task<IReadOnlySet<string>> RenewAsync(string owner, TimeSpan duration, CancellationToken cancellation) =>
        gate.PassAsync("renews locks", owner, () => locks.RenewAsync(owner, duration, cancellation), cancellation);

    public Task ReleaseAsync(LockGrant grant, CancellationToken cancellation) => gate.PassAsync(
        "unlocks", grant, async () =>
        {
            await locks.ReleaseAsync(grant, cancellation);
            return true;
        }, cancellation);

    public Task FreeAsync(string ownerPrefix, CancellationToken cancellation) => gate.PassAsync(
        "frees locks", ownerPrefix, async () =>
        {
            await locks.FreeAsync(ownerPrefix, cancellation);
            return true;
        }, cancellation);
}

internal sealed class GatedLibraries(Gate gate, ILibraryStore store, IWatchStore notes) : ILibraryStore, IWatchStore
{
    public Task<Library?> AddAsync(NewLibrary library, CancellationToken cancellation) => store.AddAsync(library, cancellation);

    public Task<IReadOnlyList<Library>> ListAsync(CancellationToken cancellation) =>
        gate.PassAsync("lists libraries", null, () => store.ListAsync(cancellation), cancellation);

    public Task<bool> UpdateAsync(LibraryId id, NewLibrary changed, CancellationToken cancellation) => store.UpdateAsync(id, changed, cancellation);

    public Task<bool> RemoveAsync(LibraryId id, CancellationToken cancellation) => store.RemoveAsync(id, cancellation);

    public Task<bool> SweepRemovedAsync(int limit, CancellationToken cancellation) => store.SweepRemovedAsync(limit, cancellation);

    public Task<IReadOnlyList<KnownDirectory>> DirectoriesAsync(IReadOnlyCollection<CollectionId> directories, bool below, CancellationToken cancellation) =>
        gate.PassAsync("looks at directories", null, () => store.DirectoriesAsync(directories, below, cancellation), cancellation);

    public Task<ScanAnswer> ApplyAsync(Lease scan, ScanStep step, CancellationToken cancellation) =>
        gate.PassAsync($"scans {scan.Token}", step.Last ? "to the end" : null, () => store.ApplyAsync(scan, step, cancellation), cancellation);

    public Task<IReadOnlyList<CollectionId>> ToRevisitAsync(LibraryId library, DateTimeOffset dueBy, int limit, CancellationToken cancellation) =>
        gate.PassAsync("looks for revisits", null, () => notes.ToRevisitAsync(library, dueBy, limit, cancellation), cancellation);

    public Task<Page<WatchedContainer>> ContainersAsync(LibraryId library, string? after, int limit, CancellationToken cancellation) =>
        notes.ContainersAsync(library, after, limit, cancellation);

    public Task<int> NoteAsync(LibraryId library, IReadOnlyCollection<SourcePath> places, CancellationToken cancellation) =>
        notes.NoteAsync(library, places, cancellation);
}

internal sealed class GatedFolders(Gate gate, ICacheFolderStore store, Witness witness) : ICacheFolderStore
{
    public Task<CacheFolder?> AddAsync(NewCacheFolder folder, CancellationToken cancellation) => store.AddAsync(folder, cancellation);

    public Task<IReadOnlyList<CacheFolder>> ListAsync(CancellationToken cancellation) =>
        gate.PassAsync("lists folders", null, () => store.ListAsync(cancellation), cancellation);

    public Task<bool> UpdateAsync(FolderId id, NewCacheFolder changed, bool active, CancellationToken cancellation) =>
        store.UpdateAsync(id, changed, active, cancellation);

    public Task<ThumbnailsOwed> OwedAsync(CancellationToken cancellation) => store.OwedAsync(cancellation);

    public Task<bool> RemoveAsync(FolderId id, CancellationToken cancellation) => store.RemoveAsync(id, cancellation);

    public Task<bool> ReserveAsync(LeaseToken lease, RoomWanted room, CancellationToken cancellation) =>
        gate.PassAsync("reserves", lease, () => witness.FencedAsync(
            $"reserving with {lease}", witness.IsCurrent(lease), () => store.ReserveAsync(lease, room, cancellation), taken => taken), cancellation);
}

internal sealed class GatedBlobs(Gate gate, IBlobStore store) : IBlobStore
{
    public Task<Page<BlobRow>> BlobsAsync(string? after, int limit, CancellationToken cancellation) => store.BlobsAsync(after, limit, cancellation);

    public Task<Page<BlobRow>> WrittenSinceAsync(DateTimeOffset since, string? after, int limit, CancellationToken cancellation) =>
        store.WrittenSinceAsync(since, after, limit, cancellation);

    public Task<IReadOnlySet<string>> KnownAsync(FolderId folder, IReadOnlyCollection<string> names, CancellationToken cancellation) =>
        gate.PassAsync("looks for names", null, () => store.KnownAsync(folder, names, cancellation), cancellation);
}

/// <summary>Of the catalog, what the planner reads, in pages so small that planning takes several steps.</summary>
internal sealed class GatedCatalog(Gate gate, ICatalog catalog, int page) : ICatalog
{
    public Task<Page<PlannedItem>> ToDeriveAsync(JobScope scope, string? after, int limit, CancellationToken cancellation) =>
        gate.PassAsync("reads what to plan", after, () => catalog.ToDeriveAsync(scope, after, Math.Min(limit, page), cancellation), cancellation);

    public Task<Page<Collection>> CollectionsAsync(Grants grants, CollectionQuery query, CancellationToken cancellation) =>
        catalog.CollectionsAsync(grants, query, cancellation);

    public Task<Collection?> CollectionAsync(Grants grants, CollectionId id, CancellationToken cancellation) => catalog.CollectionAsync(grants, id, cancellation);

    public Task<Page<ImageSummary>?> ImagesAsync(Grants grants, CollectionId collection, string? after, int limit, CancellationToken cancellation) =>
        catalog.ImagesAsync(grants, collection, after, limit, cancellation);

    public Task<IReadOnlyList<Image>> ImagesAsync(Grants grants, IReadOnlyList<ImageId> ids, CancellationToken cancellation) => catalog.ImagesAsync(grants, ids, cancellation);

    public Task<Neighbours?> NeighboursAsync(Grants grants, ImageId id, CancellationToken cancellation) => catalog.NeighboursAsync(grants, id, cancellation);

    public Task<ImageSummary?> RandomAsync(Grants grants, double point, CancellationToken cancellation) => catalog.RandomAsync(grants, point, cancellation);
}
