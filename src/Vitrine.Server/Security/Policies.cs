using Microsoft.AspNetCore.Authorization;
using Vitrine.Core.Users;

namespace Vitrine.Server.Security;

/// <summary>Who may. A route names one of these; what names none is denied, and keeps the server from starting (<see cref="RouteLaw"/>).</summary>
internal static class Policies
{
    /// <summary>Whoever is signed in, or has a key that may see.</summary>
    public const string Viewer = nameof(Role.Viewer);

    /// <summary>Whoever may have originals.</summary>
    public const string Download = nameof(Scopes.Download);

    public const string CacheManager = nameof(Role.CacheManager);
    public const string Admin = nameof(Role.Admin);

    /// <summary>A person at this account, by session and not by key: a key makes no keys and changes no passwords, or it would be worth more than its scopes.</summary>
    public const string Person = nameof(Person);

    public static readonly IReadOnlyList<string> All = [Viewer, Download, CacheManager, Admin, Person];

    public static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder()
            .AddPolicy(Viewer, policy => policy.RequireAuthenticatedUser().RequireScopes(Scopes.View))
            .AddPolicy(Download, policy => policy.RequireAuthenticatedUser().RequireScopes(Scopes.View | Scopes.Download))
            .AddPolicy(CacheManager, policy => policy.RequireRole(CacheManager, Admin).RequireScopes(Scopes.Jobs))
            .AddPolicy(Admin, policy => policy.RequireRole(Admin).RequireScopes(Scopes.Admin))
            .AddPolicy(Person, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => context.User.Identity is AccessIdentity { Access: { Key: null, User.Value: > 0 } }))
            .SetDefaultPolicy(Deny())
            .SetFallbackPolicy(Deny());
        return services;
    }

    /// <summary>Only behind an authenticated user: there the identity is always ours.</summary>
    private static AuthorizationPolicyBuilder RequireScopes(this AuthorizationPolicyBuilder policy, Scopes scopes) =>
        policy.RequireAssertion(context => context.User.Identity is AccessIdentity identity && identity.Access.May(scopes));

    private static AuthorizationPolicy Deny() =>
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(_ => false).Build();
}
