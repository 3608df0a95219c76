using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Simulation.Model;

internal sealed class BatchModel(StoreModel model, JobRules jobs, BatchRules rules) : IBatchStore
{
    public Task<AddAnswer> AddAsync(BatchAddition addition, CancellationToken cancellation) => Task.FromResult(new AddAnswer(Add((BatchAddition.Plan)addition)));

    public Task<IReadOnlyList<Offer>> OfferAsync(OfferWindow window, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Offer>>([.. Enum.GetValues<BatchClass>().SelectMany(batchClass => Offer(batchClass, window))]);

    public Task<Lease?> LeaseAsync(LeaseRequest request, CancellationToken cancellation) => Task.FromResult(Lease(request));

    public Task<IReadOnlySet<LeaseToken>> RenewAsync(string node, IReadOnlyCollection<LeaseToken> tokens, CancellationToken cancellation)
    {
        var current = tokens.Select(rules.OfToken).OfType<SimBatch>().Where(b => b.Node == node).ToList();
        foreach (var batch in current) batch.Renewals = model.Change(batch.Renewals + 1);
        return Task.FromResult<IReadOnlySet<LeaseToken>>(current.Select(b => new LeaseToken(b.Token!.Value)).ToHashSet());
    }

    public Task<bool> BeginAsync(LeaseToken token, long? item, CancellationToken cancellation)
    {
        if (rules.OfToken(token) is not { } batch) return Task.FromResult(false);
        batch.InHand = item;
        return Task.FromResult(model.Change(true));
    }

    public Task<bool> ReleaseAsync(BatchRelease release, CancellationToken cancellation) => Task.FromResult(release switch
    {
        BatchRelease.Refused refused => Refuse(refused.Offer),
        BatchRelease.HandedBack back => HandBack(back),
        _ => rules.Die((BatchRelease.Died)release),
    });

    public Task<IReadOnlyList<LeaseSign>> LeasesAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<LeaseSign>>(
    [
        .. model.Rows.Batches.Values.Where(b => b.State == BatchState.Leased).OrderBy(b => b.Token)
            .Select(b => new LeaseSign(new(b.Id), new(b.Token!.Value), b.Node!, b.Renewals)),
    ]);

    private bool Add(BatchAddition.Plan plan)
    {
        if (model.Rows.Locks.GetValueOrDefault(plan.Planner.Name)?.Token != plan.Planner.Token) return false;
        if (model.Rows.Jobs[plan.Job.Value] is not { IsOver: false, Planned: false, OfScan: false } job) return false;
        var inProgress = 0;
        foreach (var batch in plan.Batches)
        {
            var elsewhere = jobs.TakeLocks(job, batch);
            job.Total += jobs.Insert(job, batch with { Items = [.. batch.Items.Where(item => !elsewhere.Contains(item))] });
            inProgress += elsewhere.Count(item => model.Rows.Items.TryAdd(
                (job.Id, item), new() { Job = job.Id, Item = item, Outcome = Outcome.Skipped, Reason = Reason.InProgress }));
        }
        (job.Total, job.Cursor, job.Planned, job.Version) = (job.Total + inProgress, plan.Cursor, plan.Planned, model.Next());
        jobs.Account(job, 0, inProgress, 0);
        jobs.Settle(job);
        return model.Change(true);
    }

    private IEnumerable<SimJob> JobsInOrder() =>
        model.Rows.Jobs.Values.Where(job => !job.IsOver && job.Holds == Holds.None).OrderBy(job => job.Served).ThenBy(job => job.Id);

    private List<Offer> Offer(BatchClass batchClass, OfferWindow window)
    {
        var offers = new List<Offer>();
        var offered = model.Rows.Batches.Values.Where(b => b.Class == batchClass && b.State == BatchState.Offered).ToList();
        foreach (var batch in offered.Where(b => b.OfferedAt <= model.Now - window.OfferAgain).OrderBy(b => b.OfferedAt).Take(window.PerClass))
        {
            var job = model.Rows.Jobs[batch.Job];
            model.Changed();
            if (job.IsOver) batch.State = BatchState.Done;
            else if (job.Holds != Holds.None) (batch.State, batch.OfferedAt) = (BatchState.Ready, null);
            else offers.Add(MakeOffered(batch));
        }
        var waiting = JobsInOrder().ToDictionary(job => job, job => new Queue<SimBatch>(model.Rows.Batches.Values.Where(
            b => b.Job == job.Id && b.Class == batchClass && b.State == BatchState.Ready && !(b.NotBefore > model.Now))));
        var room = window.PerClass - offered.Count(b => b.State == BatchState.Offered);
        while (room > 0 && waiting.Values.Any(ready => ready.Count > 0))
        {
            foreach (var (job, ready) in waiting.Where(w => w.Value.Count > 0).Take(room))
            {
                offers.Add(MakeOffered(ready.Dequeue()));
                if (Turns.EndsWith(job.Handler, offers[^1].Batch.Value)) job.Served = model.Next();
                room--;
            }
        }
        return offers;
    }

    private Offer MakeOffered(SimBatch batch)
    {
        (batch.State, batch.Offer, batch.OfferedAt) = (BatchState.Offered, batch.Offer + 1, model.Now);
        return model.Change(new Offer(new(batch.Id), batch.Offer, batch.Class));
    }

    private Lease? Lease(LeaseRequest request)
    {
        if (request.Offer is { } offer)
        {
            var own = model.Rows.Batches.GetValueOrDefault(offer.Batch.Value);
            return own is { State: BatchState.Offered } && own.Offer == offer.Number ? LeaseFor(own, request) : null;
        }
        if (request.Batch is { } wanted) return model.Rows.Batches.GetValueOrDefault(wanted.Value) is { Waits: true } open ? TryLease(open, request) : null;
        while (First() is { } batch)
        {
            if (TryLease(batch, request) is { } lease) return lease;
        }
        return null;
    }

    /// <summary>Where a job of its class has waited longer, that job's batch goes first, and the message's own is Ready again.</summary>
    private Lease? LeaseFor(SimBatch own, LeaseRequest request)
    {
        if (First(own.Class) is not { } first || first.Job == own.Job || TryLease(first, request) is not { } lease) return TryLease(own, request);
        rules.MakeReady(own);
        return lease;
    }

    private SimBatch? First(BatchClass? batchClass = null)
    {
        var order = JobsInOrder().Select((job, place) => (job.Id, place)).ToDictionary(o => o.Id, o => o.place);
        return model.Rows.Batches.Values
            .Where(b => b.Waits && !(b.NotBefore > model.Now) && order.ContainsKey(b.Job) && (batchClass is null || b.Class == batchClass))
            .OrderBy(b => b.Class).ThenBy(b => order[b.Job]).ThenBy(b => b.Id).FirstOrDefault();
    }

    private Lease? TryLease(SimBatch batch, LeaseRequest request)
    {
        var job = model.Rows.Jobs[batch.Job];
        model.Changed();
        if (job.IsOver)
        {
            rules.Close(batch);
            return null;
        }
        if (job.Holds != Holds.None)
        {
            (batch.State, batch.OfferedAt) = (BatchState.Ready, null);
            return null;
        }
        var open = batch.Items.Where(item => item.Outcome is null).ToList();
        var due = open.Where(item => !(item.NotBefore > model.Now) && rules.IsThere(job, item.Item)).ToList();
        if (due.Count == 0)
        {
            if (open.Where(item => item.NotBefore > model.Now).Min(item => item.NotBefore) is { } later) rules.MakeReady(batch, later);
            else rules.CloseWhenOver(batch);
            return null;
        }
        if (job.Handler == Handler.Scan && model.Rows.Collections.GetValueOrDefault(batch.Collection) is { } scanned) scanned.Revisit = false;
        if (Turns.EndsWith(job.Handler, batch.Id)) job.Served = model.Next();
        job.ServedSince ??= model.Now;
        (batch.State, batch.Token, batch.Node, batch.Renewals, batch.ProgressedAt) = (BatchState.Leased, model.Next(), request.Node, 0, model.Now);
        (batch.NotBefore, batch.OfferedAt, batch.InHand) = (null, null, null);
        return LeaseBuilder.Build(model, batch, job, due);
    }

    private bool Refuse(Offer offer)
    {
        if (model.Rows.Batches[offer.Batch.Value] is not { State: BatchState.Offered } batch || batch.Offer != offer.Number) return false;
        (batch.State, batch.OfferedAt) = (BatchState.Ready, null);
        return model.Change(true);
    }

    private bool HandBack(BatchRelease.HandedBack back)
    {
        if (rules.OfToken(back.Token) is not { } batch) return false;
        rules.GiveBack(batch, back.NotBefore);
        if (back.Hold != Holds.None) jobs.Hold(model.Rows.Jobs[batch.Job], back.Hold);
        return model.Change(true);
    }
}
