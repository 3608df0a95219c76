using System.Net;
using Vitrine.Server.Cli;
using Vitrine.Server.Hosting;

namespace Vitrine.Tests.Server;

/// <summary>Behind proxies, beneath a path, and asked by pages of other origins.</summary>
public sealed class NetworkTests
{
    private const string Origin = "https://photos.example.org";

    [Theory]
    [InlineData("", "")]
    [InlineData("/", "")]
    [InlineData("/pictures", "/pictures")]
    [InlineData("/a/b-c_1.d/", "/a/b-c_1.d")]
    [InlineData("pictures", null)]
    [InlineData("//host", null)]
    [InlineData("/a//b", null)]
    [InlineData("/..", null)]
    [InlineData("/a/./b", null)]
    [InlineData("/a\"><script>", null)]
    [InlineData("/a\n", null)]
    [InlineData("/%2e", null)]
    [InlineData("https://host/a", null)]
    public void A_base_path_is_of_plain_names(string setting, string? text) => Assert.Equal(text, BasePath.Of(setting)?.Text);

    [Theory]
    [InlineData("Network", "TrustedProxies", "10.0.0.0/8;proxy")]
    [InlineData("Network", "BasePath", "pictures")]
    [InlineData("Network", "CorsOrigins", "*")]
    [InlineData("Network", "CorsOrigins", "https://photos.example.org/")]
    [InlineData("Network", "AllowedNetworks", "10.0.0.0/33")]
    [InlineData("Oidc", "Authority", "https://id.example.org")]
    public async Task A_setting_that_cannot_be_ends_the_start_and_is_named(string section, string name, string value)
    {
        var settings = new Dictionary<string, object> { [section] = new Dictionary<string, string> { [name] = value } };
        var refusal = await Assert.ThrowsAsync<Refusal>(() => TunedServer.StartAsync(settings));
        Assert.Contains(section == "Oidc" ? "Oidc:ClientId" : $"{section}:{name}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beneath_a_path_the_page_the_api_and_the_cookie_say_so()
    {
        await using var server = await TunedServer.StartAsync(new { }, "<head><base href=\"/\" /></head>", "/my/pictures");
        var client = server.Client();
        foreach (var path in new[] { "/my/pictures", "/my/pictures/", "/my/pictures/collections/7", "/collections/7" })
            Assert.Equal("<head><base href=\"/my/pictures/\" /></head>", await client.GetStringAsync(path));
        Assert.Equal(["http://127.0.0.1/my/pictures"], server.Owner.Pages.Select(page => page.Replace($":{new Uri(page).Port}", "", StringComparison.Ordinal)));

        var cookie = await TunedServer.SignInAsync(client, "/my/pictures/api/v1/session");
        Assert.StartsWith("vitrine-my-pictures=", cookie, StringComparison.Ordinal);
        var signedIn = server.Client(("Cookie", cookie.Split(';')[0]));
        foreach (var path in new[] { "/my/pictures/api/v1/session", "/api/v1/session", "/my/pictures/health/live" })
            Assert.Equal(HttpStatusCode.OK, (await signedIn.GetAsync(path)).StatusCode);
        await Answers.IsProblemAsync(await client.GetAsync("/my/pictures/api/v1/session"), HttpStatusCode.Unauthorized, "unauthenticated");
        await Answers.IsProblemAsync(await client.GetAsync("/my/pictures/api/v1/nothing"), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task What_a_stranger_says_of_its_caller_is_not_believed()
    {
        await using var server = await TunedServer.StartAsync(new { Server = new { SignInsPerMinute = 3 }, Network = new { TrustedProxies = "10.0.0.1" } });
        // One attempt went to setting the server up.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var cookie = await TunedServer.SignInAsync(server.Client(("X-Forwarded-Proto", "https"), ("X-Forwarded-For", $"192.0.2.{attempt}")));
            Assert.StartsWith("vitrine=", cookie, StringComparison.Ordinal);
            Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        }
        var another = server.Client(("X-Forwarded-For", "192.0.2.99"));
        await Answers.IsProblemAsync(await another.PostAsync("/api/v1/session", Answers.Body("{\"name\":\"ada\",\"password\":\"x\"}")), HttpStatusCode.TooManyRequests, "rate-limited");
    }

    [Fact]
    public async Task A_trusted_proxy_says_that_the_caller_came_over_https_and_who_it_is()
    {
        await using var server = await TunedServer.StartAsync(new { Server = new { SignInsPerMinute = 1 }, Network = new { TrustedProxies = "10.9.0.0/16; 127.0.0.1" } });
        for (var caller = 1; caller < 4; caller++)
        {
            // What the caller itself sent stands first, and is not followed beyond the first that is no proxy.
            var client = server.Client(("X-Forwarded-Proto", "https"), ("X-Forwarded-For", $"203.0.113.1, 192.0.2.{caller}, 10.9.1.1"));
            var cookie = await TunedServer.SignInAsync(client);
            Assert.StartsWith("__Host-vitrine=", cookie, StringComparison.Ordinal);
            foreach (var flag in new[] { "secure", "httponly", "path=/", "samesite=lax" }) Assert.Contains(flag, cookie, StringComparison.OrdinalIgnoreCase);
            await Answers.IsProblemAsync(await client.PostAsync("/api/v1/session", Answers.Body("{\"name\":\"ada\",\"password\":\"x\"}")), HttpStatusCode.TooManyRequests, "rate-limited");
        }
    }

    [Fact]
    public async Task Pages_of_other_origins_may_call_only_where_the_settings_name_them()
    {
        await using var closed = await TunedServer.StartAsync(new { });
        using var refused = await AskAsync(closed, Origin);
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));

        await using var open = await TunedServer.StartAsync(new { Network = new { CorsOrigins = $"{Origin};http://localhost:5173" } });
        using var allowed = await AskAsync(open, Origin);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal(Origin, allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False(allowed.Headers.Contains("Access-Control-Allow-Credentials"));
        foreach (var other in new[] { "https://photos.example.org.evil.example", "null", "http://photos.example.org" })
        {
            using var answer = await AskAsync(open, other);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"), other);
        }
        using var page = await open.Client(("Origin", Origin)).GetAsync("/");
        Assert.False(page.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static async Task<HttpResponseMessage> AskAsync(TunedServer server, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/libraries");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "x-vitrine,authorization");
        return await server.Client(("Origin", origin)).SendAsync(request);
    }
}
