using Microsoft.Extensions.Logging;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Jobs;

/// <summary>
/// Turns derive jobs into batches, page by page, under the lock of each job: a step adds its batches and moves the cursor in one
/// transaction, so a planner that dies or is late loses and doubles nothing. (A scan's derive job is planned by the scan's own steps.)
/// </summary>
public sealed class Planner(IJobStore jobs, IBatchStore batches, ICatalog catalog, ILockStore locks, PlannerSettings settings)
    : PeriodicService(TimeSpan.FromSeconds(2), settings.Signals.Plan, settings.Time, settings.Logger)
{
    private const int PageItems = 1000;

    /// <summary>
    /// Short, for a planner that dies with its lock holds up its job as long. One that is slower loses nothing: its token stays good until another
    /// takes the lock, and its step is refused from then on.
    /// </summary>
    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(5);

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var waiting = await jobs.ListAsync(new(ToPlan: true, Limit: 10), cancellation);
        foreach (var job in waiting.Items) await PlanAsync(job, cancellation);
        return waiting.Next is not null;
    }

    private async Task PlanAsync(Job job, CancellationToken cancellation)
    {
        if (await locks.AcquireAsync($"planner/{job.Id}", settings.Node.Name, LockTime, cancellation) is not { } grant) return;
        var cursor = job.PlanCursor;
        do
        {
            var page = await catalog.ToDeriveAsync(job.Scope, cursor, PageItems, cancellation);
            cursor = page.Next;
            var step = new BatchAddition.Plan(job.Id, grant, BatchPlan.Cut(page.Items, job.Class), cursor, cursor is null);
            if (!(await batches.AddAsync(step, cancellation)).Accepted) return;
            settings.Signals.Work.Ring();
        }
        while (cursor is not null);
        await locks.ReleaseAsync(grant, cancellation);
    }
}

/// <summary>What the planner needs beside its contracts.</summary>
public sealed record PlannerSettings(Node Node, Signals Signals, TimeProvider Time, ILogger<Planner> Logger);
