using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Jobs;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

/// <summary>Jobs that make no progress, and jobs that are over for long. Each route keeps to the libraries that its caller may see.</summary>
internal static class RecoveryEndpoints
{
    public const int MaxTimeoutMinutes = 7 * 24 * 60;
    public const int DefaultTimeoutMinutes = 30;
    public const int MaxAgeDays = 36_500;
    public const int DefaultAgeDays = 30;

    public static void MapRecovery(this RouteGroupBuilder api)
    {
        api.MapGroup("/cache/processing-jobs").WithTags("Jobs").RequireAuthorization(Policies.Viewer)
            .MapGet("/stale", Stale).WithName("listStaleJobs").WithSummary("Jobs that make no progress, and what recovery would do. Changes nothing.").ProducesProblem(400);

        var manage = api.MapGroup("/cache/processing-jobs").WithTags("Jobs").RequireAuthorization(Policies.CacheManager).RequireRateLimiting(RateLimits.AdminOperations).ProducesProblem(429);
        manage.MapPost("/recover", Recover).WithName("recoverJobs").WithSummary("Makes what waits in open jobs due now: retries, and batches that no worker took.");
        manage.MapPost("/recover-stale", RecoverStale).WithName("recoverStaleJobs")
            .WithSummary("Resumes jobs over the timeout, and ends those over three of it as failed.").ProducesProblem(400);
        manage.MapDelete("/cleanup", CleanUp).WithName("cleanUpJobs").WithSummary("Removes completed and cancelled jobs that ended before so many days.").ProducesProblem(400);
    }

    private static async Task<Ok<StaleJobsShape>> Stale(
        ClaimsPrincipal who, IJobClock clock, JobPresenter present, CancellationToken cancellation,
        [Range(1, MaxTimeoutMinutes)] int timeoutMinutes = DefaultTimeoutMinutes)
    {
        var timeout = TimeSpan.FromMinutes(timeoutMinutes);
        var stale = (await clock.StaleAsync(timeout, cancellation)).Where(found => who.Grants.Allows(found.Job.Scope.Library)).ToList();
        var shapes = await present.ShapesAsync([.. stale.Select(found => found.Job)], cancellation);
        return TypedResults.Ok(new StaleJobsShape(timeoutMinutes, stale.Count, [.. stale.Zip(shapes, (found, job) => StaleJobShape.Of(found, job, timeout))]));
    }

    private static async Task<Ok<RecoveredShape>> Recover(ClaimsPrincipal who, Recovery recovery, CancellationToken cancellation) =>
        TypedResults.Ok(new RecoveredShape(await recovery.RecoverAllAsync(cancellation, who.Grants.Filter)));

    private static async Task<Ok<StaleRecoveryShape>> RecoverStale(
        ClaimsPrincipal who, Recovery recovery, CancellationToken cancellation, [Range(1, MaxTimeoutMinutes)] int timeoutMinutes = DefaultTimeoutMinutes)
    {
        var ended = await recovery.RecoverStaleAsync(TimeSpan.FromMinutes(timeoutMinutes), cancellation, who.Grants.Filter);
        return TypedResults.Ok(new StaleRecoveryShape(ended.Recovered, ended.Failed));
    }

    private static async Task<Ok<CleanUpShape>> CleanUp(
        ClaimsPrincipal who, History history, CancellationToken cancellation, [Range(0, MaxAgeDays)] int olderThanDays = DefaultAgeDays)
    {
        var removed = await history.PruneAsync(TimeSpan.FromDays(olderThanDays), whole: true, cancellation, who.Grants.Filter);
        return TypedResults.Ok(new CleanUpShape(removed.Jobs));
    }
}

/// <summary>What recovery would do: nothing yet, because it was resumed in this timeout already; resume it; or end it as failed.</summary>
internal enum StaleActionShape { Leave = StaleVerdict.Leave, Resume = StaleVerdict.Resume, Fail = StaleVerdict.GiveUp }

/// <param name="IdleMinutes">Since its last progress, or since it is served.</param>
/// <param name="RemainingImages">Items without an outcome.</param>
internal sealed record StaleJobShape(JobShape Job, double IdleMinutes, long RemainingImages, StaleActionShape Action)
{
    public static StaleJobShape Of(StaleJob stale, JobShape job, TimeSpan timeout) => new(
        job, Math.Round(stale.Idle.TotalMinutes, 1), stale.Remaining, (StaleActionShape)Staleness.Judge(stale.Idle, stale.SinceResumed, timeout));
}

/// <param name="Count">At most 1000 are looked for.</param>
/// <param name="Jobs">The longest idle first.</param>
internal sealed record StaleJobsShape(int TimeoutMinutes, int Count, IReadOnlyList<StaleJobShape> Jobs);

/// <param name="Recovered">Jobs in which something waited.</param>
internal sealed record RecoveredShape(int Recovered);

/// <param name="Recovered">Jobs that were resumed; failed ones are not among them.</param>
/// <param name="Failed">Jobs that ended as failed.</param>
internal sealed record StaleRecoveryShape(int Recovered, int Failed);

internal sealed record CleanUpShape(int RemovedJobs);
