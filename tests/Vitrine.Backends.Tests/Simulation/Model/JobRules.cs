using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Simulation.Model;

/// <summary>The arithmetic of jobs, and the locks of bulk jobs: steps that several contracts share.</summary>
internal sealed class JobRules(StoreModel model)
{
    public void Account(SimJob job, long done, long skipped, long failed)
    {
        if (done + skipped + failed == 0) return;
        (job.Completed, job.Skipped, job.Failed) = (job.Completed + done, job.Skipped + skipped, job.Failed + failed);
        (job.Status, job.LastProgressAt, job.Version) = (JobStatus.Running, model.Now, model.Next());
        Settle(job);
    }

    public void Settle(SimJob job)
    {
        var planned = job.Planned || job.Handler == Handler.Scan || model.Has(Plant.CompleteEarly);
        if (job.IsOver || !planned || job.Accounted != job.Total) return;
        (job.Status, job.Planned, job.Version) = (JobStatus.Completed, true, model.Next());
        AfterStop(job);
    }

    public bool Stop(SimJob job, JobStatus status, string? reason = null)
    {
        if (job.IsOver) return false;
        if (status == JobStatus.Cancelled) job.Cancelled += job.Total - job.Accounted;
        else job.Failed += job.Total - job.Accounted;
        (job.Status, job.Planned, job.Reason, job.Version) = (status, true, reason, model.Next());
        AfterStop(job);
        return model.Change(true);
    }

    public bool Hold(SimJob job, Holds cause)
    {
        if (job.IsOver || job.Holds.HasFlag(cause)) return false;
        (job.Holds, job.Version) = (job.Holds | cause, model.Next());
        return model.Change(true);
    }

    public SimJob? ChildOf(SimJob scan) => model.Rows.Jobs.Values.FirstOrDefault(job => job.OfScan && job.Parent == scan.Id);

    /// <summary>A batch of those of the items that the job does not have; answers how many there were.</summary>
    public int Insert(SimJob job, NewBatch added)
    {
        var fresh = added.Items.Where(item => !model.Rows.Items.ContainsKey((job.Id, item))).ToList();
        if (fresh.Count == 0) return 0;
        var batch = new SimBatch
        {
            Id = model.NewId(), Job = job.Id, Library = job.Scope!.Library.Value, Collection = added.Collection.Value, Class = added.Class,
        };
        model.Rows.Batches.Add(batch.Id, batch);
        foreach (var item in fresh)
        {
            var row = new SimItem { Job = job.Id, Item = item, Batch = batch.Id };
            model.Rows.Items.Add((job.Id, item), row);
            batch.Items.Add(row);
        }
        return fresh.Count;
    }

    public void AddScanItem(SimJob scan, long collection)
    {
        if (Insert(scan, new(new(collection), scan.Class, [collection])) == 0) return;
        (scan.Total, scan.Version) = (scan.Total + 1, model.Next());
    }

    /// <summary>Items of the batch that a job which holds a lock has open.</summary>
    public HashSet<long> TakeLocks(SimJob job, NewBatch batch)
    {
        var elsewhere = new HashSet<long>();
        foreach (var preset in job.Scope!.Presets.Order(StringComparer.Ordinal))
        {
            var name = $"bulk/{batch.Collection}/{preset}";
            var held = model.Rows.Locks.GetValueOrDefault(name);
            if (held is null || held.ExpiresAt <= model.Now || held.ExpiresAt > model.Now + Recovery.LockTime || held.Owner == Owner(job))
            {
                model.Rows.Locks[name] = new() { Owner = Owner(job), Token = model.Next(), ExpiresAt = model.Now + Recovery.LockTime };
                continue;
            }
            var holder = model.Rows.Jobs.Values.First(other => Owner(other) == held.Owner);
            elsewhere.UnionWith(batch.Items.Where(item => model.Rows.Items.GetValueOrDefault((holder.Id, item)) is { Outcome: null }));
        }
        return elsewhere;
    }

    public void FreeLocksWhenDone(SimJob job, long collection)
    {
        if (model.Rows.Batches.Values.Any(b => b.Job == job.Id && b.Collection == collection && b.State < BatchState.Done)) return;
        FreeLocks(job, name => name.StartsWith($"bulk/{collection}/", StringComparison.Ordinal));
    }

    public static string Owner(SimJob job) => $"job/{job.Id}";

    private void AfterStop(SimJob job)
    {
        FreeLocks(job, _ => true);
        if (job.Handler != Handler.Scan || ChildOf(job) is not { IsOver: false } child) return;
        (child.Planned, child.Version) = (true, model.Next());
        Settle(child);
    }

    private void FreeLocks(SimJob job, Func<string, bool> which)
    {
        var owned = model.Rows.Locks.Where(l => l.Value.Owner == Owner(job) && which(l.Key)).Select(l => l.Key).ToList();
        foreach (var name in owned) model.Rows.Locks.Remove(name);
    }
}
