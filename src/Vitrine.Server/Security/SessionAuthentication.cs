using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>Who calls: the owner over its socket, or the session of the cookie.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Sessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "session";

    private static readonly Access Owner = new(default, "owner", Role.Admin, Grants.All);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (OwnerSocket.IsOver(Context)) return Success(Owner);
        if (SessionCookie.Read(Request) is not { } token) return AuthenticateResult.NoResult();
        return await sessions.FindAsync(token, Context.RequestAborted) is { } access
            ? Success(access)
            : AuthenticateResult.Fail("The session is not known, or its time is over.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        Problems.WriteAsync(Context, Problems.Unauthenticated);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.WriteAsync(Context, Problems.Forbidden);

    private AuthenticateResult Success(Access access) =>
        AuthenticateResult.Success(new(new ClaimsPrincipal(new AccessIdentity(access, Scheme.Name)), Scheme.Name));
}
