using CsCheck;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Random sequences of calls, with old offers and old leases among them: after each, the store has answered as the reference did.</summary>
public abstract class ModelSpec : StoreSpec
{
    private static readonly DeathLimits Limits = new(OneByOneAfter: 1, Deliveries: 2, CrashedItems: 2);

    private readonly List<Lease> _leases = [];
    private readonly List<Offer> _offers = [];
    private readonly Dictionary<BatchId, long> _firsts = [];
    private readonly Queue<(CollectionId Collection, long[] Images)> _free = [];
    private Reference _reference = new();
    private JobScope? _scope;

    protected enum Call { Plan, Offer, LeaseOffer, Lease, Renew, Begin, HandBack, Die, Commit, CommitAll, Hold, Lift, Cancel, Wait }

    /// <summary>Which calls this spec makes, some of them more often.</summary>
    protected abstract IReadOnlyList<Call> Calls { get; }

    [Fact]
    public Task The_store_answers_as_the_reference_does() =>
        Gen.Select(Gen.Int[0, Calls.Count - 1], Gen.Int[0, 1_000_000]).Array[60].SampleAsync(async calls =>
        {
            await BeginAsync();
            foreach (var (call, chance) in calls) await CompareAsync(Calls[call], chance);
            return true;
        }, iter: 40 / Store.Fewer, threads: 1);

