namespace Vitrine.EndToEnd.Abuse.Attacks;

/// <summary>Headers that end early, come twice or say what only the server may say.</summary>
internal static class Headers
{
    private static readonly string[] NoHttp = ["400"];
    private static readonly string[] Harmless = ["200", "400", "400 bad-request"];

    public static IEnumerable<Attack> All()
    {
        const string start = "GET /health/live HTTP/1.1\r\n";
        const string end = "Connection: close\r\n\r\n";
        yield return new("no Host", start + end, NoHttp);
        yield return new("two Hosts", start + "Host: {host}\r\nHost: evil.test\r\n" + end, NoHttp);
        yield return new("a Host with a path", start + "Host: {host}/evil\r\n" + end, NoHttp);
        yield return new("a Host with a user", start + "Host: a@{host}\r\n" + end, NoHttp);
        yield return new("a folded header", start + "Host: {host}\r\nX-A: 1\r\n X-B: 2\r\n" + end, NoHttp);
        yield return new("a space before the colon", start + "Host : {host}\r\n" + end, NoHttp);
        yield return new("a header without a name", start + "Host: {host}\r\n: 1\r\n" + end, NoHttp);
        yield return new("a NUL in a header", start + "Host: {host}\r\nX-A: 1\0Set-Cookie: a=b\r\n" + end, NoHttp);
        yield return new("a CR alone in a header", start + "Host: {host}\r\nX-A: 1\rSet-Cookie: a=b\r\n" + end, NoHttp);
        yield return new("an LF alone in a header", start + "Host: {host}\r\nX-A: 1\nX-B: 2\r\n" + end, Harmless);
        yield return new("a header in a request line", "GET /health/live\r\nX-A: 1 HTTP/1.1\r\nHost: {host}\r\n" + end, NoHttp);
        yield return new("a version of the future", "GET /health/live HTTP/9.9\r\nHost: {host}\r\n" + end, "505", "400");
        yield return new("no version", "GET /health/live\r\n\r\n", NoHttp);
        yield return new("another protocol", "SSH-2.0-OpenSSH_9.0\r\n\r\n", NoHttp);
        yield return new("TLS on a plain port", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n", "400", "closed");
        yield return new("an upgrade to HTTP/2", Ask.Get("/health/live", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"), "200");
        yield return new("an upgrade to a socket", Ask.Get("/api/v1/cache/processing-jobs/stream", "Upgrade: websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"), "401 unauthenticated");

        yield return new("a cookie by an escape in the query", Ask.Get("/api/v1/collections?search=%0d%0aSet-Cookie:%20stolen=1", Ask.Admin), "200");
        yield return new("a header by an escape in the path", Ask.Get("/api/v1/nothing%0d%0aSet-Cookie:%20stolen=1"), "404 not-found", "400");
        yield return new("a header by an escape in a version", Ask.Get("/api/v1/images/{image}/thumbnail?v=%0d%0aX-Evil:%201", Ask.Admin), "200");
        yield return new("another Host in an answer", "GET /api/v1/libraries/{library} HTTP/1.1\r\nHost: evil.test\r\n" + Ask.Admin + "\r\n" + end, "200");
        yield return new("another Host from a proxy that is none", Ask.Get("/api/v1/session", "X-Forwarded-Host: evil.test", "X-Forwarded-Proto: https", "X-Forwarded-Prefix: /evil", Ask.Viewer), "200");
        yield return new("a key of a job with an escape", Ask.Post("/api/v1/libraries/{library}/scan", "", "Idempotency-Key: a b\t", Ask.Admin), "400 bad-request");
        yield return new("a key of a job beyond ASCII", Ask.Post("/api/v1/libraries/{library}/scan", "", "Idempotency-Key: \u00e9\u202e", Ask.Admin), "400 bad-request", "400");

        foreach (var (name, value) in Validators())
            yield return new(name, Ask.Get("/api/v1/images/{image}/thumbnail", value, Ask.Admin), "200", "206", "304", "400 bad-request", "412 conflict", "416 bad-request");
    }

    private static IEnumerable<(string Name, string Header)> Validators()
    {
        foreach (var range in new[] { "bytes=0-0,1-1,2-2", "bytes=-1", "bytes=-0", "bytes=5-2", "bytes=0-", "bytes=99999999999999999999-", "bytes=0-18446744073709551615", "lines=1-2", "bytes=", "bytes=a-b", "bytes=" + string.Join(',', Enumerable.Range(0, 1000).Select(i => $"{i}-{i}")) })
            yield return ($"Range: {(range.Length > 40 ? "a thousand ranges" : range)}", $"Range: {range}");
        foreach (var tag in new[] { "*", "\"", "\"\"", "W/\"x\"", "\"a\", \"b\"", "\"a\",,,", new string('"', 2000), "W/*", "no-tag" })
        {
            var shown = tag.Length > 40 ? "2,000 quotes" : tag;
            yield return ($"If-None-Match: {shown}", $"If-None-Match: {tag}");
            yield return ($"If-Match: {shown}", $"If-Match: {tag}");
            yield return ($"If-Range: {shown}", $"If-Range: {tag}\r\nRange: bytes=0-1");
        }
        foreach (var date in new[] { "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday", "-1" }) yield return ($"If-Modified-Since: {date}", $"If-Modified-Since: {date}");
    }
}
