using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

internal static class StartEndpoints
{
    public static void MapStart(this RouteGroupBuilder jobs) =>
        jobs.MapPost("/", Start).WithName("startJob").WithSummary("Starts a job over a library, or over collections or images of it.")
            .WithIdempotencyKey().ProducesProblem(404).ProducesProblem(409);

    private static async Task<Results<Accepted<JobShape>, ProblemHttpResult>> Start(
        StartJobRequest request, HttpContext context, ClaimsPrincipal who, JobStarter starter, JobPresenter present, CancellationToken cancellation)
    {
        if (!IdempotencyKey.TryRead(context.Request, out var key)) return Problems.BadRequest.With(IdempotencyKey.Rule).ToResult();
        var answer = await starter.StartAsync(request, key, who.Grants, cancellation);
        return answer.Job is { } job
            ? TypedResults.Accepted($"{Routes.Jobs}/{job.Id}", await present.ShapeAsync(job, cancellation))
            : answer.Problem!.Value.ToResult();
    }
}
