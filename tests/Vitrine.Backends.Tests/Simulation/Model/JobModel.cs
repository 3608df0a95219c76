using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation.Model;

internal sealed class JobModel(StoreModel model, JobRules jobs, BatchRules batches) : IJobStore, IJobClock
{
    private DateTimeOffset? _looked;

    public Task<Job?> AddAsync(NewJob job, CancellationToken cancellation)
    {
        var added = job.Handler == Handler.Scan && NotStarted(job.Scope) is { } waiting ? waiting : Add(job);
        return Task.FromResult<Job?>(Map(added));
    }

    public Task<Job?> GetAsync(JobId id, CancellationToken cancellation) =>
        Task.FromResult(model.Rows.Jobs.GetValueOrDefault(id.Value) is { } job ? Map(job) : null);

    public Task<Page<Job>> ListAsync(JobQuery query, CancellationToken cancellation)
    {
        var all = model.Rows.Jobs.Values.Where(job => (!query.Open || !job.IsOver) && (query.Parent is null || job.Parent == query.Parent?.Value)
            && (query.Handler is null || job.Handler == query.Handler) && (query.Libraries is null || query.Libraries.Contains(job.Scope!.Library)));
        if (query.ToPlan) all = all.Where(job => job is { IsOver: false, Planned: false, OfScan: false, Handler: Handler.Derive });
        return Task.FromResult(new Page<Job>([.. all.Select(Map)], null));
    }

