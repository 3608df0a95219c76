using System.Net;
using System.Net.Http.Json;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>From the first start to a signed-in Admin, over HTTP, as anybody could try it.</summary>
public sealed class SetUpTests
{
    private static readonly object Admin = new { name = "admin", password = "correct horse battery staple" };

    [Fact]
    public async Task BeforeSetUpOnlySetUpAndHealthAnswer()
    {
        await using var scene = new Scene();
        await using var server = await scene.ServeAsync();
        using var anybody = Api.At(server.Url);

        foreach (var path in new[] { "status", "libraries", "collections", "images/random", "cache/processing-jobs", "session" })
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "set-up-needed"), await anybody.RefusalAsync(HttpMethod.Get, path));
        Assert.True((await anybody.GetAsync("set-up"))["needed"].Truth);
        foreach (var path in new[] { "/health/live", "/health/ready" })
        {
            using var health = await anybody.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        }
    }

    [Fact]
    public async Task TheLinkMakesOneAdminAndWorksOnce()
    {
        await using var scene = new Scene();
        await using var server = await scene.ServeAsync();
        var token = (await server.SetUpLinkAsync()).Split('#')[1];
        Assert.Equal(token, (await File.ReadAllTextAsync(Path.Combine(scene.Data, "setup-token"))).Trim());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(scene.Data, "setup-token")));
        using var person = Api.At(server.Url);

        Assert.NotEqual(HttpStatusCode.OK, (await person.RefusalAsync(HttpMethod.Post, "set-up", new { token = "wrong" + token[5..], name = "admin", password = "correct horse" })).Status);
        var session = await person.PostAsync("set-up", new { token, name = "admin", password = "correct horse battery staple" });

        Assert.Equal("Admin", session["role"].Text);
        Assert.Equal("admin", (await person.GetAsync("session"))["name"].Text);
        Assert.False((await person.GetAsync("set-up"))["needed"].Truth);
        Assert.False(File.Exists(Path.Combine(scene.Data, "setup-token")), "A used token is left behind.");
        using var second = Api.At(server.Url);
        Assert.NotEqual(HttpStatusCode.OK, (await second.RefusalAsync(HttpMethod.Post, "set-up", new { token, name = "other", password = "correct horse battery" })).Status);
    }

    [Fact]
    public async Task EverythingNeedsASession()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 1);
        await using var server = await SetUpAsync(scene);
        using var person = await SignInAsync(server);
        await person.PostAsync("libraries", new { root = scene.Library.Root });
        await server.IdleAsync(TimeSpan.FromSeconds(10));
        var image = Assert.Single(await Gallery.ImagesAsync(server.Api));
        using var anybody = Api.At(server.Url);

        var paths = new[] { "status", "libraries", "collections", $"images/{image["id"]}", $"images/{image["id"]}/original", image["urls"]["thumbnail"].Text, "cache/folders", "cache/processing-jobs", "cache/processing-jobs/stream", "images/random" };
        foreach (var path in paths) Assert.Equal((HttpStatusCode.Unauthorized, "unauthenticated"), await anybody.RefusalAsync(HttpMethod.Get, path));
        foreach (var path in new[] { "libraries", "verify" }) Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.RefusalAsync(HttpMethod.Post, path, new { })).Status);
        Assert.Equal((HttpStatusCode.Unauthorized, "unauthenticated"), await anybody.RefusalAsync(HttpMethod.Get, "images/999999"));
    }

    [Fact]
    public async Task TheCookieIsHiddenFromScriptsAndSigningOutEndsIt()
    {
        await using var scene = new Scene();
        await using var server = await SetUpAsync(scene);
        using var person = Api.At(server.Url);
        using var response = await person.SendAsync(HttpMethod.Post, "session", Admin);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        var value = cookie.Split(';')[0];

        using (var signedOut = await person.SendAsync(HttpMethod.Delete, "session")) Assert.True(signedOut.IsSuccessStatusCode);

        using var thief = Api.At(server.Url);
        using var late = await thief.SendAsync(HttpMethod.Get, "libraries", null, request => request.Headers.Add("Cookie", value));
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
    }

    [Fact]
    public async Task AWrongPasswordIsRefusedAndManyLockTheAccount()
    {
        await using var scene = new Scene();
        scene.Environment["VITRINE__Server__LockOutAttempts"] = "3";
        await using var server = await SetUpAsync(scene);
        using var person = Api.At(server.Url);

        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await person.RefusalAsync(HttpMethod.Post, "session", new { name = "admin", password = "wrong" })).Status);
        var (locked, _) = await person.RefusalAsync(HttpMethod.Post, "session", Admin);

        Assert.NotEqual(HttpStatusCode.OK, locked);
    }

    /// <summary>What a form of another site can send has no <c>X-Vitrine</c> header, and changes nothing.</summary>
    [Fact]
    public async Task AForeignFormChangesNothing()
    {
        await using var scene = new Scene();
        await using var server = await SetUpAsync(scene);
        using var person = Api.At(server.Url);
        using var session = await person.SendAsync(HttpMethod.Post, "session", Admin);
        var cookie = session.Headers.GetValues("Set-Cookie").First().Split(';')[0];

        using var victim = new HttpClient { BaseAddress = new(server.Url) };
        victim.DefaultRequestHeaders.Add("Cookie", cookie);
        using var forged = await victim.PostAsync("/api/v1/libraries", JsonContent.Create(new { root = scene.Library.Root }), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        Assert.Empty((await server.Api.GetAsync("libraries"))["items"].Items);
    }

    private static async Task<Server> SetUpAsync(Scene scene)
    {
        var server = await scene.ServeAsync();
        var token = (await server.SetUpLinkAsync()).Split('#')[1];
        using var person = Api.At(server.Url);
        await person.PostAsync("set-up", new { token, name = "admin", password = "correct horse battery staple" });
        return server;
    }

    private static async Task<Api> SignInAsync(Server server)
    {
        var person = Api.At(server.Url);
        await person.PostAsync("session", Admin);
        return person;
    }
}
