using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation.Model;

/// <summary>What becomes of a batch when its lease ends, in whatever way.</summary>
internal sealed class BatchRules(StoreModel model, JobRules jobs)
{
    public SimBatch? OfToken(LeaseToken token) => model.Rows.Batches.Values.FirstOrDefault(b => b.Token == token.Value && b.State == BatchState.Leased);

    public bool IsThere(SimJob job, long item) => job.Handler == Handler.Scan ? model.Rows.Collections.ContainsKey(item) : model.Rows.Images.ContainsKey(item);

    public void MakeReady(SimBatch batch, DateTimeOffset? notBefore = null)
    {
        var open = batch.Items.Where(item => item.Outcome is null).ToList();
        var due = open.Count > 0 && open.TrueForAll(item => item.NotBefore > model.Now) ? open.Min(item => item.NotBefore) : null;
        EndLease(batch, BatchState.Ready);
        batch.NotBefore = due is null || notBefore > due ? notBefore : due;
    }

    public void GiveBack(SimBatch batch, DateTimeOffset? notBefore = null)
    {
        if (model.Rows.Jobs[batch.Job].IsOver) Close(batch);
        else MakeReady(batch, notBefore);
    }

    public void Close(SimBatch batch, BatchState state = BatchState.Done)
    {
        EndLease(batch, state);
        batch.NotBefore = null;
        jobs.FreeLocksWhenDone(model.Rows.Jobs[batch.Job], batch.Collection);
    }

    /// <summary>Where only items are open that are gone: these are Skipped, and the batch is closed.</summary>
    public void CloseWhenOver(SimBatch batch)
    {
        var job = model.Rows.Jobs[batch.Job];
        var open = batch.Items.Where(item => item.Outcome is null).ToList();
        if (open.Exists(item => IsThere(job, item.Item))) return;
        Close(batch);
        foreach (var item in open) (item.Outcome, item.Reason, item.NotBefore) = (Outcome.Skipped, Reason.Removed, null);
        jobs.Account(job, 0, open.Count, 0);
    }

    public bool Die(BatchRelease.Died died)
    {
        if (OfToken(died.Token) is not { } batch || batch.Renewals != died.Renewals) return false;
        model.Changed();
        var inHand = batch.InHand;
        GiveBack(batch);
        if (model.Rows.Jobs[batch.Job].IsOver) return true;
        if (++batch.Deaths < died.Limits.Deliveries)
        {
            batch.OneByOne = batch.Deaths >= died.Limits.OneByOneAfter;
            return true;
        }
        (batch.Deaths, batch.OneByOne) = (0, false);
        if (inHand is { } culprit)
        {
            batch.Crashed++;
            Fail(batch, [culprit], Reason.Crashed);
        }
        if (inHand is null || batch.Crashed >= died.Limits.CrashedItems)
        {
            Close(batch, BatchState.Dead);
            Fail(batch, [.. batch.Items.Where(item => item.Outcome is null).Select(item => item.Item)], Reason.DeadLetter);
        }
        else
        {
            CloseWhenOver(batch);
        }
        return true;
    }

    private void Fail(SimBatch batch, IReadOnlyList<long> items, string reason)
    {
        var job = model.Rows.Jobs[batch.Job];
        var failed = 0;
        foreach (var item in items.Select(id => model.Rows.Items[(job.Id, id)]).Where(item => item.Outcome is null))
        {
            (item.Outcome, item.Reason, item.NotBefore) = (Outcome.Failed, reason, null);
            failed++;
            if (job.Handler == Handler.Scan && model.Rows.Collections.GetValueOrDefault(item.Item) is { } container) container.Reason = reason;
            if (job.Handler == Handler.Derive && model.Rows.Images.GetValueOrDefault(item.Item) is { } image) (image.State, image.Reason) = (ImageState.Failed, reason);
        }
        jobs.Account(job, 0, 0, failed);
    }

    private void EndLease(SimBatch batch, BatchState state)
    {
        foreach (var held in model.Rows.Reservations.Where(r => r.Key.Token == batch.Token).ToList())
        {
            model.Rows.Folders[held.Key.Folder].Reserved -= held.Value;
            model.Rows.Reservations.Remove(held.Key);
        }
        (batch.State, batch.Token, batch.Node, batch.InHand, batch.OfferedAt) = (state, null, null, null, null);
    }
}
