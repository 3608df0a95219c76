using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Jobs;
using Vitrine.Server.Security;

namespace Vitrine.Server.Users;

/// <summary>Sessions and keys of any user, for Admins.</summary>
internal static class UserSecretEndpoints
{
    public static void MapUserSecrets(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/users/{id}").WithTags("Users").RequireAuthorization(Policies.Admin).ProducesProblem(404);
        group.MapGet("/sessions", Sessions).WithName("listUserSessions").WithSummary("Where the user is signed in, used last first.");
        group.MapDelete("/sessions", EndSessions).WithName("endUserSessions").WithSummary("Signs the user out everywhere.");
        group.MapDelete("/sessions/{session}", EndSession).WithName("endUserSession").WithSummary("Ends one session of the user.");
        group.MapGet("/keys", Keys).WithName("listUserApiKeys").WithSummary("The user's API keys, newest first.");
        group.MapPost("/keys", AddKey).WithName("addUserApiKey").WithSummary("Makes a key that acts as the user, and says it this once.").ProducesProblem(400).ProducesProblem(409);
        group.MapDelete("/keys/{key}", RevokeKey).WithName("revokeUserApiKey").WithSummary("The key works no longer.");
    }

    private static async Task<Results<Ok<ListShape<OpenSessionShape>>, ProblemHttpResult>> Sessions(
        UserId id, IUserStore users, ISessionStore sessions, CancellationToken cancellation) =>
        await users.GetAsync(id, cancellation) is null
            ? Problems.NotFound.ToResult()
            : TypedResults.Ok(new ListShape<OpenSessionShape>([.. (await sessions.ListAsync(id, cancellation)).Select(session => OpenSessionShape.Of(session, null))], null));

    private static async Task<Results<Ok<ChangedShape>, ProblemHttpResult>> EndSessions(
        UserId id, IUserStore users, Sessions sessions, CancellationToken cancellation) =>
        await users.GetAsync(id, cancellation) is null
            ? Problems.NotFound.ToResult()
            : TypedResults.Ok(new ChangedShape(await sessions.RevokeAsync(id, null, null, cancellation)));

    private static async Task<Results<NoContent, ProblemHttpResult>> EndSession(UserId id, SessionId session, Sessions sessions, CancellationToken cancellation) =>
        await sessions.RevokeAsync(id, session, null, cancellation) > 0 ? TypedResults.NoContent() : Problems.NotFound.ToResult();

    private static async Task<Results<Ok<ListShape<ApiKeyShape>>, ProblemHttpResult>> Keys(
        UserId id, IUserStore users, IApiKeyStore keys, CancellationToken cancellation) =>
        await users.GetAsync(id, cancellation) is null
            ? Problems.NotFound.ToResult()
            : TypedResults.Ok(new ListShape<ApiKeyShape>([.. (await keys.ListAsync(id, cancellation)).Select(ApiKeyShape.Of)], null));

    private static async Task<Results<Ok<NewApiKeyShape>, ProblemHttpResult>> AddKey(
        UserId id, NewApiKeyRequest request, IUserStore users, ApiKeys keys, TimeProvider time, CancellationToken cancellation) =>
        await users.GetAsync(id, cancellation) is { } user ? await AddAsync(user.Id, user.Scopes, request, keys, time, cancellation) : Problems.NotFound.ToResult();

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeKey(UserId id, ApiKeyId key, ApiKeys keys, CancellationToken cancellation) =>
        await keys.RevokeAsync(id, key, cancellation) ? TypedResults.NoContent() : Problems.NotFound.ToResult();

    public static async Task<Results<Ok<NewApiKeyShape>, ProblemHttpResult>> AddAsync(
        UserId user, Scopes may, NewApiKeyRequest request, ApiKeys keys, TimeProvider time, CancellationToken cancellation)
    {
        if (request.Refusal(may) is { } refusal) return Problems.BadRequest.With(refusal).ToResult();
        return await keys.AddAsync(user, request.Name, request.Scopes.Sum(), time.GetUtcNow().AddDays(request.Days), cancellation) is { } made
            ? TypedResults.Ok(new NewApiKeyShape(ApiKeyShape.Of(made.Key), made.Token))
            : Problems.Conflict.With($"A user has at most {IApiKeyStore.MaxOfUser} keys: revoke one.").ToResult();
    }
}