    /// <summary>New jobs in new collections: of those before nothing is open any more.</summary>
    private async Task BeginAsync()
    {
        (_reference, _scope) = (new(), _scope ?? await FurnishAsync());
        foreach (var job in (await Store.Jobs.ListAsync(new(Open: true, Limit: 200), Cancellation)).Items)
            await Store.Jobs.ControlAsync(job.Id, new JobCommand.Cancel(), Cancellation);
        foreach (var sign in await Store.Batches.LeasesAsync(Cancellation))
            await Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(sign.Token), Cancellation);
        _leases.Clear();
        _offers.Clear();
        Store.Time.Advance(TimeSpan.FromMinutes(1));
        await Store.Batches.OfferAsync(new(1000, TimeSpan.FromSeconds(1)), Cancellation);
        await PlanAsync(3);
        await PlanAsync(4);
    }

    private async Task<JobScope> FurnishAsync()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree();
        for (var i = 0; i < 8; i++) tree.With($"c{i}", Story.Pictures(7));
        await Story.ScanAsync(library, tree);
        var scope = new JobScope(library.Id, ["thumbnail"], Force: true);
        foreach (var found in (await Store.Catalog.ToDeriveAsync(scope, null, 100, Cancellation)).Items.GroupBy(item => item.Collection))
            _free.Enqueue((found.Key, [.. found.Select(item => item.Item)]));
        return scope;
    }

    private async Task CompareAsync(Call call, int chance)
    {
        await MakeAsync(call, chance);
        foreach (var expected in _reference.Jobs)
        {
            var job = (await Store.Jobs.GetAsync(new(expected.Id), Cancellation))!;
            Assert.Equal((expected.Status, expected.Holds, expected.Total), (job.Status, job.Holds, job.Total));
            Assert.Equal<IEnumerable<long>>(expected.Counts, [job.Completed, job.Skipped, job.Failed, job.Cancelled]);
        }
        var signs = (await Store.Batches.LeasesAsync(Cancellation)).Select(sign => (_firsts[sign.Batch], sign.Token, (int)sign.Renewals));
        var leased = _reference.Batches.Where(b => b.Lease is not null).Select(b => (b.First, _leases[b.Lease!.Value].Token, b.Renewals));
        Assert.Equal(leased.Order(), signs.Order());
    }

    private async Task MakeAsync(Call call, int chance)
    {
        var lease = _leases.Count == 0 ? (int?)null : Math.Max(0, _leases.Count - 1 - (chance % 4));
        var job = _reference.Jobs[chance % _reference.Jobs.Count];
        switch (call)
        {
            case Call.Plan when _reference.Jobs.Count < 5: await PlanAsync(chance % 7 + 1); break;
            case Call.Offer: await OfferAsync(chance); break;
            case Call.LeaseOffer when _offers.Count > 0: await LeaseAsync(_offers[Math.Max(0, _offers.Count - 1 - (chance % 5))]); break;
            case Call.Lease: await LeaseAsync(null); break;
            case Call.Hold: await ControlAsync(job, new JobCommand.Hold(Holds.User), !job.IsOver && job.Holds == Holds.None, () => job.Holds = Holds.User); break;
            case Call.Lift: await ControlAsync(job, new JobCommand.Lift(Holds.User), !job.IsOver && job.Holds != Holds.None, () => job.Holds = Holds.None); break;
            case Call.Cancel: await ControlAsync(job, new JobCommand.Cancel(), !job.IsOver, () => Reference.Cancel(job)); break;
            case Call.Wait:
                Store.Time.Advance(TimeSpan.FromSeconds(chance % 3));
                _reference.Now += chance % 3;
                break;
            default:
                if (lease is { } index) await UseAsync(call, index, chance);
                break;
        }
    }

    private async Task UseAsync(Call call, int index, int chance)
    {
        var lease = _leases[index];
        var item = lease.Items[chance % lease.Items.Count].Item;
        switch (call)
        {
            case Call.Renew:
                Assert.Equal(_reference.Renew(index), (await Store.Batches.RenewAsync("node", [lease.Token], Cancellation)).Contains(lease.Token));
                break;
            case Call.Begin:
                Assert.Equal(_reference.Begin(index, item), await Store.Batches.BeginAsync(lease.Token, item, Cancellation));
                break;
            case Call.HandBack:
                Assert.Equal(_reference.HandBack(index), await Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token), Cancellation));
                break;
            case Call.Die:
                var died = new BatchRelease.Died(lease.Token, chance % 2, Limits);
                Assert.Equal(_reference.Die(index, chance % 2, Limits), await Store.Batches.ReleaseAsync(died, Cancellation));
                break;
            case Call.Commit or Call.CommitAll:
                // Now and then twice, and items of other batches.
                var items = call == Call.CommitAll ? lease.Items.Select(i => i.Item) : [item, item, _leases[chance % _leases.Count].Items[0].Item];
                (long Item, Outcome Outcome)[] results = [.. items.Select((i, place) => (i, (Outcome)((chance / 10 + place) % 3)))];
                var answer = await Story.CommitAsync(lease, [.. results.Select(r => new ItemResult(r.Item, r.Outcome, r.Outcome == Outcome.Done ? null : Reason.Corrupt))]);
                Assert.Equal(_reference.Commit(index, results), answer.State);
                break;
        }
    }

    private async Task PlanAsync(int size)
    {
        var place = _free.Dequeue();
        _free.Enqueue(place);
        var batches = place.Images.Chunk(size).ToList();
        var job = await Story.PlanAsync(_scope!, [.. batches.Select(items => new NewBatch(place.Collection, BatchClass.Normal, items))]);
        _reference.Plan(new(job.Id.Value), batches);
    }

    private async Task OfferAsync(int chance)
    {
        var (window, again) = (1 + (chance % 4), 1 + (chance / 10 % 3));
        var offers = await Store.Batches.OfferAsync(new(window, TimeSpan.FromSeconds(again)), Cancellation);
        var expected = _reference.Offer(window, again);
        Assert.Equal(expected.Select(offer => offer.Number), offers.Select(offer => offer.Number));
        foreach (var (offer, (first, _)) in offers.Zip(expected)) Name(offer.Batch, first);
        _offers.AddRange(offers);
    }

    private async Task LeaseAsync(Offer? offer)
    {
        var expected = _reference.Lease(offer is null ? null : (_firsts[offer.Batch], offer.Number));
        var lease = await Store.Batches.LeaseAsync(new("node", offer), Cancellation);
        Assert.Equal(expected is null, lease is null);
        if (expected is null) return;
        Name(lease!.Batch, expected.First);
        Assert.Equal((expected.Job.Id, expected.OneByOne), (lease.Job!.Value.Value, lease.OneByOne));
        Assert.Equal(expected.Open, lease.Items.Select(item => item.Item).Order());
        Assert.DoesNotContain(_leases, other => other.Token == lease.Token);
        _leases.Add(lease);
    }

    /// <summary>What the store calls a batch is learnt at its first appearance, and stays.</summary>
    private void Name(BatchId batch, long first)
    {
        if (!_firsts.TryAdd(batch, first)) Assert.Equal(first, _firsts[batch]);
    }

    private async Task ControlAsync(ReferenceJob job, JobCommand command, bool expected, Action apply)
    {
        Assert.Equal(expected, await Store.Jobs.ControlAsync(new(job.Id), command, Cancellation));
        if (expected) apply();
    }
}

/// <summary>Offers, leases and their ends.</summary>
public abstract class BatchModelSpec : ModelSpec
{
    protected override IReadOnlyList<Call> Calls { get; } =
    [
        Call.Plan, Call.Offer, Call.Offer, Call.LeaseOffer, Call.LeaseOffer, Call.LeaseOffer, Call.Lease, Call.Renew, Call.Begin, Call.HandBack, Call.Die,
        Call.Die, Call.Commit, Call.Hold, Call.Lift, Call.Cancel, Call.Wait,
    ];
}

/// <summary>Results: once, under the current token, and what they add up to.</summary>
public abstract class LedgerModelSpec : ModelSpec
{
    protected override IReadOnlyList<Call> Calls { get; } =
    [
        Call.Plan, Call.Lease, Call.Lease, Call.Lease, Call.HandBack, Call.Die, Call.Begin, Call.Commit, Call.Commit, Call.Commit, Call.CommitAll,
        Call.CommitAll, Call.Hold, Call.Lift, Call.Lift, Call.Cancel,
    ];
}
