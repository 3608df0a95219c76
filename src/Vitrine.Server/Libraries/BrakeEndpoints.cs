using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Libraries;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Libraries;

/// <summary>A person decides on what a scan has held.</summary>
internal static class BrakeEndpoints
{
    /// <summary>Some tens of milliseconds of the store's writer.</summary>
    private const int PageSize = 500;

    public static void MapBrake(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/libraries/{id}/brake").WithTags("Libraries").RequireAuthorization(Policies.CacheManager).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/approve", Approve).WithName("approveHeldChange")
            .WithSummary("Applies what a scan found gone or changed and held: what is gone waits in the trash, what changed is made anew.");
        group.MapPost("/reject", Reject).WithName("rejectHeldChange").WithSummary("Leaves all as it is, until a scan finds the same again.");
    }

    /// <summary>It is applied before the answer. Should this end in its middle, the engine goes on where it was.</summary>
    private static async Task<Results<Ok<LibraryShape>, ProblemHttpResult>> Approve(
        LibraryId id, ClaimsPrincipal who, LibraryService service, IBrakeStore brakes, LibraryPresenter present, HotPictures hot, CancellationToken cancellation)
    {
        if (await RefusalAsync(id, BrakeVerdict.Approve, who, service, brakes, cancellation) is { } refusal) return refusal.ToResult();
        while (await brakes.ApplyAsync(PageSize, cancellation)) hot.Forget();
        return await AnswerAsync(id, who, service, present, cancellation);
    }

    private static async Task<Results<Ok<LibraryShape>, ProblemHttpResult>> Reject(
        LibraryId id, ClaimsPrincipal who, LibraryService service, IBrakeStore brakes, LibraryPresenter present, CancellationToken cancellation) =>
        await RefusalAsync(id, BrakeVerdict.Reject, who, service, brakes, cancellation) is { } refusal
            ? refusal.ToResult()
            : await AnswerAsync(id, who, service, present, cancellation);

    /// <summary>Takes the decision; null where that was done.</summary>
    private static async Task<Problem?> RefusalAsync(
        LibraryId id, BrakeVerdict verdict, ClaimsPrincipal who, LibraryService service, IBrakeStore brakes, CancellationToken cancellation)
    {
        if (!who.Grants.Allows(id) || await service.FindAsync(id, cancellation) is null) return Problems.NotFound;
        return await brakes.DecideAsync(id, verdict, cancellation) ? null : Problems.Conflict.With("Nothing of this library waits for a decision.");
    }

    private static async Task<Results<Ok<LibraryShape>, ProblemHttpResult>> AnswerAsync(
        LibraryId id, ClaimsPrincipal who, LibraryService service, LibraryPresenter present, CancellationToken cancellation) =>
        await service.FindAsync(id, cancellation) is { } library
            ? TypedResults.Ok(await present.ShapeAsync(library, who.IsAdmin, cancellation))
            : Problems.NotFound.ToResult();
}
