using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Jobs;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

/// <summary>Reading jobs. What changes them is beside it: starting, controlling, recovering, and many at once.</summary>
internal static class JobEndpoints
{
    public static void MapJobs(this RouteGroupBuilder api)
    {
        var read = api.MapGroup("/cache/processing-jobs").WithTags("Jobs").RequireAuthorization(Policies.Viewer).WithCursors();
        read.MapGet("/", List).WithName("listJobs").WithSummary("Jobs, newest first.").ProducesProblem(400);
        read.MapGet("/resumable", Resumable).WithName("listResumableJobs").WithSummary("Open jobs that somebody paused, newest first.").ProducesProblem(400);
        read.MapGet("/stream", JobStream.Open).WithName("streamJobs").WithSummary("Changed jobs as server-sent events, the present state first.");
        read.MapGet("/{id}", Get).WithName("getJob").WithSummary("One job.").ProducesProblem(404);
        read.MapGet("/{id}/failures", Failures).WithName("listFailures").WithSummary("Its failed and skipped items.").ProducesProblem(400).ProducesProblem(404);

        var manage = api.MapGroup("/cache/processing-jobs").WithTags("Jobs").RequireAuthorization(Policies.CacheManager);
        manage.MapStart();
        manage.MapControls();
        api.MapRecovery();
        api.MapGroup("/cache/bulk").WithTags("Jobs").RequireAuthorization(Policies.CacheManager).MapBulk();
    }

    private static async Task<Ok<ListShape<JobShape>>> List(
        ClaimsPrincipal who, IJobStore jobs, JobPresenter present, CancellationToken cancellation, Named<JobTypeShape>? type = null,
        Named<JobStatusShape>? status = null, LibraryId? library = null, bool open = false, string? cursor = null,
        [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit)
    {
        if (library is { } asked && !who.Grants.Allows(asked)) return TypedResults.Ok(new ListShape<JobShape>([], null));

        var query = new JobQuery(
            type?.Value.Handler, Stored(status?.Value), open, Libraries: library is { } one ? [one] : who.Grants.Filter, After: cursor, Limit: limit,
            Kind: type?.Value.Kind, HeldBy: HeldBy(status?.Value));
        return TypedResults.Ok(await PageAsync(jobs, present, query, cancellation));
    }

    private static async Task<Ok<ListShape<JobShape>>> Resumable(
        ClaimsPrincipal who, IJobStore jobs, JobPresenter present, CancellationToken cancellation, string? cursor = null,
        [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit) =>
        TypedResults.Ok(await PageAsync(jobs, present, new(HeldBy: Holds.User, Libraries: who.Grants.Filter, After: cursor, Limit: limit), cancellation));

    private static async Task<Results<Ok<JobShape>, ProblemHttpResult>> Get(
        JobId id, ClaimsPrincipal who, IJobStore jobs, JobControl control, JobPresenter present, CancellationToken cancellation, bool includeDetails = false)
    {
        if (await control.FindAsync(id, who.Grants, cancellation) is not { } job) return Problems.NotFound.ToResult();
        var shape = await present.ShapeAsync(job, cancellation);
        return TypedResults.Ok(includeDetails ? shape with { Details = JobDetailsShape.Of(job, await jobs.DetailsAsync(id, cancellation)) } : shape);
    }

    private static async Task<Results<Ok<ListShape<FailureShape>>, ProblemHttpResult>> Failures(
        JobId id, ClaimsPrincipal who, JobControl control, IFailureStore failures, CancellationToken cancellation, string? cursor = null,
        [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit)
    {
        if (await control.FindAsync(id, who.Grants, cancellation) is null) return Problems.NotFound.ToResult();
        var page = await failures.ListAsync(who.Grants, new FailureQuery.OfJob(id), cursor, limit, cancellation);
        return TypedResults.Ok(new ListShape<FailureShape>([.. page.Items.Select(FailureShape.Of)], page.Next));
    }

    private static async Task<ListShape<JobShape>> PageAsync(IJobStore jobs, JobPresenter present, JobQuery query, CancellationToken cancellation)
    {
        var page = await jobs.ListAsync(query, cancellation);
        return new(await present.ShapesAsync(page.Items, cancellation), page.Next);
    }

    /// <summary>The store knows status and holds apart; people see a held job as Paused, whatever its status.</summary>
    private static JobStatus? Stored(JobStatusShape? status) => status is null or JobStatusShape.Paused ? null : Enum.Parse<JobStatus>(status.Value.ToString());

    private static Holds? HeldBy(JobStatusShape? status) => status switch
    {
        JobStatusShape.Paused => Holds.Any,
        JobStatusShape.Pending or JobStatusShape.Running => Holds.None,
        _ => null,
    };
}
