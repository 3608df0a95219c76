using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Users;

internal static class SessionEndpoints
{
    public static void MapSessions(this RouteGroupBuilder api)
    {
        var open = api.MapGroup("").WithTags("Sign-in").RequireRateLimiting(RateLimits.SignIn);
        open.MapPost("/set-up", MakeAdmin).OpenToAnybody().WithName("setUp").WithSummary("Makes the first Admin with the link's token, and signs in.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(429);
        open.MapPost("/session", SignInAsync).AddEndpointFilter(AccountLimit.FilterAsync).AllowAnonymous().WithName("signIn").WithSummary("Signs in: sets the cookie.").ProducesProblem(401).ProducesProblem(429);

        api.MapGet("/set-up", IsSetUpNeeded).OpenToAnybody().WithTags("Sign-in").WithName("isSetUpNeeded").WithSummary("Whether there is no Admin yet.");

        var mine = api.MapGroup("/session").WithTags("Sign-in").RequireAuthorization(Policies.Viewer);
        mine.MapGet("/", Mine).WithName("getSession").WithSummary("Who you are.");
        mine.MapDelete("/", SignOutAsync).WithName("signOut").WithSummary("Signs out.");
    }

    private static async Task<Ok<SetUpShape>> IsSetUpNeeded(SetUp setUp, CancellationToken cancellation) =>
        TypedResults.Ok(new SetUpShape(await setUp.IsNeededAsync(cancellation)));

    private static async Task<Results<Ok<SessionShape>, ProblemHttpResult>> MakeAdmin(
        SetUpRequest request, HttpContext context, SetUp setUp, Accounts accounts, Sessions sessions)
    {
        if (SignIn.Refusal(request.Name, request.Password) is { } refusal) return Problems.BadRequest.With(refusal).ToResult();
        var cancellation = context.RequestAborted;
        using var act = AuditTrail.Begin(context, null, "set-up link");
        var admin = await setUp.UseAsync(request.Token, () => accounts.AddAsync(request.Name, request.Password, Role.Admin, mayDownload: true, [], cancellation), cancellation);
        return admin is null ? Problems.TokenRefused.ToResult() : await BeginAsync(admin, context, sessions);
    }

    private static async Task<Results<Ok<SessionShape>, ProblemHttpResult>> SignInAsync(
        SignInRequest request, HttpContext context, SignIn signIn, Sessions sessions) =>
        await signIn.CheckAsync(context, request.Name, request.Password) is { } user
            ? await BeginAsync(user, context, sessions)
            : Problems.WrongPassword.ToResult();

    private static async Task<Ok<SessionShape>> BeginAsync(User user, HttpContext context, Sessions sessions)
    {
        using var act = AuditTrail.Begin(context, user.Id, user.Name);
        var token = await sessions.StartAsync(user, context.Request.Headers.UserAgent.ToString(), context.RequestAborted);
        SessionCookie.Set(context, token, sessions.IdleLimit);
        return TypedResults.Ok(new SessionShape(user.Name, user.Role, user.Scopes.Named()));
    }

    private static Ok<SessionShape> Mine(ClaimsPrincipal who) => TypedResults.Ok(new SessionShape(who.Access.Name, who.Access.Role, who.Access.Scopes.Named()));

    private static async Task<NoContent> SignOutAsync(HttpContext context, Sessions sessions)
    {
        if (SessionCookie.Read(context.Request) is { } token) await sessions.EndAsync(token, context.RequestAborted);
        SessionCookie.Clear(context);
        return TypedResults.NoContent();
    }
}

internal sealed record SetUpShape(bool Needed);

/// <param name="Token">Behind the <c>#</c> of the set-up link, and in <c>DATA/setup-token</c>.</param>
internal sealed record SetUpRequest(string Token, string Name, string Password);

internal sealed record SignInRequest(string Name, string Password);

/// <param name="Scopes">What the caller may do; a page shows nothing else.</param>
internal sealed record SessionShape(string Name, Role Role, IReadOnlyList<ScopeShape> Scopes);

/// <summary><see cref="Scopes"/> one by one.</summary>
internal enum ScopeShape
{
    View = Scopes.View,
    Download = Scopes.Download,
    Jobs = Scopes.Jobs,
    Admin = Scopes.Admin,
}

internal static class ScopeNames
{
    public static IReadOnlyList<ScopeShape> Named(this Scopes scopes) => [.. Enum.GetValues<ScopeShape>().Where(scope => scopes.HasFlag((Scopes)scope))];

    public static Scopes Sum(this IEnumerable<ScopeShape> scopes) => scopes.Aggregate(Scopes.None, (sum, scope) => sum | (Scopes)scope);
}
