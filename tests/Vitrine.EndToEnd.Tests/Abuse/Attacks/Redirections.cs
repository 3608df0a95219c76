namespace Vitrine.EndToEnd.Abuse.Attacks;

/// <summary>Ways to be sent elsewhere by this server's name. It never sends anybody anywhere.</summary>
internal static class Redirections
{
    private static readonly string[] Targets =
    [
        "//evil.test", "///evil.test", "/\\evil.test", "/%2f%2fevil.test", "/%5cevil.test", "//evil.test/%2e%2e", "/http://evil.test", "/login?returnUrl=http://evil.test", "/?next=//evil.test",
        "/setup?redirect_uri=http://evil.test", "/assets", "/api", "/api/v1", "/health", "/api/v1/session/?next=http://evil.test", "/.well-known/openid-configuration", "/signin-oidc?state=x",
    ];

    public static IEnumerable<Attack> All()
    {
        foreach (var target in Targets) yield return new($"GET {target}", Ask.Get(target, "Referer: http://evil.test/"), "200 page", "404 not-found", "401 unauthenticated", "400", "405 bad-request");
        yield return new("signing in with a way back", Ask.Post("/api/v1/session?returnUrl=http://evil.test", """{"name": "vera", "password": "correct horse battery"}"""), "200");
    }
}
