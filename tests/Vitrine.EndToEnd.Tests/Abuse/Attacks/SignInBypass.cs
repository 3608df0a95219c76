namespace Vitrine.EndToEnd.Abuse.Attacks;

/// <summary>Getting at what needs a session without one, or at an Admin's with a lesser one.</summary>
internal static class SignInBypass
{
    private const string Status = "/api/v1/status";
    private const string NoSession = "401 unauthenticated";

    private static readonly (string Name, string Header)[] Claims =
    [
        ("an empty cookie", "Cookie: vitrine="),
        ("a made-up token", "Cookie: vitrine=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("SQL as a token", "Cookie: vitrine=' OR '1'='1"),
        ("a token longer than any", $"Cookie: vitrine={new string('A', 5000)}"),
        ("a token that is NUL by escape", "Cookie: vitrine=%00"),
        ("a good token under the HTTPS name", "Cookie: __Host-vitrine={admin}"),
        ("a good token behind a made-up one", "Cookie: vitrine=x; vitrine={admin}"),
        ("a good token and more", "Cookie: vitrine={admin}A"),
        ("a good token in Authorization", "Authorization: Bearer {admin}"),
        ("a password in Authorization", "Authorization: Basic YWRhOmNvcnJlY3QgaG9yc2UgYmF0dGVyeQ=="),
        ("a made-up key", "Authorization: Bearer vtr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("a made-up JWT without a signature", "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoiQWRtaW4ifQ."),
        ("the name of a proxy's user", "X-Forwarded-User: ada"),
        ("the name of a proxy's user, once more", "Remote-User: ada"),
        ("an address of this machine", "X-Forwarded-For: 127.0.0.1"),
        ("a client certificate by a header", "X-Client-Cert: MIIB"),
        ("a role by a header", "X-Role: Admin"),
    ];

    public static IEnumerable<Attack> All()
    {
        foreach (var (name, header) in Claims) yield return new(name, Ask.Get(Status, header), name == "a good token behind a made-up one" ? [NoSession, "200"] : [NoSession]);
        yield return new("a token in the query", Ask.Get(Status + "?vitrine={admin}&token={admin}&access_token={admin}"), NoSession);
        yield return new("the owner's socket by its host", "GET /api/v1/status HTTP/1.1\r\nHost: vitrine\r\nConnection: close\r\n\r\n", NoSession);
        yield return new("another path in X-Original-URL", Ask.Get("/health/live", "X-Original-URL: /api/v1/users", "X-Rewrite-URL: /api/v1/users"), "200");
        yield return new("set-up once more", Ask.Post("/api/v1/set-up", """{"token": "", "name": "eve", "password": "correct horse battery"}"""), "403 forbidden");
        yield return new("set-up once more, with a token", Ask.Post("/api/v1/set-up", """{"token": "AAAAAAAAAAAAAAAAAAAAAA", "name": "eve", "password": "correct horse battery"}"""), "403 forbidden");
        yield return new("a user by nobody", Ask.Post("/api/v1/users", """{"name": "eve", "password": "correct horse battery", "role": "Admin"}"""), NoSession);
        yield return new("a user by a Viewer", Ask.Post("/api/v1/users", """{"name": "eve", "password": "correct horse battery", "role": "Admin"}""", Ask.Viewer), "403 forbidden");
        yield return new("a user by a CacheManager", Ask.Post("/api/v1/users", """{"name": "eve", "password": "correct horse battery", "role": "Admin"}""", Ask.Manager), "403 forbidden");
        yield return new("a role given at sign-in", Ask.Post("/api/v1/session", """{"name": "vera", "password": "wrong wrong wrong", "role": "Admin"}"""), "401 unauthenticated");
        foreach (var (what, target) in new[] { ("library", "libraries/{library}"), ("collection", "collections/{collection}"), ("image", "images/{image}"), ("picture", "images/{image}/thumbnail"), ("original", "images/{image}/original"), ("neighbours", "images/{image}/neighbours") })
        {
            yield return new($"a {what} without a session", Ask.Get($"/api/v1/{target}"), NoSession);
            yield return new($"a {what} without a grant", Ask.Get($"/api/v1/{target}", Ask.Viewer), "404 not-found", "403 forbidden");
        }
        yield return new("pictures of others in a list of ids", Ask.Post("/api/v1/images/thumbnails", """{"ids": ["{image}"]}""", Ask.Viewer), "200");
    }
}
