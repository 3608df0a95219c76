using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Jobs;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

internal static class ControlEndpoints
{
    public static void MapControls(this RouteGroupBuilder jobs)
    {
        var one = jobs.MapGroup("/{id}").ProducesProblem(404).ProducesProblem(409);
        one.MapPost("/pause", Pause).WithName("pauseJob").WithSummary("Holds the job until it is resumed.");
        one.MapPost("/resume", Resume).RequireRateLimiting(RateLimits.AdminOperations).ProducesProblem(429).WithName("resumeJob").WithSummary("Lifts a person's hold; other causes stay.");
        one.MapPost("/cancel", Cancel).WithName("cancelJob").WithSummary("Ends the job; what is made stays.");
        one.MapPost("/priority", Prioritise).WithName("prioritiseJob").WithSummary("Changes the priority of what is not offered to a worker yet.").ProducesProblem(400);
    }

    private static async Task<Results<Ok<JobShape>, ProblemHttpResult>> Pause(
        JobId id, ClaimsPrincipal who, JobControl control, JobPresenter present, CancellationToken cancellation) =>
        await ShapeAsync(await control.RunAsync(id, new JobCommand.Hold(Holds.User), who.Grants, cancellation), present, cancellation);

    private static async Task<Results<Ok<JobShape>, ProblemHttpResult>> Resume(
        JobId id, ClaimsPrincipal who, JobControl control, JobPresenter present, CancellationToken cancellation) =>
        await ShapeAsync(await control.RunAsync(id, new JobCommand.Lift(Holds.User), who.Grants, cancellation), present, cancellation);

    private static async Task<Results<Ok<JobShape>, ProblemHttpResult>> Cancel(
        JobId id, ClaimsPrincipal who, JobControl control, JobPresenter present, CancellationToken cancellation) =>
        await ShapeAsync(await control.RunAsync(id, new JobCommand.Cancel(), who.Grants, cancellation), present, cancellation);

    private static async Task<Results<Ok<JobShape>, ProblemHttpResult>> Prioritise(
        JobId id, PriorityRequest request, ClaimsPrincipal who, JobControl control, JobPresenter present, CancellationToken cancellation) =>
        await ShapeAsync(await control.EnsureAsync(id, new JobCommand.Prioritise((BatchClass)request.Priority), who.Grants, cancellation), present, cancellation);

    private static async Task<Results<Ok<JobShape>, ProblemHttpResult>> ShapeAsync(JobAnswer answer, JobPresenter present, CancellationToken cancellation) =>
        answer.Problem is { } problem ? problem.ToResult() : TypedResults.Ok(await present.ShapeAsync(answer.Job!, cancellation));
}
