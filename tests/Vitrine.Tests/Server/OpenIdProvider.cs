using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Vitrine.Tests.Server;

/// <summary>Who is at the provider.</summary>
internal sealed record Person(string Subject, string Name, params string[] Groups);

/// <summary>A real OpenID Connect provider (OpenIddict's server) on a free port of loopback. Whoever comes is its <see cref="Person"/>, without being asked for a password.</summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    public const string ClientId = "vitrine";
    public const string ClientSecret = "the client's own";

    /// <summary>Of this run of the tests: making two for each provider took most of what its tests take.</summary>
    private static readonly RsaSecurityKey EncryptionKey = new(RSA.Create(2048)), SigningKey = new(RSA.Create(2048));

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _asked = new();

    private OpenIdProvider() => _app = Build();

    public Person Person { get; set; } = new("1", "ana", "viewers");

    public string Address => _app.Urls.Single();

    /// <summary>The paths of all requests so far, and what was posted.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    public static async Task<OpenIdProvider> StartAsync()
    {
        var provider = new OpenIdProvider();
        await provider._app.StartAsync();
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenIddict().AddServer(Configure);
        builder.Services.AddAuthentication();
        var app = builder.Build();
        app.Use(NoteAsync);
        app.UseAuthentication();
        return app;
    }

    private async Task NoteAsync(HttpContext context, RequestDelegate next)
    {
        context.Request.EnableBuffering();
        using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
        _asked.Enqueue($"{new Uri(context.Request.GetEncodedUrl()).AbsolutePath} {await reader.ReadToEndAsync()}");
        context.Request.Body.Position = 0;
        await next(context);
    }

    private void Configure(OpenIddictServerBuilder server)
    {
        server.SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token").SetUserInfoEndpointUris("connect/userinfo");
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.RegisterScopes(OpenIddictConstants.Scopes.Profile);
        server.AddEncryptionKey(EncryptionKey).AddSigningKey(SigningKey);
        // Without a database: who may ask is decided below.
        server.EnableDegradedMode();
        server.UseAspNetCore().DisableTransportSecurityRequirement();
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != ClientId) context.Reject(OpenIddictConstants.Errors.InvalidClient);
            return default;
        }));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != ClientId || context.ClientSecret != ClientSecret) context.Reject(OpenIddictConstants.Errors.InvalidClient);
            return default;
        }));
        server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            context.Principal = Principal(context.Request.GetScopes());
            return default;
        }));
        server.AddEventHandler<HandleUserInfoRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            // As many providers do, the groups are told here and not in the token.
            context.Claims["groups"] = new OpenIddictParameter([.. Person.Groups]);
            return default;
        }));
    }

    private ClaimsPrincipal Principal(IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity("test");
        identity.AddClaim(new(OpenIddictConstants.Claims.Subject, Person.Subject));
        identity.AddClaim(new(OpenIddictConstants.Claims.PreferredUsername, Person.Name));
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(scopes);
        principal.SetDestinations(static _ => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken]);
        return principal;
    }
}
