using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Jobs;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

/// <summary>Batches that died too often, until somebody tries them again or drops them; and whole jobs that are tried again.</summary>
internal static class DeadBatchEndpoints
{
    public static void MapDeadBatches(this RouteGroupBuilder api)
    {
        var read = api.MapGroup("/cache/dead-batches").WithTags("Failures").RequireAuthorization(Policies.Viewer).WithCursors().ProducesProblem(400);
        read.MapGet("/", List).WithName("listDeadBatches").WithSummary("Batches that died too often, newest first.");

        var act = api.MapGroup("/cache").WithTags("Failures").RequireAuthorization(Policies.CacheManager).ProducesProblem(404);
        act.MapPost("/dead-batches/{id}/retry", Retry).WithName("retryDeadBatch").WithSummary("Tries its items again in a new job; it leaves the list.").WithIdempotencyKey();
        act.MapDelete("/dead-batches/{id}", Drop).WithName("dropDeadBatch").WithSummary("Takes it off the list; the failures of its items stay.");
        act.MapPost("/processing-jobs/{id}/retry", RetryJob).WithName("retryJob").WithTags("Jobs")
            .WithSummary("Tries again, in a new job, what failed in this one or was left open when it was given up.").WithIdempotencyKey().ProducesProblem(409);
    }

    private static async Task<Ok<ListShape<DeadBatchShape>>> List(
        ClaimsPrincipal who, IFailureStore failures, CancellationToken cancellation, string? cursor = null,
        [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit)
    {
        var page = await failures.DeadBatchesAsync(who.Grants, cursor, limit, cancellation);
        return TypedResults.Ok(new ListShape<DeadBatchShape>([.. page.Items.Select(DeadBatchShape.Of)], page.Next));
    }

    private static Task<Results<Accepted<JobShape>, ProblemHttpResult>> Retry(
        BatchId id, HttpContext context, IFailureStore failures, JobPresenter present, Signals signals, CancellationToken cancellation) =>
        AddAsync(new FailureQuery.OfBatch(id), context, failures, present, signals, cancellation);

    private static async Task<Results<NoContent, ProblemHttpResult>> Drop(
        BatchId id, ClaimsPrincipal who, IFailureStore failures, CancellationToken cancellation) =>
        await failures.DropAsync(who.Grants, id, cancellation) ? TypedResults.NoContent() : Problems.NotFound.ToResult();

    /// <summary>A job that is over stays over, so that it may be asked for before the retry.</summary>
    private static async Task<Results<Accepted<JobShape>, ProblemHttpResult>> RetryJob(
        JobId id, HttpContext context, IJobStore jobs, IFailureStore failures, JobPresenter present, Signals signals, CancellationToken cancellation)
    {
        if (await jobs.GetAsync(id, cancellation) is not { } job || !context.User.Grants.Allows(job.Scope.Library)) return Problems.NotFound.ToResult();
        if (!job.IsOver) return Problems.Conflict.With($"The job is {JobShape.StatusOf(job)}: wait for its end, or cancel it.").ToResult();
        return await AddAsync(new FailureQuery.OfJob(id), context, failures, present, signals, cancellation);
    }

    private static async Task<Results<Accepted<JobShape>, ProblemHttpResult>> AddAsync(
        FailureQuery selection, HttpContext context, IFailureStore failures, JobPresenter present, Signals signals, CancellationToken cancellation)
    {
        if (!IdempotencyKey.TryRead(context.Request, out var key)) return Problems.BadRequest.With(IdempotencyKey.Rule).ToResult();
        if (await failures.RetryAsync(context.User.Grants, selection, key, cancellation) is not [var job, ..]) return Problems.NotFound.ToResult();
        signals.RingAll();
        return TypedResults.Accepted($"{Routes.Jobs}/{job.Id}", await present.ShapeAsync(job, cancellation));
    }
}
