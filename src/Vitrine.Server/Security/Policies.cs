using Microsoft.AspNetCore.Authorization;
using Vitrine.Core.Users;

namespace Vitrine.Server.Security;

/// <summary>Who may: one policy a role, each with the roles above it. What names none is denied.</summary>
internal static class Policies
{
    public const string Viewer = nameof(Role.Viewer);
    public const string CacheManager = nameof(Role.CacheManager);
    public const string Admin = nameof(Role.Admin);

    public static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder()
            .AddPolicy(Viewer, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(CacheManager, policy => policy.RequireRole(CacheManager, Admin))
            .AddPolicy(Admin, policy => policy.RequireRole(Admin))
            .SetDefaultPolicy(Deny())
            .SetFallbackPolicy(Deny());
        return services;
    }

    private static AuthorizationPolicy Deny() =>
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(_ => false).Build();
}
