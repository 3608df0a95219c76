using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd.Abuse;

/// <summary>A link that was shared, and what somebody who has it tries besides.</summary>
[Collection(nameof(AbusedServer))]
public sealed class ShareTests(AbusedServer server, ITestOutputHelper output)
{
    [Fact]
    public async Task ALinkShowsItsCollectionAndNothingElse()
    {
        const string kind = "links that were shared";
        const string shared = "/api/v1/shared";
        var made = await server.SendAsync(Ask.Post("/api/v1/shares", """{"collectionId": "{collection}"}""", Ask.Admin));
        Assert.True(made.Status == 201, made.Raw);
        var link = Json.Parse(made.Body);
        var (id, token) = (link["share"]["id"].Text, link["token"].Text);
        var visit = $"X-Vitrine-Share: {token}";
        await server.TryAsync(kind, [
            new("the link itself", Ask.Get(shared, visit), "200"),
            new("no token", Ask.Get(shared), "404 not-found"),
            new("a made-up token", Ask.Get(shared, "X-Vitrine-Share: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "404 not-found"),
            new("a token cut by one character", Ask.Get(shared, visit[..^1]), "404 not-found"),
            new("a token longer than any", Ask.Get(shared, $"{visit}{new string('A', 5000)}"), "404 not-found"),
            new("a token in the query", Ask.Get($"{shared}?token={token}&X-Vitrine-Share={token}"), "404 not-found"),
            new("its token as a session", Ask.Get("/api/v1/session", $"Cookie: vitrine={token}"), "401 unauthenticated"),
            new("its token as a key", Ask.Get("/api/v1/session", $"Authorization: Bearer vtr_{token}"), "401 unauthenticated"),
            new("an image of another collection", Ask.Get($"{shared}/images/{{broken}}/thumbnail", visit), "404 not-found"),
            new("an original", Ask.Get($"{shared}/images/{{image}}/original", visit), "404 not-found"),
            new("a preset by a path", Ask.Get($"{shared}/images/{{image}}/..%2f..%2foriginal", visit), "404 not-found", "400"),
            new("the API beside it", Ask.Get("/api/v1/collections/{collection}", visit), "401 unauthenticated"),
            new("a link by a Viewer without a grant", Ask.Post("/api/v1/shares", """{"collectionId": "{collection}"}""", Ask.Viewer), "404 not-found", "403 forbidden"),
            new("a link without an end", Ask.Post("/api/v1/shares", """{"collectionId": "{collection}", "days": 2147483647}""", Ask.Admin), "400 bad-request"),
            new("somebody else's link taken away", Ask.Bare("DELETE", $"/api/v1/shares/{id}", Ask.Header, Ask.Viewer), "404 not-found", "403 forbidden"),
            new("taking the link away", Ask.Bare("DELETE", $"/api/v1/shares/{id}", Ask.Header, Ask.Admin), "204"),
            new("the link after that", Ask.Get(shared, visit), "404 not-found"),
            new("sign-in at a provider that is not set", Ask.Get("/api/v1/oidc/start?returnUrl=//evil.test"), "404 not-found"),
            new("an answer of a provider that is not set", Ask.Get("/api/v1/oidc/callback?code=x&state=y&iss=http://evil.test"), "404 not-found"),
        ], output);
    }
}
