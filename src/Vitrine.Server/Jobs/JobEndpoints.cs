using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Jobs;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

internal static class JobEndpoints
{
    public static void MapJobs(this RouteGroupBuilder api)
    {
        var read = api.MapGroup("/cache/processing-jobs").WithTags("Jobs").RequireAuthorization(Policies.Viewer).WithCursors();
        read.MapGet("/", List).WithName("listJobs").WithSummary("Jobs, newest first. A page may hold fewer than its limit before the end.").ProducesProblem(400);
        read.MapGet("/stream", JobStream.Open).WithName("streamJobs").WithSummary("Changed jobs as server-sent events, the present state first.");
        read.MapGet("/{id}", Get).WithName("getJob").WithSummary("One job.").ProducesProblem(404);
        read.MapGet("/{id}/failures", Failures).WithName("listFailures").WithSummary("Its failed and skipped items.").ProducesProblem(400).ProducesProblem(404);

        var manage = api.MapGroup("/cache/processing-jobs/{id}").WithTags("Jobs").RequireAuthorization(Policies.CacheManager)
            .ProducesProblem(404).ProducesProblem(409);
        manage.MapPost("/pause", Pause).WithName("pauseJob").WithSummary("Holds the job until it is resumed.");
        manage.MapPost("/resume", Resume).WithName("resumeJob").WithSummary("Lifts a person's hold; other causes stay.");
        manage.MapPost("/cancel", Cancel).WithName("cancelJob").WithSummary("Ends the job; what is made stays.");
    }

    private static async Task<Ok<ListShape<JobShape>>> List(
        ClaimsPrincipal who, IJobStore jobs, CancellationToken cancellation, Named<Handler>? type = null, Named<JobStatusShape>? status = null,
        LibraryId? library = null, bool open = false, string? cursor = null, [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit)
    {
        if (library is { } asked && !who.Grants.Allows(asked)) return TypedResults.Ok(new ListShape<JobShape>([], null));

        IReadOnlyCollection<LibraryId>? scope = library is { } one ? [one] : who.Grants.IsAll ? null : who.Grants.Libraries;
        var wanted = status?.Value;
        var stored = wanted is null or JobStatusShape.Paused ? (JobStatus?)null : Enum.Parse<JobStatus>(wanted.Value.ToString());
        var query = new JobQuery(type?.Value, stored, open || wanted == JobStatusShape.Paused, Libraries: scope, After: cursor, Limit: limit);
        var page = await jobs.ListAsync(query, cancellation);
        // The store knows status and holds apart; people see a held job as Paused, whatever its status.
        var shapes = page.Items.Select(JobShape.Of).Where(job => wanted is null || job.Status == wanted);
        return TypedResults.Ok(new ListShape<JobShape>([.. shapes], page.Next));
    }

    private static async Task<Results<Ok<JobShape>, ProblemHttpResult>> Get(JobId id, ClaimsPrincipal who, IJobStore jobs, CancellationToken cancellation) =>
        await FindAsync(id, who, jobs, cancellation) is { } job ? TypedResults.Ok(JobShape.Of(job)) : Problems.NotFound.ToResult();

    private static async Task<Results<Ok<ListShape<FailureShape>>, ProblemHttpResult>> Failures(
        JobId id, ClaimsPrincipal who, IJobStore jobs, IFailureStore failures, CancellationToken cancellation, string? cursor = null,
        [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit)
    {
        if (await FindAsync(id, who, jobs, cancellation) is null) return Problems.NotFound.ToResult();
        var page = await failures.ListAsync(who.Grants, new FailureQuery.OfJob(id), cursor, limit, cancellation);
        return TypedResults.Ok(new ListShape<FailureShape>([.. page.Items.Select(FailureShape.Of)], page.Next));
    }

    private static Task<Results<Ok<JobShape>, ProblemHttpResult>> Pause(JobId id, ClaimsPrincipal who, IJobStore jobs, CancellationToken cancellation) =>
        ControlAsync(id, new JobCommand.Hold(Holds.User), who, jobs, cancellation);

    private static Task<Results<Ok<JobShape>, ProblemHttpResult>> Resume(JobId id, ClaimsPrincipal who, IJobStore jobs, CancellationToken cancellation) =>
        ControlAsync(id, new JobCommand.Lift(Holds.User), who, jobs, cancellation);

    private static Task<Results<Ok<JobShape>, ProblemHttpResult>> Cancel(JobId id, ClaimsPrincipal who, IJobStore jobs, CancellationToken cancellation) =>
        ControlAsync(id, new JobCommand.Cancel(), who, jobs, cancellation);

    private static async Task<Results<Ok<JobShape>, ProblemHttpResult>> ControlAsync(
        JobId id, JobCommand command, ClaimsPrincipal who, IJobStore jobs, CancellationToken cancellation)
    {
        if (await FindAsync(id, who, jobs, cancellation) is null) return Problems.NotFound.ToResult();
        var fits = await jobs.ControlAsync(id, command, cancellation);
        if (await FindAsync(id, who, jobs, cancellation) is not { } job) return Problems.NotFound.ToResult();
        var shape = JobShape.Of(job);
        return fits ? TypedResults.Ok(shape) : Problems.Conflict.With($"The job is {shape.Status}.").ToResult();
    }

    private static async Task<Job?> FindAsync(JobId id, ClaimsPrincipal who, IJobStore jobs, CancellationToken cancellation) =>
        await jobs.GetAsync(id, cancellation) is { } job && who.Grants.Allows(job.Scope.Library) ? job : null;
}
