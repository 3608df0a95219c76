using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security.OpenId;

/// <summary>How it ended at the provider, where it did not end in a session: the page says so.</summary>
internal enum OidcEnd { Failed, Refused, Unavailable }

internal static partial class OidcEndpoints
{
    public static void MapOidc(this RouteGroupBuilder api)
    {
        var open = api.MapGroup("").WithTags("Sign-in").AllowAnonymous();
        open.MapGet("/sign-in", Ways).WithName("getSignInWays").WithSummary("How one can sign in.");
        var oidc = open.MapGroup("/oidc").RequireRateLimiting(RateLimits.SignIn).ProducesProblem(404).ProducesProblem(429);
        oidc.MapGet("/start", StartAsync).WithName("startOidc").WithSummary("Sends the browser to the OpenID provider; it comes back signed in, to the path returnTo.").Produces(302).ProducesProblem(400);
        // The framework's handler answers here before this route is reached: it stands for being known and described.
        oidc.MapGet("/callback", Callback).WithName("finishOidc").WithSummary("Where the OpenID provider sends the browser back to.").Produces(302);
    }

    /// <summary>The page, with what it is to say.</summary>
    public static string PageWith(HttpRequest request, OidcEnd? end) =>
        end is { } said ? $"{request.PathBase}/sign-in?end={said.ToString().ToLowerInvariant()}" : $"{request.PathBase}/";

    private static Ok<SignInWaysShape> Ways(OidcOptions oidc) => TypedResults.Ok(new SignInWaysShape(oidc.IsOn ? oidc.Label : null));

    private static async Task<Results<EmptyHttpResult, RedirectHttpResult, ProblemHttpResult>> StartAsync(
        HttpContext context, OidcOptions oidc, ILogger<OidcSignIn> logger, [StringLength(LocalPath.MaxLength)] string returnTo = "/")
    {
        if (!oidc.IsOn) return Problems.NotFound.ToResult();
        if (!LocalPath.IsOne(returnTo)) return Problems.BadRequest.With("returnTo is a path of this server.").ToResult();
        try
        {
            await context.ChallengeAsync(OidcServices.SchemeName, new AuthenticationProperties { RedirectUri = context.Request.PathBase + returnTo });
            return TypedResults.Empty;
        }
        catch (Exception unreachable) when (unreachable is InvalidOperationException or IOException or HttpRequestException)
        {
            LogUnreachable(logger, oidc.Authority, unreachable.GetBaseException().Message);
            return TypedResults.Redirect(PageWith(context.Request, OidcEnd.Unavailable));
        }
    }

    private static ProblemHttpResult Callback() => Problems.NotFound.ToResult();

    [LoggerMessage(LogLevel.Warning, "The OpenID provider {Authority} cannot be asked: {Reason}")]
    private static partial void LogUnreachable(ILogger logger, string authority, string reason);
}

/// <param name="Oidc">What the button for the OpenID provider says; null where there is none.</param>
internal sealed record SignInWaysShape(string? Oidc);
