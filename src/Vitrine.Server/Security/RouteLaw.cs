using System.Collections.Frozen;
using Microsoft.AspNetCore.Authorization;

namespace Vitrine.Server.Security;

/// <summary>Every route says who may call it, or the server does not start. Those for anybody are this one list (beside them only the page's files).</summary>
internal static class RouteLaw
{
    public static readonly FrozenSet<string> ForAnybody = FrozenSet.Create(
        "GET /health/live", "GET /health/ready",
        "GET /api/v1/set-up", "POST /api/v1/set-up",
        "POST /api/v1/session",
        "GET /api/v1/sign-in", "GET /api/v1/oidc/start", "GET /api/v1/oidc/callback",
        "GET /api/v1/shared", "GET /api/v1/shared/images", "GET /api/v1/shared/images/{id}/{preset}", "HEAD /api/v1/shared/images/{id}/{preset}");

    /// <exception cref="InvalidOperationException">Names the routes that break the law, or says that there were none to look at.</exception>
    public static void Check(IReadOnlyCollection<RouteEndpoint> routes)
    {
        if (routes.Count == 0) throw new InvalidOperationException("There are no routes yet, so their policies cannot be looked at.");
        var lawless = routes.Where(route => !Holds(route)).SelectMany(Calls).Order(StringComparer.Ordinal).ToList();
        if (lawless.Count > 0) throw new InvalidOperationException($"These routes name no policy, or are open to anybody without being listed: {string.Join(", ", lawless)}.");
    }

    /// <summary>Method and pattern, as in <c>GET /api/v1/images/{id}</c>.</summary>
    public static IEnumerable<string> Calls(RouteEndpoint route)
    {
        var path = "/" + route.RoutePattern.RawText?.Trim('/');
        var methods = route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"];
        return methods.Select(method => $"{method} {path}");
    }

    private static bool Holds(RouteEndpoint route)
    {
        if (route.Metadata.GetMetadata<IAllowAnonymous>() is not null) return Calls(route).All(ForAnybody.Contains);
        var named = route.Metadata.GetOrderedMetadata<IAuthorizeData>();
        return named.Count > 0 && named.All(data => data.Policy is { } policy && Policies.All.Contains(policy));
    }
}
