using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd.Abuse;

/// <summary>Keys, sessions and accounts of others, and more rights than one's own.</summary>
[Collection(nameof(AbusedServer))]
public sealed class KeyTests(AbusedServer server, ITestOutputHelper output)
{
    [Fact]
    public async Task AKeyIsWorthItsScopesAndNothingMore()
    {
        const string kind = "keys";
        var (id, key) = await KeyAsync("view");
        var bearer = $"Authorization: Bearer {key}";
        await server.TryAsync(kind, [
            new("the key itself", Ask.Get("/api/v1/session", bearer), "200"),
            new("an Admin's route with a key to view", Ask.Get("/api/v1/users", bearer), "403 forbidden"),
            new("an original with a key to view", Ask.Get("/api/v1/images/{image}/original", bearer), "403 forbidden"),
            new("a scan with a key to view", Ask.Bare("POST", "/api/v1/libraries/{library}/scan", bearer), "403 forbidden"),
            new("a key made with a key", Ask.Send("POST", "/api/v1/keys", """{"name": "x", "scopes": ["view"]}""", Ask.Json, bearer), "403 forbidden"),
            new("a password changed with a key", Ask.Send("PUT", "/api/v1/session/password", """{"password": "correct horse battery", "newPassword": "correct horse battery"}""", Ask.Json, bearer), "403 forbidden"),
            new("a key to view beside an Admin's cookie", Ask.Get("/api/v1/users", bearer, Ask.Admin), "403 forbidden"),
            new("a key in the cookie", Ask.Get("/api/v1/session", $"Cookie: vitrine={key}"), "401 unauthenticated"),
            new("a key in the query", Ask.Get($"/api/v1/session?key={key}&access_token={key}"), "401 unauthenticated"),
            new("a key cut by one character", Ask.Get("/api/v1/session", bearer[..^1]), "401 unauthenticated"),
            new("a key and one character more", Ask.Get("/api/v1/session", bearer + "A"), "401 unauthenticated"),
            new("a key in capitals", Ask.Get("/api/v1/session", bearer.ToUpperInvariant()), "401 unauthenticated"),
            new("two keys", Ask.Get("/api/v1/session", bearer, "Authorization: Bearer vtr_x"), "401 unauthenticated", "400"),
            new("the list of keys tells none", Ask.Get("/api/v1/keys", Ask.Admin), "200"),
            new("taking the key away", Ask.Bare("DELETE", $"/api/v1/keys/{id}", Ask.Header, Ask.Admin), "204"),
            new("the key after that", Ask.Get("/api/v1/session", bearer), "401 unauthenticated"),
        ], output);
        Assert.DoesNotContain(key, (await server.SendAsync(Ask.Get("/api/v1/keys", Ask.Admin))).Raw, StringComparison.Ordinal);
        Assert.DoesNotContain(key, (await server.SendAsync(Ask.Get("/api/v1/audit", Ask.Admin))).Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyGivesThemselvesMore()
    {
        const string kind = "more rights than one's own";
        var users = await server.Server.Api.AllAsync("users");
        var (viewer, admin) = (IdOf(users, "vera"), IdOf(users, "ada"));
        var sessions = await server.Server.Api.GetAsync($"users/{admin}/sessions");
        var (key, _) = await KeyAsync("view");
        await server.TryAsync(kind, [
            new("a role for oneself", Ask.Patch($"/api/v1/users/{viewer}", """{"role": "Admin"}""", Ask.Viewer), "403 forbidden"),
            new("a grant for oneself", Ask.Patch($"/api/v1/users/{viewer}", """{"grant": ["{library}"], "mayDownload": true}""", Ask.Viewer), "403 forbidden"),
            new("the same by a CacheManager", Ask.Patch($"/api/v1/users/{viewer}", """{"grant": ["{library}"]}""", Ask.Manager), "403 forbidden"),
            new("an Admin's password", Ask.Patch($"/api/v1/users/{admin}", """{"password": "correct horse battery"}""", Ask.Viewer), "403 forbidden"),
            new("a key with an Admin's scope, by a Viewer", Ask.Post("/api/v1/keys", """{"name": "x", "scopes": ["admin"]}""", Ask.Viewer), "400 bad-request", "403 forbidden"),
            new("a key with a scope that is none", Ask.Post("/api/v1/keys", """{"name": "x", "scopes": ["root"]}""", Ask.Viewer), "400 bad-request"),
            new("a key with a scope by its number", Ask.Post("/api/v1/keys", """{"name": "x", "scopes": [15]}""", Ask.Viewer), "400 bad-request"),
            new("a key without an end", Ask.Post("/api/v1/keys", """{"name": "x", "scopes": ["view"], "days": 2147483647}""", Ask.Viewer), "400 bad-request"),
            new("a key without a name", Ask.Post("/api/v1/keys", """{"name": "", "scopes": ["view"]}""", Ask.Viewer), "400 bad-request"),
            new("a key without a scope", Ask.Post("/api/v1/keys", """{"name": "x", "scopes": []}""", Ask.Viewer), "400 bad-request"),
            new("a key that is over", Ask.Post("/api/v1/keys", """{"name": "x", "scopes": ["view"], "days": 0}""", Ask.Viewer), "400 bad-request"),
            new("a key for an Admin, by a Viewer", Ask.Post($"/api/v1/users/{admin}/keys", """{"name": "x", "scopes": ["view"]}""", Ask.Viewer), "403 forbidden"),
            new("ending an Admin's session", Ask.Bare("DELETE", $"/api/v1/sessions/{sessions["items"].Items[0]["id"]}", Ask.Header, Ask.Viewer), "404 not-found"),
            new("taking an Admin's key away", Ask.Bare("DELETE", $"/api/v1/keys/{key}", Ask.Header, Ask.Viewer), "404 not-found"),
            new("a password without the present one", Ask.Send("PUT", "/api/v1/session/password", """{"newPassword": "correct horse battery"}""", Ask.Header, Ask.Json, Ask.Viewer), "400 bad-request"),
            new("the audit by a CacheManager", Ask.Get("/api/v1/audit", Ask.Manager), "403 forbidden"),
            new("the last Admin removed", Ask.Bare("DELETE", $"/api/v1/users/{admin}", Ask.Header, Ask.Admin), "409 conflict", "409 last-admin"),
            new("the Admin is there still", Ask.Get("/api/v1/session", Ask.Admin), "200"),
        ], output);
    }

    private static string IdOf(List<Json> users, string name) => users.Single(user => user["name"].Text == name)["id"].Text;

    /// <summary>A key of the Admin.</summary>
    private async Task<(string Id, string Token)> KeyAsync(string scope)
    {
        var answer = await server.SendAsync(Ask.Post("/api/v1/keys", $$"""{"name": "abuse", "scopes": ["{{scope}}"]}""", Ask.Admin));
        Assert.True(answer.Status == 200, answer.Raw);
        var made = Json.Parse(answer.Body);
        return (made["key"]["id"].Text, made["token"].Text);
    }
}
