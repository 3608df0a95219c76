using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Vitrine.Server.Hosting;
using Vitrine.Server.Outgoing;

namespace Vitrine.Server.Security.OpenId;

/// <summary>The framework's handler of the code flow, with our rules: PKCE, answers in the query, the one way out, and a session of ours in place of its cookie.</summary>
internal static partial class OidcServices
{
    public const string SchemeName = "oidc";
    public const string CallbackPath = Routes.Api + "/oidc/callback";

    public static IServiceCollection AddOidc(this IServiceCollection services, OidcOptions oidc)
    {
        services.AddSingleton(oidc).AddSingleton<OidcSignIn>();
        if (!oidc.IsOn) return services;
        services.AddSingleton<SharedSeal>().AddSingleton<IDataProtectionProvider>(provider => provider.GetRequiredService<SharedSeal>())
            .AddHostedService(provider => provider.GetRequiredService<SharedSeal>());
        services.AddAuthenticationCore(authentication => authentication.AddScheme<OpenIdConnectHandler>(SchemeName, null));
        services.AddSingleton<IPostConfigureOptions<OpenIdConnectOptions>, OpenIdConnectPostConfigureOptions>();
        services.AddOptions<OpenIdConnectOptions>(SchemeName).Configure<OutgoingHttp, TimeProvider>((handler, outgoing, time) =>
        {
            handler.TimeProvider = time;
            handler.Backchannel = outgoing.CreateClient();
            Configure(handler, oidc);
        });
        return services;
    }

    private static void Configure(OpenIdConnectOptions handler, OidcOptions oidc)
    {
        handler.Authority = oidc.Authority;
        handler.RequireHttpsMetadata = !oidc.AllowHttp;
        handler.ClientId = oidc.ClientId;
        handler.ClientSecret = oidc.ClientSecret.Length > 0 ? oidc.ClientSecret : null;
        handler.SignInScheme = SessionAuthentication.SchemeName;
        handler.CallbackPath = CallbackPath;
        handler.ResponseType = OpenIdConnectResponseType.Code;
        // A form that another site posts would need cookies that go along with any request from elsewhere.
        handler.ResponseMode = OpenIdConnectResponseMode.Query;
        handler.UsePkce = true;
        handler.MapInboundClaims = false;
        handler.SaveTokens = false;
        handler.GetClaimsFromUserInfoEndpoint = true;
        handler.DisableTelemetry = true;
        // Nothing at these: signing out here is of this server alone.
        handler.RemoteSignOutPath = PathString.Empty;
        handler.SignedOutCallbackPath = PathString.Empty;
        handler.Scope.Clear();
        foreach (var scope in oidc.Scopes.Split([' ', ';'], StringSplitOptions.RemoveEmptyEntries).Prepend("openid").Distinct()) handler.Scope.Add(scope);
        handler.ClaimActions.Clear();
        foreach (var claim in new[] { oidc.NameClaim, oidc.RoleClaim }.Where(name => name.Length > 0).Distinct()) handler.ClaimActions.MapJsonKey(claim, claim);
        foreach (var cookie in new[] { handler.CorrelationCookie, handler.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.HttpOnly = true;
        }
        handler.Events.OnTicketReceived = EnterAsync;
        handler.Events.OnRemoteFailure = FailAsync;
    }

    private static async Task EnterAsync(TicketReceivedContext context)
    {
        var signIn = context.HttpContext.RequestServices.GetRequiredService<OidcSignIn>();
        var entered = await signIn.EnterAsync(context.HttpContext, context.Principal!);
        context.Response.Redirect(entered ? context.ReturnUri ?? OidcEndpoints.PageWith(context.Request, null) : OidcEndpoints.PageWith(context.Request, OidcEnd.Refused));
        context.HandleResponse();
    }

    private static Task FailAsync(RemoteFailureContext context)
    {
        LogFailed(context.HttpContext.RequestServices.GetRequiredService<ILogger<OidcSignIn>>(), context.Failure?.Message);
        context.Response.Redirect(OidcEndpoints.PageWith(context.Request, OidcEnd.Failed));
        context.HandleResponse();
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Warning, "Signing in by the OpenID provider failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string? reason);
}
