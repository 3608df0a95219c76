using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Jobs;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

/// <summary>The failure inbox: what stands as failed or skipped in the libraries that the caller may see.</summary>
internal static class FailureEndpoints
{
    public static void MapFailures(this RouteGroupBuilder api)
    {
        var read = api.MapGroup("/cache").WithTags("Failures").RequireAuthorization(Policies.Viewer).ProducesProblem(400).WithCursors();
        read.MapGet("/failures/groups", Groups).WithName("listFailureGroups")
            .WithSummary("What stands, counted by library, type, reason code, decoder version and whether it is ignored.");
        read.MapGet("/failures", List).WithName("listStandingFailures").WithSummary("What failed or was skipped and is so still, containers first.");
        read.MapGet("/failures.csv", Csv).WithName("exportFailures").WithSummary("The same list, whole, as comma-separated values.")
            .WithMetadata(new BytesAnswer("text/csv"));

        var act = api.MapGroup("/cache/failures").WithTags("Failures").RequireAuthorization(Policies.CacheManager).ProducesProblem(400);
        act.MapPost("/retry", Retry).WithName("retryFailures").WithSummary("Tries them again: a job for each library and type.").WithIdempotencyKey();
        act.MapPost("/ignore", Ignore).WithName("ignoreFailures").WithSummary("Leaves them out of the list and of automatic retries until their originals change.");
        act.MapPost("/restore", Restore).WithName("restoreFailures").WithSummary("Takes ignored ones back into the list.");
    }

    private static async Task<Ok<ListShape<FailureGroupShape>>> Groups(ClaimsPrincipal who, IFailureStore failures, CancellationToken cancellation)
    {
        var groups = await failures.GroupsAsync(who.Grants, cancellation);
        return TypedResults.Ok(new ListShape<FailureGroupShape>([.. groups.Select(FailureGroupShape.Of)], null));
    }

    private static async Task<Results<Ok<ListShape<FailureShape>>, ProblemHttpResult>> List(
        [AsParameters] FailureFilter filter, ClaimsPrincipal who, IFailureStore failures, CancellationToken cancellation, string? cursor = null,
        [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit)
    {
        if (filter.Selection.Refusal() is { } refused) return refused.ToResult();
        var page = await failures.ListAsync(who.Grants, filter.Selection.ToQuery(), cursor, limit, cancellation);
        return TypedResults.Ok(new ListShape<FailureShape>([.. page.Items.Select(FailureShape.Of)], page.Next));
    }

    private static IResult Csv([AsParameters] FailureFilter filter, ClaimsPrincipal who, IFailureStore failures, HttpContext context)
    {
        if (filter.Selection.Refusal() is { } refused) return refused.ToResult();
        var grants = who.Grants;
        return TypedResults.Stream(
            body => FailureCsv.WriteAsync(body, failures, grants, filter.Selection.ToQuery(), context.RequestAborted), FailureCsv.ContentType, "failures.csv");
    }

    private static async Task<Results<Accepted<ListShape<JobShape>>, ProblemHttpResult>> Retry(
        FailureSelection selection, HttpContext context, IFailureStore failures, JobPresenter present, Signals signals, CancellationToken cancellation)
    {
        if (!IdempotencyKey.TryRead(context.Request, out var key)) return Problems.BadRequest.With(IdempotencyKey.Rule).ToResult();
        if (selection.Refusal() is { } refused) return refused.ToResult();
        var jobs = await failures.RetryAsync(context.User.Grants, selection.ToQuery(), key, cancellation) ?? [];
        signals.RingAll();
        return TypedResults.Accepted(Routes.Jobs, new ListShape<JobShape>(await present.ShapesAsync(jobs, cancellation), null));
    }

    private static Task<Results<Ok<ChangedShape>, ProblemHttpResult>> Ignore(
        FailureSelection selection, ClaimsPrincipal who, IFailureStore failures, CancellationToken cancellation) =>
        MarkAsync(selection, ignored: true, who, failures, cancellation);

    private static Task<Results<Ok<ChangedShape>, ProblemHttpResult>> Restore(
        FailureSelection selection, ClaimsPrincipal who, IFailureStore failures, CancellationToken cancellation) =>
        MarkAsync(selection, ignored: false, who, failures, cancellation);

    private static async Task<Results<Ok<ChangedShape>, ProblemHttpResult>> MarkAsync(
        FailureSelection selection, bool ignored, ClaimsPrincipal who, IFailureStore failures, CancellationToken cancellation) =>
        selection.Refusal() is { } refused
            ? refused.ToResult()
            : TypedResults.Ok(new ChangedShape(await failures.IgnoreAsync(who.Grants, selection.ToQuery(), ignored, cancellation)));
}
