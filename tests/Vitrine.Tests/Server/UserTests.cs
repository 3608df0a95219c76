using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;
using Vitrine.Server.Users;

namespace Vitrine.Tests.Server;

/// <summary>Users, sessions and keys over the API.</summary>
public sealed class UserTests : IAsyncLifetime
{
    private readonly SignedInServer _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_user_is_added_listed_changed_and_removed()
    {
        using var response = await _server.Admin.PostAsync(AccessSteps.Users, Answers.Body("""{"name": "eve", "password": "correct horse battery", "mayDownload": true}"""), Cancellation);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var added = await Answers.JsonAsync(response);
        var path = $"{AccessSteps.Users}/{added.GetProperty("id").GetString()}";
        Assert.Equal($"{path}", response.Headers.Location?.OriginalString);
        Assert.Equal(("eve", "Viewer", true), (added.GetProperty("name").GetString(), added.GetProperty("role").GetString(), added.GetProperty("mayDownload").GetBoolean()));

        var first = await Answers.JsonAsync(await _server.Admin.GetAsync($"{AccessSteps.Users}?limit=3", Cancellation));
        var second = await Answers.JsonAsync(await _server.Admin.GetAsync($"{AccessSteps.Users}?limit=3&cursor={first.GetProperty("next").GetString()}", Cancellation));
        Assert.Equal(["ada", "carl", "vera", "eve"], new[] { first, second }.SelectMany(page => page.GetProperty("items").EnumerateArray()).Select(user => user.GetProperty("name").GetString()));

        var changed = await Answers.JsonAsync(await _server.Admin.PatchAsync(path, Answers.Body("""{"role": "CacheManager", "disabled": true}"""), Cancellation));
        Assert.Equal(("CacheManager", true, true), (changed.GetProperty("role").GetString(), changed.GetProperty("disabled").GetBoolean(), changed.GetProperty("mayDownload").GetBoolean()));
        using var removed = await _server.Admin.DeleteAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await Answers.IsProblemAsync(await _server.Admin.GetAsync(path, Cancellation), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_change_that_cannot_be_is_refused()
    {
        var path = $"{AccessSteps.Users}/{await _server.UserIdAsync("ada")}";
        (string Body, int Status, string Code)[] refused =
        [
            ("""{"grant": ["4711"]}""", 404, "not-found"), ("""{"password": "short"}""", 400, "bad-request"), ("""{"role": "King"}""", 400, "bad-request"),
            ("""{"role": "Viewer"}""", 409, "conflict"), ("""{"disabled": true}""", 409, "conflict"),
        ];
        foreach (var (body, status, code) in refused)
            await Answers.IsProblemAsync(await _server.Admin.PatchAsync(path, Answers.Body(body), Cancellation), (HttpStatusCode)status, code);
    }

    [Fact]
    public async Task The_last_admin_cannot_be_removed_and_a_name_is_taken_once()
    {
        await Answers.IsProblemAsync(await _server.Admin.DeleteAsync($"{AccessSteps.Users}/{await _server.UserIdAsync("ada")}", Cancellation), HttpStatusCode.Conflict, "conflict");
        await Answers.IsProblemAsync(
            await _server.Admin.PostAsync(AccessSteps.Users, Answers.Body("""{"name": "ADA", "password": "correct horse battery"}"""), Cancellation), HttpStatusCode.Conflict, "conflict");
        await Answers.IsProblemAsync(
            await _server.Admin.PostAsync(AccessSteps.Users, Answers.Body("""{"name": "eve", "password": "correct horse battery", "libraryIds": ["4711"]}"""), Cancellation), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_one_by_one_and_only_ones_own()
    {
        var elsewhere = await SignInAgainAsync("vera");
        var mine = await ItemsAsync(_server.Viewer, "/api/v1/sessions");
        Assert.Equal(2, mine.Count);
        Assert.Single(mine, session => session.GetProperty("current").GetBoolean());
        var other = mine.Single(session => !session.GetProperty("current").GetBoolean()).GetProperty("id").GetString();

        await Answers.IsProblemAsync(await _server.CacheManager.DeleteAsync($"/api/v1/sessions/{other}", Cancellation), HttpStatusCode.NotFound, "not-found");
        using (var ended = await _server.Viewer.DeleteAsync($"/api/v1/sessions/{other}", Cancellation)) Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        await Answers.IsProblemAsync(await elsewhere.GetAsync("/api/v1/session", Cancellation), HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Single(await ItemsAsync(_server.Viewer, "/api/v1/sessions"));

        var again = await SignInAgainAsync("vera");
        Assert.Equal(1, (await Answers.JsonAsync(await _server.Viewer.DeleteAsync("/api/v1/sessions", Cancellation))).GetProperty("count").GetInt32());
        await Answers.IsProblemAsync(await again.GetAsync("/api/v1/session", Cancellation), HttpStatusCode.Unauthorized, "unauthenticated");
        var user = await _server.UserIdAsync("vera");
        Assert.Equal(1, (await Answers.JsonAsync(await _server.Admin.DeleteAsync($"{AccessSteps.Users}/{user}/sessions", Cancellation))).GetProperty("count").GetInt32());
        await Answers.IsProblemAsync(await _server.Viewer.GetAsync("/api/v1/session", Cancellation), HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_new_password_ends_the_other_sessions_and_this_one_goes_on_as_a_new_one()
    {
        var elsewhere = await SignInAgainAsync("vera");
        const string Route = "/api/v1/session/password";
        await Answers.IsProblemAsync(
            await _server.Viewer.PutAsync(Route, Answers.Body("""{"password": "not the password", "newPassword": "another correct horse"}"""), Cancellation), HttpStatusCode.Unauthorized, "wrong-password");
        using var changed = await _server.Viewer.PutAsync(Route, Answers.Body($$"""{"password": "{{TestServer.Password}}", "newPassword": "another correct horse"}"""), Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        foreach (var old in new[] { elsewhere, _server.Viewer })
            await Answers.IsProblemAsync(await old.GetAsync("/api/v1/session", Cancellation), HttpStatusCode.Unauthorized, "unauthenticated");
        var fresh = _server.Client(changed.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        using var mine = await fresh.GetAsync("/api/v1/session", Cancellation);
        Assert.Equal(HttpStatusCode.OK, mine.StatusCode);
    }

    [Fact]
    public async Task A_key_is_said_once_counts_before_the_cookie_and_is_over_when_it_is_revoked()
    {
        var made = await Answers.JsonAsync(await _server.Admin.PostAsync("/api/v1/keys", Answers.Body("""{"name": "script", "scopes": ["view", "jobs"], "days": 1}"""), Cancellation));
        var (id, token) = (made.GetProperty("key").GetProperty("id").GetString(), made.GetProperty("token").GetString()!);
        Assert.StartsWith("vtr_", token, StringComparison.Ordinal);
        Assert.DoesNotContain(token, await _server.Admin.GetStringAsync("/api/v1/keys", Cancellation), StringComparison.Ordinal);

        var client = _server.BearerClient(token);
        client.DefaultRequestHeaders.Add("Cookie", _server.Admin.DefaultRequestHeaders.GetValues("Cookie").Single());
        var mine = await Answers.JsonAsync(await client.GetAsync("/api/v1/session", Cancellation));
        Assert.Equal(["view", "jobs"], mine.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        await Answers.IsProblemAsync(await client.GetAsync(AccessSteps.Users, Cancellation), HttpStatusCode.Forbidden, "forbidden");

        // As a cookie it is nobody's, and a wrong one is not helped by a good cookie.
        await Answers.IsProblemAsync(await _server.Client($"vitrine={token}").GetAsync("/api/v1/session", Cancellation), HttpStatusCode.Unauthorized, "unauthenticated");
        using (var revoked = await _server.Admin.DeleteAsync($"/api/v1/keys/{id}", Cancellation)) Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        await Answers.IsProblemAsync(await client.GetAsync("/api/v1/session", Cancellation), HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_key_for_more_than_its_user_may_or_for_nothing_is_refused()
    {
        string[] refused =
        [
            """{"name": "k", "scopes": ["view", "jobs"]}""", """{"name": "k", "scopes": []}""", """{"name": "", "scopes": ["view"]}""",
            """{"name": "k", "scopes": ["view"], "days": 0}""", """{"name": "k", "scopes": ["root"]}""",
        ];
        foreach (var body in refused)
            await Answers.IsProblemAsync(await _server.Viewer.PostAsync("/api/v1/keys", Answers.Body(body), Cancellation), HttpStatusCode.BadRequest, "bad-request");
    }

    /// <summary>Neither the answer nor the work tells whether there is such a user, or whether the account is locked.</summary>
    [Fact]
    public async Task Unknown_wrong_and_locked_are_one_answer_and_one_hash()
    {
        var passwords = _server.Services.GetRequiredService<Passwords>();
        for (var attempt = 0; attempt < 5; attempt++) await TryAsync("carl", "wrong password");
        var answers = new List<string>();
        foreach (var (name, password) in new[] { ("nobody at all", "wrong password"), ("vera", "wrong password"), ("carl", "wrong password"), ("carl", TestServer.Password) })
        {
            var before = passwords.Checks;
            answers.Add(await TryAsync(name, password));
            Assert.Equal(before + 1, passwords.Checks);
        }
        Assert.StartsWith("401 ", Assert.Single(answers.Distinct()), StringComparison.Ordinal);
    }

    private async Task<string> TryAsync(string name, string password)
    {
        using var response = await _server.Anonymous.PostAsync("/api/v1/session", JsonContent.Create(new SignInRequest(name, password), ApiJson.Default.SignInRequest), Cancellation);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Cancellation)}";
    }

    private async Task<HttpClient> SignInAgainAsync(string name)
    {
        using var signedIn = await _server.Anonymous.PostAsync("/api/v1/session", JsonContent.Create(new SignInRequest(name, TestServer.Password), ApiJson.Default.SignInRequest), Cancellation);
        return _server.Client(signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
    }

    private static async Task<IReadOnlyList<JsonElement>> ItemsAsync(HttpClient client, string path) =>
        [.. (await Answers.JsonAsync(await client.GetAsync(path, Cancellation))).GetProperty("items").EnumerateArray()];
}
