namespace Vitrine.EndToEnd.Abuse.Attacks;

/// <summary>What a page of another site gets a signed-in person's browser to send.</summary>
internal static class OtherSites
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string View = "/api/v1/view";
    private const string Body = """{"collections": [], "images": []}""";
    private static readonly string[] Foreign = ["403 cross-site"];
    private static readonly string[] NoHeader = ["403 forbidden"];

    public static IEnumerable<Attack> All()
    {
        yield return new("a form", Ask.Send("POST", View, "a=b", Form, Ask.Admin), [.. NoHeader, "415 bad-request"]);
        yield return new("a form of plain text that is JSON", Ask.Send("POST", View, Body, "Content-Type: text/plain", Ask.Admin), [.. NoHeader, "415 bad-request"]);
        yield return new("a script without the header", Ask.Send("POST", View, Body, Ask.Json, Ask.Admin), NoHeader);
        foreach (var value in new[] { "0", "true", "1, 1", "", " 1 1" }) yield return new($"the header with '{value}'", Ask.Send("POST", View, Body, Ask.Json, $"X-Vitrine: {value}", Ask.Admin), NoHeader);
        yield return new("the header twice", Ask.Send("POST", View, Body, Ask.Json, Ask.Header, Ask.Header, Ask.Admin), NoHeader);

        foreach (var origin in new[] { "http://evil.test", "null", "http://{host}.evil.test", "http://evil.test/{host}", "http://{host}@evil.test", "https://evil.test", "http://localhost", "http://127.0.0.1", "file://", "http://{host}, http://evil.test" })
            yield return new($"Origin: {origin}", Ask.Post(View, Body, $"Origin: {origin}", Ask.Admin), Foreign);
        yield return new("the Origin twice", Ask.Post(View, Body, "Origin: http://{host}", "Origin: http://evil.test", Ask.Admin), Foreign);
        foreach (var site in new[] { "cross-site", "same-site", "same-origin, cross-site", "x" })
            yield return new($"Sec-Fetch-Site: {site}", Ask.Post(View, Body, $"Sec-Fetch-Site: {site}", "Origin: http://{host}", Ask.Admin), Foreign);
        foreach (var (method, target) in new[] { ("DELETE", "/api/v1/libraries/{library}"), ("PATCH", "/api/v1/libraries/{library}"), ("PUT", "/api/v1/collections/{collection}/pin"), ("POST", "/api/v1/users"), ("POST", "/api/v1/session"), ("DELETE", "/api/v1/session"), ("POST", "/api/v1/set-up") })
            yield return new($"{method} {target.Split('/')[3]} from elsewhere", Ask.Send(method, target, "{}", Ask.Header, Ask.Json, "Origin: http://evil.test", Ask.Admin), Foreign);

        yield return new("a made-up key in place of the header", Ask.Send("POST", View, Body, Ask.Json, "Authorization: Bearer vtr_AAAA", Ask.Admin), "401 unauthenticated");
        yield return new("another Authorization in place of the header", Ask.Send("POST", View, Body, Ask.Json, "Authorization: Basic YTpi", Ask.Admin), NoHeader);
        yield return new("a preflight", Ask.Bare("OPTIONS", View, "Origin: http://evil.test", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: x-vitrine"), "405 bad-request");
        yield return new("reading from elsewhere", Ask.Get("/api/v1/session", "Origin: http://evil.test", "Sec-Fetch-Site: cross-site", Ask.Viewer), "200");
        yield return new("an act by GET", Ask.Get("/api/v1/libraries/{library}/scan", Ask.Admin), "405 bad-request");
        yield return new("the page itself may", Ask.Post(View, Body, "Origin: http://{host}", "Sec-Fetch-Site: same-origin", Ask.Admin), "204", "400 bad-request");
    }
}
