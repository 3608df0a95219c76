using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

internal static class BulkEndpoints
{
    public static void MapBulk(this RouteGroupBuilder bulk) =>
        bulk.MapPost("/operations", Run).RequireRateLimiting(RateLimits.AdminOperations).ProducesProblem(429).WithName("runBulkOperation")
            .WithSummary("Starts one job for each library, or does the same to many jobs. Each part ends for itself, and the answer says how.").WithIdempotencyKey();

    private static async Task<Results<Ok<BulkAnswerShape>, ProblemHttpResult>> Run(
        BulkRequest request, HttpContext context, ClaimsPrincipal who, BulkOperations operations, JobPresenter present, CancellationToken cancellation)
    {
        if (!IdempotencyKey.TryRead(context.Request, out var key)) return Problems.BadRequest.With(IdempotencyKey.Rule).ToResult();
        if (operations.ProblemOf(request) is { } wrong) return Problems.BadRequest.With(wrong).ToResult();

        var ends = await operations.RunAsync(request, key, who.Grants, cancellation);
        var shapes = await present.ShapesAsync([.. ends.Where(end => end.Answer.Problem is null).Select(end => end.Answer.Job!)], cancellation);
        var byId = shapes.DistinctBy(shape => shape.Id).ToDictionary(shape => shape.Id);
        return TypedResults.Ok(new BulkAnswerShape([.. ends.Select(end => BulkResultShape.Of(end, byId))]));
    }
}

internal enum BulkOperationShape { Scan, Thumbnails, Cache, Both, Pause, Resume, Cancel }

/// <param name="LibraryIds">To start a job for each; at most 1,000.</param>
/// <param name="CollectionIds">To start a job for each library that has some of these; at most 10,000.</param>
/// <param name="JobIds">To pause, resume or cancel; at most 1,000.</param>
/// <param name="Presets">Of a scan.</param>
internal sealed record BulkRequest(
    BulkOperationShape Operation, IReadOnlyList<LibraryId>? LibraryIds = null, IReadOnlyList<CollectionId>? CollectionIds = null,
    IReadOnlyList<JobId>? JobIds = null, IReadOnlyList<string>? Presets = null, bool Force = false, PriorityShape Priority = PriorityShape.Normal) : IAuditable;

internal sealed record BulkAnswerShape(IReadOnlyList<BulkResultShape> Results);

/// <summary>How one part ended: with its job, or with a code.</summary>
/// <param name="LibraryId">The library that the part is for; null where a job or a collection was named.</param>
/// <param name="CollectionId">A collection that is not known.</param>
/// <param name="Code">Null where it is done; else as in problem details.</param>
internal sealed record BulkResultShape(LibraryId? LibraryId, CollectionId? CollectionId, JobId? JobId, JobShape? Job, string? Code, string? Detail)
{
    public static BulkResultShape Of(BulkEnd end, Dictionary<JobId, JobShape> jobs) => end.Answer.Problem is { } problem
        ? new(end.Library, end.Collection, end.Job, null, problem.Code, problem.Detail ?? problem.Title)
        : new(end.Library, end.Collection, end.Answer.Job!.Id, jobs[end.Answer.Job.Id], null, null);
}
