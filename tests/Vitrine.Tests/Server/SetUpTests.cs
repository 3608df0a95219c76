using System.Net;
using System.Text.Json;

namespace Vitrine.Tests.Server;

/// <summary>The first start, from nothing to an Admin who is signed in.</summary>
public sealed class SetUpTests : IAsyncLifetime
{
    private readonly TestServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string TokenFile => Path.Combine(_server.Owner.Data.Path, "setup-token");

    [Fact]
    public async Task Before_there_is_an_Admin_only_set_up_and_health_answer()
    {
        Assert.Equal(HttpStatusCode.OK, (await _server.Anonymous.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _server.Anonymous.GetAsync("/health/ready")).StatusCode);
        Assert.True((await Answers.JsonAsync(await _server.Anonymous.GetAsync("/api/v1/set-up"))).GetProperty("needed").GetBoolean());
        foreach (var path in new[] { "/api/v1/session", "/api/v1/libraries", "/api/v1/images/1/thumbnail", "/api/v1/openapi.json", "/api/reference/" })
            await Answers.IsProblemAsync(await _server.Anonymous.GetAsync(path), HttpStatusCode.ServiceUnavailable, "set-up-needed");
        Assert.Equal(HttpStatusCode.OK, (await _server.Socket.GetAsync("/api/v1/libraries")).StatusCode);
    }

    [Fact]
    public async Task The_token_works_once_and_is_its_owners_alone()
    {
        Assert.Equal(_server.SetUpToken, (await File.ReadAllTextAsync(TokenFile)).Trim());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(TokenFile));
        await Answers.IsProblemAsync(await SetUpAsync("wrong", "ada"), HttpStatusCode.Forbidden, "forbidden");
        await Answers.IsProblemAsync(await SetUpAsync(_server.SetUpToken!, "ada", "short"), HttpStatusCode.BadRequest, "bad-request");

        var made = await SetUpAsync(_server.SetUpToken!, "ada");
        Assert.Equal("Admin", (await Answers.JsonAsync(made)).GetProperty("role").GetString());
        Assert.False(File.Exists(TokenFile));
        await Answers.IsProblemAsync(await SetUpAsync(_server.SetUpToken!, "eve"), HttpStatusCode.Forbidden, "forbidden");

        var signedIn = _server.Client(made.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        Assert.Equal("ada", (await Answers.JsonAsync(await signedIn.GetAsync("/api/v1/session"))).GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_cookie_is_for_this_host_and_not_for_scripts_and_ends_with_the_session()
    {
        var made = await SetUpAsync(_server.SetUpToken!, "ada");
        var cookie = made.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("vitrine=", cookie, StringComparison.Ordinal);
        foreach (var flag in new[] { "httponly", "samesite=lax", "path=/", "max-age=2592000" }) Assert.Contains(flag, cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(43, cookie.Split(';')[0]["vitrine=".Length..].Length);

        var client = _server.Client(cookie.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/session")).StatusCode);
        var ended = await client.DeleteAsync("/api/v1/session");
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Contains("expires=Thu, 01 Jan 1970", ended.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        await Answers.IsProblemAsync(await client.GetAsync("/api/v1/session"), HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_secret_is_in_no_answer_and_no_token_is_stored_as_it_is()
    {
        var made = await SetUpAsync(_server.SetUpToken!, "ada");
        var token = made.Headers.GetValues("Set-Cookie").Single().Split(';')[0]["vitrine=".Length..];
        Assert.DoesNotContain(token, await made.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_server.Owner.Data.Path, "vitrine.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(token, await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    private Task<HttpResponseMessage> SetUpAsync(string token, string name, string password = TestServer.Password) =>
        _server.Anonymous.PostAsync("/api/v1/set-up", Answers.Body(JsonSerializer.Serialize(new { token, name, password })));
}