    public Task<JobDetails> DetailsAsync(JobId id, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Owners> OwnersAsync(IReadOnlyCollection<CollectionId> collections, IReadOnlyCollection<ImageId> images, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<bool> ControlAsync(JobId id, JobCommand command, CancellationToken cancellation)
    {
        var job = model.Rows.Jobs[id.Value];
        return Task.FromResult(command switch
        {
            JobCommand.Cancel => jobs.Stop(job, JobStatus.Cancelled),
            JobCommand.Hold hold => jobs.Hold(job, hold.Cause),
            JobCommand.Lift lift => Lift(job, lift.Cause),
            JobCommand.Prioritise prioritise => Prioritise(job, prioritise.Class),
            JobCommand.Recover recover => Recover(job, recover.OfferAge),
            JobCommand.ResumeStale resume => Resume(job, resume),
            JobCommand.GiveUp giveUp => Judge(job, giveUp.Timeout) == StaleVerdict.GiveUp && jobs.Stop(job, JobStatus.Failed, Reason.Stalled),
            _ => throw new NotSupportedException(command.GetType().Name),
        });
    }

    public Task<IReadOnlyList<StaleJob>> StaleAsync(TimeSpan timeout, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<StaleJob>>(
    [
        .. model.Rows.Jobs.Values.Where(job => !job.IsOver && Idle(job) > timeout).OrderByDescending(Idle)
            .Select(job => new StaleJob(Map(job), Idle(job)!.Value, model.Now - job.ResumedAt)),
    ]);

    public Task LookAsync(EngineLook look, CancellationToken cancellation)
    {
        var gap = model.Now - (_looked ?? model.Now);
        _looked = model.Now;
        var jumped = gap < TimeSpan.Zero || gap > look.MaxGap;
        foreach (var job in model.Rows.Jobs.Values.Where(job => !job.IsOver))
        {
            if (jumped && job.ServedSince is not null) job.ServedSince = model.Now;
            job.ServedSince = IsServed(job) ? job.ServedSince ?? model.Now : null;
            foreach (var held in model.Rows.Locks.Values.Where(l => l.Owner == JobRules.Owner(job))) held.ExpiresAt = model.Now + look.LockTime;
        }
        return Task.CompletedTask;
    }

    public Task<Pruned> PruneAsync(Pruning pruning, CancellationToken cancellation) => throw new NotSupportedException();

    private SimJob Add(NewJob added)
    {
        model.Changed();
        var job = Insert(added, ofScan: false);
        if (added.Handler == Handler.Derive) return job;
        Insert(new(Handler.Derive, added.Scope with { Collections = null }, added.Class, Parent: new(job.Id)), ofScan: true);
        var wanted = added.Scope.Collections?.Select(c => c.Value).ToHashSet();
        foreach (var container in model.Rows.Collections.Values.Where(c => c.Library == added.Scope.Library.Value).ToList())
        {
            if (wanted?.Contains(container.Id) ?? container.Path.IsRoot) jobs.AddScanItem(job, container.Id);
            if (wanted?.Contains(container.Id) == true && container.Revisit) container.RevisitAt = model.Now + RevisitPause.Longest;
        }
        jobs.Settle(job);
        return job;
    }

    private SimJob Insert(NewJob added, bool ofScan)
    {
        var job = new SimJob
        {
            Id = model.NewId(), Handler = added.Handler, Scope = added.Scope, Class = added.Class, Parent = added.Parent?.Value, OfScan = ofScan,
            CreatedAt = model.Now, Version = model.Next(),
        };
        model.Rows.Jobs.Add(job.Id, job);
        return job;
    }

    private SimJob? NotStarted(JobScope scope) => model.Rows.Jobs.Values.FirstOrDefault(job =>
        job is { Handler: Handler.Scan, Status: JobStatus.Pending } && job.Scope!.Library == scope.Library && job.Scope.Force == scope.Force
        && Same(job.Scope.Collections, scope.Collections) && job.Scope.Presets.SequenceEqual(scope.Presets)
        && model.Rows.Batches.Values.Count(b => b.Job == job.Id && b.Waits) == job.Total);

    private static bool Same(IReadOnlyList<CollectionId>? one, IReadOnlyList<CollectionId>? other) =>
        one is null || other is null ? one is null && other is null : one.SequenceEqual(other);

    private bool Lift(SimJob job, Holds cause)
    {
        if (job.IsOver || (job.Holds & cause) == Holds.None) return false;
        (job.Holds, job.Version) = (job.Holds & ~cause, model.Next());
        return model.Change(true);
    }

    private bool Prioritise(SimJob job, BatchClass to)
    {
        if (job.IsOver || job.Class == to) return false;
        (job.Class, job.Version) = (to, model.Next());
        foreach (var batch in model.Rows.Batches.Values.Where(b => b.Job == job.Id && b.Class != BatchClass.Covers && b.State is BatchState.Ready or BatchState.Leased))
        {
            batch.Class = to;
        }
        return model.Change(true);
    }

    private bool Recover(SimJob job, TimeSpan offerAge)
    {
        if (job.IsOver) return false;
        var waiting = model.Rows.Batches.Values.Where(b => b.Job == job.Id && b.Waits).ToList();
        var any = waiting.Exists(b => b.NotBefore is not null || (b.State == BatchState.Offered && b.OfferedAt <= model.Now - offerAge));
        foreach (var batch in waiting)
        {
            batch.NotBefore = null;
            if (batch.State == BatchState.Offered && batch.OfferedAt <= model.Now - offerAge) (batch.State, batch.OfferedAt) = (BatchState.Ready, null);
        }
        foreach (var item in model.Rows.Items.Values.Where(item => item.Job == job.Id && item.NotBefore is not null))
        {
            item.NotBefore = null;
            any = true;
        }
        return any && model.Change(true);
    }

    private bool Resume(SimJob job, JobCommand.ResumeStale resume)
    {
        if (Judge(job, resume.Timeout) != StaleVerdict.Resume) return false;
        (job.ResumedAt, job.Version) = (model.Now, model.Next());
        var stuck = model.Rows.Batches.Values.Where(b => b.Job == job.Id && b.State == BatchState.Leased && b.ProgressedAt <= model.Now - resume.Timeout).ToList();
        foreach (var batch in stuck) batches.Die(new(new(batch.Token!.Value), batch.Renewals, resume.Limits));
        return model.Change(true);
    }

    private StaleVerdict Judge(SimJob job, TimeSpan timeout) =>
        !job.IsOver && Idle(job) is { } idle ? Staleness.Judge(idle, model.Now - job.ResumedAt, timeout) : StaleVerdict.Leave;

    private TimeSpan? Idle(SimJob job) => job.ServedSince is { } since ? model.Now - (job.LastProgressAt > since ? job.LastProgressAt : since) : null;

    /// <summary>That some worker is idle is taken for granted: the clock runs more often than it has to.</summary>
    private bool IsServed(SimJob job) => model.Rows.Batches.Values.Any(b => b.Job == job.Id
        && (b.State == BatchState.Leased || (job.Holds == Holds.None && b.Waits && !(b.NotBefore > model.Now))));

    private static Job Map(SimJob job) => new(
        new(job.Id), job.Handler, job.Status, job.Holds, job.Scope!, job.Class, job.Parent is { } parent ? new JobId(parent) : null, job.Planned, job.Cursor,
        job.Total, job.Completed, job.Skipped, job.Failed, job.Cancelled, job.Reason, job.CreatedAt, null, null, job.LastProgressAt, job.Version,
        ServedSince: job.ServedSince);
}
