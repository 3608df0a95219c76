using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>What batches, leases and results come to, in as few words as it can be said: one class, one library, no source that changes.</summary>
internal sealed class Reference
{
    private int _served;

    public List<ReferenceJob> Jobs { get; } = [];
    public List<ReferenceBatch> Batches { get; } = [];

    /// <summary>Every lease ever given, the first with index 0.</summary>
    public List<ReferenceBatch> Leases { get; } = [];

    public long Now { get; set; }

    public void Plan(ReferenceJob job, IEnumerable<long[]> batches)
    {
        Jobs.Add(job);
        Batches.AddRange(batches.Select(items => new ReferenceBatch(job, items)));
        job.Total = Batches.Where(batch => batch.Job == job).Sum(batch => batch.Open.Count);
    }

    public List<(long First, int Number)> Offer(int window, long again)
    {
        var offered = Batches.Where(b => b.State == BatchState.Offered).ToList();
        var offers = new List<(long, int)>();
        foreach (var old in offered.Where(b => b.OfferedAt <= Now - again).OrderBy(b => b.OfferedAt).Take(window).ToList())
        {
            if (old.Job.IsOver) old.State = BatchState.Done;
            else if (old.Job.Holds != Holds.None) old.State = BatchState.Ready;
            else offers.Add(MakeOffered(old));
        }
        var lines = InOrder().Select(job => new Queue<ReferenceBatch>(Batches.Where(b => b.Job == job && b.State == BatchState.Ready))).ToList();
        for (var room = window - offered.Count(b => b.State == BatchState.Offered); room > 0 && lines.Exists(line => line.Count > 0);)
        {
            foreach (var line in lines.Where(line => line.Count > 0).Take(room).ToList())
            {
                line.Peek().Job.Served = ++_served;
                offers.Add(MakeOffered(line.Dequeue()));
                room--;
            }
        }
        return offers;
    }

    public ReferenceBatch? Lease((long First, int Number)? offer)
    {
        if (offer is null)
        {
            while (First() is { } next)
            {
                if (TryLease(next)) return next;
            }
            return null;
        }
        var own = Batches.Find(b => b.First == offer.Value.First && b.State == BatchState.Offered && b.Offer == offer.Value.Number);
        if (own is null) return null;
        if (First() is not { } first || first.Job == own.Job || !TryLease(first)) return TryLease(own) ? own : null;
        own.State = BatchState.Ready;
        return first;
    }

    public bool IsCurrent(int lease) => Leases[lease].Lease == lease;

    public bool Renew(int lease)
    {
        if (IsCurrent(lease)) Leases[lease].Renewals++;
        return IsCurrent(lease);
    }

    public bool Begin(int lease, long item)
    {
        if (IsCurrent(lease)) Leases[lease].InHand = item;
        return IsCurrent(lease);
    }

    public bool HandBack(int lease)
    {
        if (!IsCurrent(lease)) return false;
        End(Leases[lease]);
        return true;
    }

    public bool Die(int lease, int renewals, DeathLimits limits)
    {
        var (batch, inHand) = (Leases[lease], Leases[lease].InHand);
        if (!IsCurrent(lease) || batch.Renewals != renewals) return false;
        End(batch);
        if (batch.Job.IsOver) return true;
        batch.OneByOne = ++batch.Deaths >= limits.OneByOneAfter;
        if (batch.Deaths < limits.Deliveries) return true;
        (batch.Deaths, batch.OneByOne, batch.Crashed) = (0, false, batch.Crashed + (inHand is null ? 0 : 1));
        var dead = inHand is null || batch.Crashed >= limits.CrashedItems;
        long[] lost = dead ? [.. batch.Open] : [inHand!.Value];
        foreach (var item in lost) Write(batch, item, Outcome.Failed);
        if (dead || batch.Open.Count == 0) batch.State = dead ? BatchState.Dead : BatchState.Done;
        return true;
    }

    public CommitState Commit(int lease, IEnumerable<(long Item, Outcome Outcome)> results)
    {
        var batch = Leases[lease];
        if (!IsCurrent(lease) || batch.Job.IsOver) return CommitState.Fenced;
        var written = results.Count(result => Write(batch, result.Item, result.Outcome));
        if (written > 0) (batch.Deaths, batch.OneByOne, batch.InHand) = (0, false, null);
        if (batch.Open.Count == 0) End(batch, BatchState.Done);
        return batch.Job.Holds == Holds.None ? CommitState.Accepted : CommitState.Held;
    }

    public static bool Cancel(ReferenceJob job)
    {
        if (job.IsOver) return false;
        (job.Status, job.Counts[3]) = (JobStatus.Cancelled, job.Total - job.Counts.Sum());
        return true;
    }

    private IEnumerable<ReferenceJob> InOrder() => Jobs.Where(job => !job.IsOver && job.Holds == Holds.None).OrderBy(job => job.Served).ThenBy(job => job.Id);

    private ReferenceBatch? First() =>
        InOrder().Select(job => Batches.Find(b => b.Job == job && b.State < BatchState.Leased)).FirstOrDefault(batch => batch is not null);

    private (long, int) MakeOffered(ReferenceBatch batch)
    {
        (batch.State, batch.OfferedAt) = (BatchState.Offered, Now);
        return (batch.First, ++batch.Offer);
    }

    private bool TryLease(ReferenceBatch batch)
    {
        if (batch.Job.IsOver) batch.State = BatchState.Done;
        else if (batch.Job.Holds != Holds.None) batch.State = BatchState.Ready;
        if (batch.Job.IsOver || batch.Job.Holds != Holds.None) return false;
        batch.Job.Served = ++_served;
        (batch.State, batch.Lease, batch.Renewals, batch.InHand) = (BatchState.Leased, Leases.Count, 0, null);
        Leases.Add(batch);
        return true;
    }

    private static void End(ReferenceBatch batch, BatchState state = BatchState.Ready) =>
        (batch.State, batch.Lease, batch.InHand) = (batch.Job.IsOver ? BatchState.Done : state, null, null);

    private static bool Write(ReferenceBatch batch, long item, Outcome outcome)
    {
        if (!batch.Open.Remove(item)) return false;
        batch.Job.Counts[(int)outcome]++;
        batch.Job.Status = batch.Job.Counts.Sum() == batch.Job.Total ? JobStatus.Completed : JobStatus.Running;
        return true;
    }
}

internal sealed class ReferenceJob(long id)
{
    public long Id => id;
    public JobStatus Status { get; set; }
    public Holds Holds { get; set; }
    public int Served { get; set; }
    public long Total { get; set; }

    /// <summary>Done, skipped, failed, cancelled.</summary>
    public long[] Counts { get; } = new long[4];

    public bool IsOver => Status >= JobStatus.Completed;
}

internal sealed class ReferenceBatch(ReferenceJob job, long[] items)
{
    public ReferenceJob Job => job;

    /// <summary>Its first item names it.</summary>
    public long First { get; } = items[0];

    public List<long> Open { get; } = [.. items];
    public BatchState State { get; set; }
    public int Offer { get; set; }
    public long OfferedAt { get; set; }
    public int? Lease { get; set; }
    public int Renewals { get; set; }
    public long? InHand { get; set; }
    public int Deaths { get; set; }
    public bool OneByOne { get; set; }
    public int Crashed { get; set; }
}
