namespace Vitrine.EndToEnd.Abuse.Attacks;

/// <summary>Other methods and other spellings of a route, so that one who routes and one who guards it read it differently.</summary>
internal static class VerbsAndCase
{
    private static readonly string[] Spellings =
    [
        "/API/V1/STATUS", "/api/v1/Status", "/api/v1/status/", "/api/v1/status//", "//api/v1/status", "/api//v1/status", "/api/v1/./status", "/api/v1/x/../status",
        "/health/live/../../api/v1/status", "/health/live/..%2f..%2fapi/v1/status", "/api/v1/status;.css", "/api/v1/status;a=b", "/api/v1/status.json", "/api/v1/status%20",
        "/api/v1/status%09", "/api/v1/status%0a", "/api/v1/status?", "/api/v1/status#", "/api/v1/%73tatus", "/%61pi/v1/status", "/api%2fv1%2fstatus", "/api/v1%2fstatus",
        "/api/v1\\status", "/api/v1/ſtatus", "/api/v1/%C5%BFtatus", "/api/v1/status%23", "/api/v1/status%3f", "/assets/../api/v1/status", "/index.html/../api/v1/status",
    ];

    private static readonly string[] Refused = ["401 unauthenticated", "404 not-found", "400", "400 bad-request", "200 page"];

    public static IEnumerable<Attack> All()
    {
        foreach (var spelling in Spellings) yield return new($"GET {spelling}", Ask.Get(spelling), Refused);
        yield return new("GET /api/v1/status%00", Ask.Get("/api/v1/status%00"), Refused);

        foreach (var method in new[] { "PUT", "DELETE", "POST", "PATCH", "HEAD", "OPTIONS", "TRACE", "TRACK", "PROPFIND", "MKCOL", "COPY", "SEARCH", "DEBUG", "FOO", "get" })
        {
            var hasNoBody = method == "HEAD";
            yield return new($"{method} where only GET is", Ask.Bare(method, "/api/v1/status", Ask.Header), hasNoBody ? ["405"] : ["405 bad-request", "400", method == "get" ? "401 unauthenticated" : "400"]);
        }
        yield return new("CONNECT", "CONNECT evil.test:443 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", "400", "404 not-found", "405 bad-request");
        yield return new("TRACE with a cookie is not echoed", Ask.Bare("TRACE", "/", "X-Secret: what-stands-outside-the-library"), "404 not-found", "405 bad-request", "400");
        yield return new("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", "404 not-found", "400");
        yield return new("DELETE by X-HTTP-Method-Override on GET", Ask.Get("/api/v1/session", "X-HTTP-Method-Override: DELETE", Ask.Viewer), "200");
        yield return new("the session is there still", Ask.Get("/api/v1/session", Ask.Viewer), "200");
        foreach (var header in new[] { "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override" })
            yield return new($"DELETE of a library by {header} on POST", Ask.Post("/api/v1/libraries/{library}", "{}", $"{header}: DELETE", Ask.Admin), "405 bad-request");
        yield return new("DELETE by _method in a form", Ask.Send("POST", "/api/v1/libraries/{library}?_method=DELETE", "_method=DELETE", Ask.Header, "Content-Type: application/x-www-form-urlencoded", Ask.Admin), "405 bad-request");
        yield return new("an unsafe method in lower case", Ask.Bare("delete", "/api/v1/libraries/{library}", Ask.Header, Ask.Viewer), "405 bad-request", "400", "403 forbidden");
        yield return new("the library is there still", Ask.Get("/api/v1/libraries/{library}", Ask.Admin), "200");
        foreach (var target in new[] { "http://evil.test/api/v1/status", "http://{host}/api/v1/status", "http://user@{host}/api/v1/status", "ftp://{host}/api/v1/status", "http:///api/v1/status", "api/v1/status", "evil.test:80", "\\api\\v1\\status" })
            yield return new($"the target {target}", Ask.Get(target), "401 unauthenticated", "400", "404 not-found", "405");
    }
}
