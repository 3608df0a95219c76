using System.Net;
using Microsoft.AspNetCore.Authorization;

using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Vitrine.Server.Security;

namespace Vitrine.Tests.Server;

/// <summary>Every route there is, whoever adds it: who may call it is said, and holds.</summary>
public sealed class RouteTests(SignedInServer server) : IClassFixture<SignedInServer>
{
    private static readonly HashSet<string> ForAnybody =
        ["GET /health/live", "GET /health/ready", "GET /api/v1/set-up", "POST /api/v1/set-up", "POST /api/v1/session",
         "GET /api/v1/sign-in", "GET /api/v1/oidc/start", "GET /api/v1/oidc/callback", "GET /api/v1/shared", "GET /api/v1/shared/images",
         "GET /api/v1/shared/images/1/thumbnail", "HEAD /api/v1/shared/images/1/thumbnail"];

    private static readonly string[] Policy = [Policies.Viewer, Policies.Download, Policies.CacheManager, Policies.Admin, Policies.Person];

    [Fact]
    public void Every_route_names_who_may_call_it()
    {
        Assert.True(server.Routes.Count > 30, "The routes were not found.");
        foreach (var route in server.Routes)
        {
            if (IsOpen(route)) Assert.All(Calls(route), call => Assert.Contains(call, ForAnybody));
            else Assert.Contains(route.Metadata.GetOrderedMetadata<IAuthorizeData>(), data => Policy.Contains(data.Policy));
        }
    }

    [Fact]
    public async Task Without_a_session_a_route_answers_401()
    {
        foreach (var route in server.Routes.Where(route => !IsOpen(route)))
        {
            foreach (var call in Calls(route)) await RefusedAsync(server.Anonymous, call, HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Fact]
    public async Task What_a_role_may_not_do_answers_403()
    {
        foreach (var route in server.Routes)
        {
            var policies = route.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).ToList();
            foreach (var call in Calls(route))
            {
                if (policies.Contains(Policies.Admin)) await RefusedAsync(server.CacheManager, call, HttpStatusCode.Forbidden, "forbidden");
                if (policies.Contains(Policies.Admin) || policies.Contains(Policies.CacheManager)) await RefusedAsync(server.Viewer, call, HttpStatusCode.Forbidden, "forbidden");
            }
        }
    }

    [Fact]
    public async Task What_changes_something_needs_the_header()
    {
        var cookie = server.Admin.DefaultRequestHeaders.GetValues("Cookie").Single();
        var client = server.Client(cookie, withHeader: false);
        foreach (var call in server.Routes.SelectMany(Calls).Where(call => !call.StartsWith("GET ", StringComparison.Ordinal) && !call.StartsWith("HEAD ", StringComparison.Ordinal)))
            await RefusedAsync(client, call, HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public void Every_route_that_changes_something_has_a_policy_or_is_a_way_in()
    {
        var open = server.Routes.Where(IsOpen).SelectMany(Calls).Where(call => !call.StartsWith("GET ", StringComparison.Ordinal) && !call.StartsWith("HEAD ", StringComparison.Ordinal));
        Assert.Equal(["POST /api/v1/session", "POST /api/v1/set-up"], open.Order());
    }

    private static async Task RefusedAsync(HttpClient client, string call, HttpStatusCode status, string code)
    {
        var (method, path) = (call.Split(' ')[0], call.Split(' ')[1]);
        using var request = new HttpRequestMessage(new(method), path);
        using var response = await client.SendAsync(request);
        if (method == "HEAD") Assert.Equal(status, response.StatusCode);
        else await Answers.IsProblemAsync(response, status, code);
    }

    private static bool IsOpen(RouteEndpoint route) => route.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static IEnumerable<string> Calls(RouteEndpoint route)
    {
        var path = string.Concat(route.RoutePattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(Text))));
        var methods = route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        return methods.Select(method => $"{method} {(path.Length == 0 ? "/" : path)}");
    }

    private static string Text(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart { Name: "preset" } => "thumbnail",
        RoutePatternParameterPart { Name: "documentName" } => "v1",
        RoutePatternParameterPart => "1",
        _ => "",
    };
}
