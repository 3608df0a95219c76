using CsCheck;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Whatever happens in whatever order: counters equal their rows, and the arithmetic of jobs holds.</summary>
public abstract class HistorySpec : StoreSpec
{
    private enum Event { Scan, Lease, Commit, CommitSome, Fail, Die, HandBack, Cancel, OnDemand, Force, Offer, Late, Retry, Ignore }

    [Fact]
    public async Task After_any_history_every_counter_equals_its_rows()
    {
        var libraries = new[] { await Story.AddLibraryAsync("one"), await Story.AddLibraryAsync("two", "thumbnail") };
        CacheFolder[] folders = [await Story.AddFolderAsync(), await Story.AddFolderAsync(limit: 2_000, path: "/cache/small")];
        var leases = new List<Lease>();

        await Gen.Select(Gen.Enum<Event>(), Gen.Int[0, 1_000_000]).Array[30].SampleAsync(async events =>
        {
            foreach (var (what, chance) in events) await DoAsync(what, chance, libraries, folders, leases);
            var differences = (await Store.Ledger.AuditAsync(Cancellation)).Differences;
            if (differences.Count > 0) throw new InvalidOperationException(string.Join('\n', differences));
            foreach (var job in (await Store.Jobs.ListAsync(new(Limit: 200), Cancellation)).Items) Assert.True(job.Accounted <= job.Total);
            return true;
        }, iter: 25 / Store.Fewer, threads: 1);
    }

    private async Task DoAsync(Event what, int chance, Library[] libraries, CacheFolder[] folders, List<Lease> leases)
    {
        var library = libraries[chance % 2];
        var lease = leases.Count == 0 ? null : leases[chance % leases.Count];
        switch (what)
        {
            case Event.Scan:
                await Story.StartScanAsync(library);
                break;
            case Event.Lease or Event.Offer:
                if (what == Event.Offer) await Store.Batches.OfferAsync(new(3, TimeSpan.FromSeconds(chance % 3)), Cancellation);
                if (await Story.LeaseAsync() is { } next) leases.Add(next);
                break;
            case Event.Cancel:
                await CancelAsync(chance);
                break;
            case Event.OnDemand:
                await Store.Batches.AddAsync(new BatchAddition.OnDemand(new(1 + (chance % 40)), [chance % 3 == 0 ? "full" : "medium"]), Cancellation);
                break;
            case Event.Force:
                var scope = new JobScope(library.Id, ["thumbnail"], Force: true);
                await Story.PlanAsync(scope, BatchPlan.Cut((await Store.Catalog.ToDeriveAsync(scope, null, 6, Cancellation)).Items, BatchClass.Normal));
                break;
            case Event.Retry or Event.Ignore:
                await TendAsync(what, library, chance);
                break;
            default:
                if (lease is null) break;
                if (what != Event.Late && what != Event.CommitSome) leases.Remove(lease); // Some are used again, though they have ended.
                await EndAsync(what, chance, lease, folders);
                break;
        }
    }

    private async Task CancelAsync(int chance)
    {
        var open = (await Store.Jobs.ListAsync(new(Open: true), Cancellation)).Items;
        if (open.Count > 3) await Store.Jobs.ControlAsync(open[chance % open.Count].Id, new JobCommand.Cancel(), Cancellation);
    }

    private async Task TendAsync(Event what, Library library, int chance)
    {
        if (what == Event.Retry) await RetryAsync(library, chance);
        else await Store.Failures.IgnoreAsync(Grants.All, new(library.Id, Reasons: chance % 3 == 0 ? [Reason.Timeout] : null), chance % 2 == 0, Cancellation);
    }

    /// <summary>Planned at once, so that what is tried again is worked on like everything else.</summary>
    private async Task RetryAsync(Library library, int chance)
    {
        var dead = (await Store.Failures.DeadBatchesAsync(Grants.All, null, 1, Cancellation)).Items;
        FailureQuery selection = chance % 2 == 0 && dead.Count > 0 ? new FailureQuery.OfBatch(dead[0].Id) : new FailureQuery.Standing(library.Id);
        foreach (var job in await Store.Failures.RetryAsync(Grants.All, selection, null, Cancellation) ?? [])
        {
            if (job.Handler == Handler.Scan) continue;
            var planner = (await Store.Locks.AcquireAsync($"planner/{job.Id}", "planner", TimeSpan.FromMinutes(1), Cancellation))!;
            var page = await Store.Catalog.ToDeriveAsync(job.Scope, null, 200, Cancellation);
            await Store.Batches.AddAsync(new BatchAddition.Plan(job.Id, planner, BatchPlan.Cut(page.Items, job.Class), null, Planned: true), Cancellation);
        }
    }

    private Task EndAsync(Event what, int chance, Lease lease, CacheFolder[] folders) => what switch
    {
        Event.Die => Store.Batches.ReleaseAsync(new BatchRelease.Died(lease.Token, 0, new(1, 2, 2)), Cancellation),
        Event.HandBack => Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token), Cancellation),
        Event.Fail => Story.CommitAsync(lease, [.. lease.Items.Select(i => new ItemResult(i.Item, Outcome.Failed, chance % 3 == 0 ? Reason.Corrupt : Reason.Timeout, DecoderVersion: $"v{chance % 2}"))]),
        _ when lease.Handler == Handler.Scan => ScanOneAsync(lease, chance),
        Event.CommitSome => Story.CommitAsync(lease, [.. lease.Items.Take(1 + (chance % 2)).Select(i => Made(lease, i, chance, folders))]),
        _ => Story.CommitAsync(lease, [.. lease.Items.Select(i => Made(lease, i, chance, folders))]),
    };

    /// <summary>Few contents, so that blobs are shared; some versions that changed meanwhile; a small folder that gets full.</summary>
    private ItemResult Made(Lease lease, WorkItem item, int chance, CacheFolder[] folders)
    {
        var made = Story.Done(lease, item, folders[(chance / 7) % 2], $"content {(item.Item + chance) % 9}", 50 + (chance % 400));
        return chance % 5 == 0 ? made with { VersionRead = new SourceVersion(1, 2, 3) } : made;
    }

    private async Task ScanOneAsync(Lease lease, int chance)
    {
        var tree = new Tree();
        for (var i = 0; i < 3; i++)
        {
            var path = $"d{(chance + i) % 4}";
            tree.With(path, [.. Enumerable.Range(0, chance / 3 % 5).Select(p => new Picture($"{p}.jpg", Stamp: chance / 11 % 2))]);
        }
        if (!lease.Path.IsRoot) tree.With(lease.Path.Text, [.. Enumerable.Range(0, chance / 13 % 6).Select(p => new Picture($"{p}.jpg", Stamp: chance / 17 % 2))]);
        await Story.ApplyAsync(lease, tree);
        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Done));
    }
}
