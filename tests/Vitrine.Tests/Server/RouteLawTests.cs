using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Vitrine.Server.Security;

namespace Vitrine.Tests.Server;

/// <summary>What keeps a server from starting.</summary>
public sealed class RouteLawTests
{
    [Fact]
    public void A_route_that_says_who_may_call_it_is_lawful() => RouteLaw.Check(
        [Route("GET", "/api/v1/things", new AuthorizeAttribute(Policies.Viewer)), Route("POST", "/api/v1/session", new AllowAnonymousAttribute())]);

    [Fact]
    public void One_that_says_nothing_is_not() => Refused("DELETE /api/v1/things", Route("DELETE", "/api/v1/things"));

    [Fact]
    public void One_with_a_policy_that_is_none_of_ours_is_not() =>
        Refused("GET /api/v1/things", Route("GET", "/api/v1/things", new AuthorizeAttribute("Everybody")));

    [Fact]
    public void One_that_only_asks_for_somebody_is_not() => Refused("GET /api/v1/things", Route("GET", "/api/v1/things", new AuthorizeAttribute()));

    [Fact]
    public void One_that_is_open_and_not_listed_is_not() =>
        Refused("POST /api/v1/health", Route("POST", "/api/v1/health", new AuthorizeAttribute(Policies.Viewer), new AllowAnonymousAttribute()));

    [Fact]
    public void To_look_at_no_route_is_no_look() => Assert.Throws<InvalidOperationException>(() => RouteLaw.Check([]));

    private static void Refused(string call, RouteEndpoint route) =>
        Assert.Contains(call, Assert.Throws<InvalidOperationException>(() => RouteLaw.Check([route])).Message, StringComparison.Ordinal);

    private static RouteEndpoint Route(string method, string pattern, params object[] metadata)
    {
        var builder = new RouteEndpointBuilder(_ => Task.CompletedTask, RoutePatternFactory.Parse(pattern), 0);
        builder.Metadata.Add(new HttpMethodMetadata([method]));
        foreach (var item in metadata) builder.Metadata.Add(item);
        return (RouteEndpoint)builder.Build();
    }
}
