namespace Vitrine.EndToEnd.Abuse.Attacks;

/// <summary>Ways out of the page's files and of the names that routes take.</summary>
internal static class Traversal
{
    private static readonly string[] Ways =
    [
        "../../../../../../../../etc/passwd", "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "%252e%252e%252f%252e%252e%252fetc%252fpasswd",
        "..%5c..%5c..%5cetc%5cpasswd", "..\\..\\..\\etc\\passwd", "....//....//etc/passwd", "..;/..;/etc/passwd", "..%c0%af..%c0%afetc/passwd", "%c0%ae%c0%ae/etc/passwd",
        "..%00/etc/passwd", "%00", "file.js%00.png", "..%ef%bc%8f..%ef%bc%8fetc/passwd", ".", "..", "%2e", "%2e%2e", "/etc/passwd", "//etc/passwd", "\\\\evil.test\\share",
        "C:\\windows\\win.ini", "vitrine.dll", "vitrine.db", "vitrine.json", ".git/config", "appsettings.json", "wwwroot/index.html", "decoder/Vitrine.Decoder.dll",
    ];

    private static readonly string[] Refused = ["404 not-found", "400", "400 bad-request", "401 unauthenticated", "200 page"];

    public static IEnumerable<Attack> All()
    {
        foreach (var way in Ways)
        {
            yield return new($"/{way}", Ask.Get("/" + way), Refused);
            yield return new($"/assets/{way}", Ask.Get("/assets/" + way), Refused);
            yield return new($"/api/v1/images/1/{way}", Ask.Get($"/api/v1/images/{{image}}/{way}", Ask.Admin), "404 not-found", "400", "400 bad-request", "405 bad-request", "401 unauthenticated", "200 page", way is "." or "%2e" or "%2e%2e" or ".." ? "200" : "400");
        }
        foreach (var id in new[] { "..", "%2e%2e", "1%2f..%2f2", "1%00", "0x1", "1e0", "１", "1.0", "-1", "1;2", "1,2", "18446744073709551617", new string('9', 400) })
            yield return new($"the id {(id.Length > 30 ? "of 400 digits" : id)}", Ask.Get($"/api/v1/images/{id}/thumbnail", Ask.Admin), "400 bad-request", "404 not-found", "400");
        foreach (var name in new[] { "../x", "..", "a/b", "a\\\\b", "/etc", "a\\u0000b", "", " ", "a\\u202eb" })
            yield return new($"a preset named {name}", Ask.Post("/api/v1/cache/presets", $$"""{"name": "{{name}}", "quality": 80, "maxEdge": 100}""", Ask.Admin), "400 bad-request", "400 bad-name", "400 bad-preset");
        yield return new("a preset taken away by a path", Ask.Bare("DELETE", "/api/v1/cache/presets/..%2f..%2fx", Ask.Header, Ask.Admin), "404 not-found", "400 bad-request");
    }
}
