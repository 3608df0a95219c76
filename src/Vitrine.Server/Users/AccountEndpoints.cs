using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Jobs;
using Vitrine.Server.Security;

namespace Vitrine.Server.Users;

/// <summary>What is one's own: the password, sessions and keys. Not for keys, or one would be worth more than its scopes.</summary>
internal static class AccountEndpoints
{
    public static void MapAccount(this RouteGroupBuilder api)
    {
        var mine = api.MapGroup("").WithTags("Account").RequireAuthorization(Policies.Person);
        mine.MapPut("/session/password", ChangePassword).WithName("changePassword").RequireRateLimiting(RateLimits.SignIn)
            .WithSummary("Changes your password; your other sessions end.").ProducesProblem(400).ProducesProblem(429);
        mine.MapGet("/sessions", Sessions).WithName("listSessions").WithSummary("Where you are signed in, used last first.");
        mine.MapDelete("/sessions", EndOthers).WithName("endOtherSessions").WithSummary("Signs you out everywhere else.");
        mine.MapDelete("/sessions/{id}", End).WithName("endSession").WithSummary("Ends one of your sessions.").ProducesProblem(404);
        mine.MapGet("/keys", Keys).WithName("listApiKeys").WithSummary("Your API keys, newest first.");
        mine.MapPost("/keys", AddKey).WithName("addApiKey").WithSummary("Makes a key that acts as you within its scopes, and says it this once.").ProducesProblem(400).ProducesProblem(409);
        mine.MapDelete("/keys/{id}", RevokeKey).WithName("revokeApiKey").WithSummary("The key works no longer.").ProducesProblem(404);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangePassword(
        PasswordRequest request, HttpContext context, SignIn signIn, Accounts accounts, Sessions sessions)
    {
        if (SignIn.RefusalOf(request.NewPassword) is { } refusal) return Problems.BadRequest.With(refusal).ToResult();
        var who = context.User.Access;
        if (await signIn.CheckAsync(context, who.Name, request.Password) is not { } user || user.Id != who.User) return Problems.PasswordWrong.ToResult();
        if (UserEndpoints.Refused(await accounts.ChangeAsync(user.Id, new(), request.NewPassword, context.RequestAborted)) is { } refused) return refused;

        // All sessions have ended; this one goes on as a new one.
        SessionCookie.Set(context, await sessions.StartAsync(user, context.Request.Headers.UserAgent.ToString(), context.RequestAborted), sessions.IdleLimit);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<ListShape<OpenSessionShape>>> Sessions(ClaimsPrincipal who, ISessionStore sessions, CancellationToken cancellation) =>
        TypedResults.Ok(new ListShape<OpenSessionShape>(
            [.. (await sessions.ListAsync(who.Access.User, cancellation)).Select(session => OpenSessionShape.Of(session, who.Access.Session))], null));

    private static async Task<Ok<ChangedShape>> EndOthers(HttpContext context, Sessions sessions, CancellationToken cancellation) =>
        TypedResults.Ok(new ChangedShape(await sessions.RevokeAsync(context.User.Access.User, null, SessionCookie.Read(context.Request), cancellation)));

    private static async Task<Results<NoContent, ProblemHttpResult>> End(SessionId id, ClaimsPrincipal who, Sessions sessions, CancellationToken cancellation) =>
        await sessions.RevokeAsync(who.Access.User, id, null, cancellation) > 0 ? TypedResults.NoContent() : Problems.NotFound.ToResult();

    private static async Task<Ok<ListShape<ApiKeyShape>>> Keys(ClaimsPrincipal who, IApiKeyStore keys, CancellationToken cancellation) =>
        TypedResults.Ok(new ListShape<ApiKeyShape>([.. (await keys.ListAsync(who.Access.User, cancellation)).Select(ApiKeyShape.Of)], null));

    private static Task<Results<Ok<NewApiKeyShape>, ProblemHttpResult>> AddKey(
        NewApiKeyRequest request, ClaimsPrincipal who, ApiKeys keys, TimeProvider time, CancellationToken cancellation) =>
        UserSecretEndpoints.AddAsync(who.Access.User, who.Access.Scopes, request, keys, time, cancellation);

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeKey(ApiKeyId id, ClaimsPrincipal who, ApiKeys keys, CancellationToken cancellation) =>
        await keys.RevokeAsync(who.Access.User, id, cancellation) ? TypedResults.NoContent() : Problems.NotFound.ToResult();
}
