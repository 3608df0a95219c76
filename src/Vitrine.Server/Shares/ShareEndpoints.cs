using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Libraries;
using Vitrine.Core.Shares;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Shares;

/// <summary>Making, listing and revoking links: one's own, and for Admins everybody's.</summary>
internal static class ShareEndpoints
{
    public static void MapShares(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/shares").WithTags("Shares").RequireAuthorization(Policies.Person).WithCursors();
        group.MapGet("/", List).WithName("listShares").WithSummary("Links that you made; all of them for an Admin. Newest first.").ProducesProblem(400);
        group.MapPost("/", Add).WithName("addShare").WithSummary("Makes a link that shows one collection without signing in.").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapDelete("/{id}", Remove).WithName("removeShare").WithSummary("Revokes a link: it works no more.").ProducesProblem(404);
    }

    private static async Task<Ok<ListShape<ShareShape>>> List(
        ClaimsPrincipal who, IShareStore shares, CancellationToken cancellation, string? cursor = null, [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit)
    {
        var page = await shares.ListAsync(who.Grants, MakerSeenBy(who), cursor, limit, cancellation);
        return TypedResults.Ok(new ListShape<ShareShape>([.. page.Items.Select(ShareShape.Of)], page.Next));
    }

    private static async Task<Results<Created<NewShareShape>, ProblemHttpResult>> Add(
        NewShareRequest request, HttpContext context, ICatalog catalog, IShareStore shares, ShareOptions options, TimeProvider time)
    {
        var (who, cancellation) = (context.User, context.RequestAborted);
        if (!options.Enabled) return Problems.Conflict.With("This server makes no links: Shares:Enabled is off.").ToResult();
        if (request.Refusal(options) is { } refusal) return Problems.BadRequest.With(refusal).ToResult();
        if (await catalog.CollectionAsync(who.Grants, request.CollectionId, cancellation) is null) return Problems.NotFound.ToResult();
        var token = SecretToken.New(SecretToken.SessionBytes);
        var wanted = new NewShare(request.CollectionId, who.Access.User, request.Label.Trim(), time.GetUtcNow().AddDays(request.Days), SecretToken.Hash(token));
        context.Response.Headers.CacheControl = "no-store";
        return await shares.AddAsync(wanted, cancellation) is { } share
            ? TypedResults.Created((string?)null, new NewShareShape(ShareShape.Of(share), token))
            : Problems.Conflict.With($"A link belongs to a user, who may have {NewShare.MaxOfUser} of them.").ToResult();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(ShareId id, ClaimsPrincipal who, IShareStore shares, CancellationToken cancellation) =>
        await shares.RemoveAsync(id, MakerSeenBy(who), cancellation) ? TypedResults.NoContent() : Problems.NotFound.ToResult();

    /// <summary>Null: an Admin sees those of all.</summary>
    private static UserId? MakerSeenBy(ClaimsPrincipal who) => who.IsAdmin ? null : who.Access.User;
}
