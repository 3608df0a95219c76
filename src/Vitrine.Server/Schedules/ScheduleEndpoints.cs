using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Libraries;
using Vitrine.Core.Schedules;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Schedules;

internal static class ScheduleEndpoints
{
    private const string Route = "/cache/schedules";

    public static void MapSchedules(this RouteGroupBuilder api)
    {
        var read = api.MapGroup(Route).WithTags("Schedules").RequireAuthorization(Policies.Viewer);
        read.MapGet("/", List).WithName("listSchedules").WithSummary("Scans of libraries that you may see and, for those who manage, maintenance.");

        var manage = api.MapGroup(Route).WithTags("Schedules").RequireAuthorization(Policies.CacheManager);
        manage.MapPost("/", Add).WithName("addSchedule").WithSummary("Does something again and again, at cron times in a time zone.").ProducesProblem(400);
        manage.MapPatch("/{id}", Change).WithName("changeSchedule").WithSummary("Changes what is given.").ProducesProblem(400).ProducesProblem(404);
        manage.MapDelete("/{id}", Remove).WithName("removeSchedule").WithSummary("Removes it; what it has started goes on.").ProducesProblem(404);
    }

    private static async Task<Ok<ListShape<ScheduleShape>>> List(ClaimsPrincipal who, IScheduleStore schedules, CancellationToken cancellation)
    {
        var all = await schedules.ListAsync(cancellation);
        return TypedResults.Ok(new ListShape<ScheduleShape>([.. all.Where(schedule => Sees(who, schedule)).Select(ScheduleShape.Of)], null));
    }

    private static async Task<Results<Created<ScheduleShape>, ProblemHttpResult>> Add(
        NewScheduleRequest request, ClaimsPrincipal who, ScheduleService service, CancellationToken cancellation)
    {
        if (!Named<ScheduleKind>.TryParse(request.Kind, null, out var kind))
            return Problems.BadSchedule("bad-kind", "The kind is scan, verify, clean or recover.").ToResult();
        var wanted = new ScheduleRequest(
            kind.Value, request.LibraryId, request.Cron, request.TimeZone, request.Enabled ?? true, request.Mode ?? ScanMode.Changed);
        return await service.AddAsync(wanted, who.Grants.Allows, cancellation) switch
        {
            ScheduleAnswer.Stored { Schedule: var added } => TypedResults.Created($"{Routes.Api}{Route}/{added.Id}", ScheduleShape.Of(added)),
            ScheduleAnswer.Refused refused => Problems.BadSchedule(refused.Code, refused.Message).ToResult(),
            _ => throw new InvalidOperationException("ScheduleAnswer has no other kind."),
        };
    }

    private static async Task<Results<Ok<ScheduleShape>, ProblemHttpResult>> Change(
        ScheduleId id, ScheduleChangeRequest request, ClaimsPrincipal who, ScheduleService service, CancellationToken cancellation)
    {
        if (await service.FindAsync(id, cancellation) is not { } known || !Sees(who, known)) return Problems.NotFound.ToResult();
        return await service.ChangeAsync(id, new(request.Cron, request.TimeZone, request.Enabled, request.Mode), cancellation) switch
        {
            ScheduleAnswer.Stored stored => TypedResults.Ok(ScheduleShape.Of(stored.Schedule)),
            ScheduleAnswer.Refused refused => Problems.BadSchedule(refused.Code, refused.Message).ToResult(),
            _ => Problems.NotFound.ToResult(),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        ScheduleId id, ClaimsPrincipal who, ScheduleService service, IScheduleStore schedules, CancellationToken cancellation) =>
        await service.FindAsync(id, cancellation) is { } known && Sees(who, known) && await schedules.RemoveAsync(id, cancellation)
            ? TypedResults.NoContent()
            : Problems.NotFound.ToResult();

    /// <summary>What maintenance finds is of all libraries, and nothing for those who only look.</summary>
    private static bool Sees(ClaimsPrincipal who, Schedule schedule) =>
        schedule.Library is { } library ? who.Grants.Allows(library) : who.Access.May(Scopes.Jobs);
}
