namespace Vitrine.EndToEnd.Abuse.Attacks;

/// <summary>Addresses and special files in every field that takes a path: nothing is fetched, and nothing is told to one who may not ask.</summary>
internal static class HostileFields
{
    private static readonly string[] Values =
    [
        "http://169.254.169.254/latest/meta-data/", "http://{host}/api/v1/status", "https://evil.test/a", "ftp://evil.test/a", "file:///etc", "gopher://evil.test:6379/_FLUSHALL", "\\\\\\\\evil.test\\\\share", "jar:file:///etc!/",
        "../../etc", "./", "", " ", "~", "~root", "$HOME", "%2fetc", "a\\u0000b", "/etc\\u0000.jpg", "/etc/passwd", "/dev/zero", "/proc/self/environ", "/proc/self/root/etc/passwd", "|id", "$(id)", "`id`", "\\ud83d", "C:\\\\Windows",
    ];

    private static readonly string[] Refused = ["400 path-refused", "400 bad-request", "409 conflict", "400 not-a-folder", "400 missing", "400 relative", "400 bad-path", "400 not-absolute"];

    public static IEnumerable<Attack> All()
    {
        foreach (var value in Values)
        {
            yield return new($"a library at {value}", Ask.Post("/api/v1/libraries", $$"""{"root": "{{value}}"}""", Ask.Admin), Refused);
            yield return new($"a library moved to {value}", Ask.Patch("/api/v1/libraries/{library}", $$"""{"root": "{{value}}", "force": true}""", Ask.Admin), Refused);
            yield return new($"a cache folder at {value}", Ask.Post("/api/v1/cache/folders", $$"""{"path": "{{value}}"}""", Ask.Admin), Refused);
        }
        foreach (var (who, cookie) in new[] { ("a Viewer", Ask.Viewer), ("a CacheManager", Ask.Manager) })
        {
            yield return new($"a library by {who}", Ask.Post("/api/v1/libraries", """{"root": "/etc"}""", cookie), "403 forbidden");
            yield return new($"a library that is known, by {who}", Ask.Post("/api/v1/libraries", """{"root": "{root}"}""", cookie), "403 forbidden");
            yield return new($"a cache folder in a library, by {who}", Ask.Post("/api/v1/cache/folders", """{"path": "{root}/x"}""", cookie), "403 forbidden", "400 inside-library");
        }
    }
}
