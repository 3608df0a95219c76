using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>Makes the request's identity of who calls.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Callers callers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Callers.AreNamed(Context)) return AuthenticateResult.NoResult();
        return await callers.FindAsync(Context, Context.RequestAborted) is { } access
            ? Success(access)
            : AuthenticateResult.Fail("The session or the key is not known, or its time is over.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        Problems.WriteAsync(Context, Problems.Unauthenticated);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.WriteAsync(Context, Problems.Forbidden);

    private AuthenticateResult Success(Access access) =>
        AuthenticateResult.Success(new(new ClaimsPrincipal(new AccessIdentity(access, Scheme.Name)), Scheme.Name));
}
