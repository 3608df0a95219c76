using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;
using Vitrine.Server.Users;

namespace Vitrine.Tests.Server;

public sealed class RateLimitTests : TestServer
{
    private const string Recover = "/api/v1/cache/processing-jobs/recover";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    protected override TimeProvider Time => _time;

    protected override string Settings => "{}";

    [Fact]
    public async Task The_eleventh_operation_of_a_minute_is_refused_for_its_user_alone_and_only_until_the_minute_is_over()
    {
        var (ada, carl, vera) = (await SignInAsync("ada", Role.Admin), await SignInAsync("carl", Role.CacheManager), await SignInAsync("vera", Role.Viewer));
        for (var done = 0; done < 10; done++)
        {
            Assert.Equal(HttpStatusCode.OK, (await carl.PostAsync(Recover, null)).StatusCode);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        var refused = await carl.PostAsync(Recover, null);
        Assert.Equal(TimeSpan.FromSeconds(50), refused.Headers.RetryAfter?.Delta);
        await Answers.IsProblemAsync(refused, HttpStatusCode.TooManyRequests, "rate-limited");

        // Reads, other users and the owner's socket are not concerned, and who may not do it at all hears that.
        Assert.Equal(HttpStatusCode.OK, (await carl.GetAsync("/api/v1/cache/processing-jobs")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ada.PostAsync(Recover, null)).StatusCode);
        for (var done = 0; done < 12; done++)
        {
            Assert.Equal(HttpStatusCode.OK, (await Socket.PostAsync(Recover, null)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await vera.PostAsync(Recover, null)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await Anonymous.PostAsync(Recover, null)).StatusCode);
        }

        _time.Advance(TimeSpan.FromSeconds(49.9));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await carl.PostAsync(Recover, null)).StatusCode);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(HttpStatusCode.OK, (await carl.PostAsync(Recover, null)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await carl.PostAsync(Recover, null)).StatusCode);

        // Three refusals in two minutes.
        Assert.Equal([("carl", "recoverJobs"), ("carl", "recoverJobs")], await RefusedAsync("rateLimited"));
    }

    [Theory]
    [InlineData("POST", "/api/v1/cache/processing-jobs/1/resume"), InlineData("POST", Recover), InlineData("POST", "/api/v1/cache/processing-jobs/recover-stale")]
    [InlineData("DELETE", "/api/v1/cache/processing-jobs/cleanup"), InlineData("POST", "/api/v1/cache/folders/1/cleanup/cache")]
    [InlineData("POST", "/api/v1/cache/folders/1/cleanup/thumbnails"), InlineData("POST", "/api/v1/cache/folders/1/cleanup/all")]
    [InlineData("POST", "/api/v1/cache/folders/1/reconcile"), InlineData("POST", "/api/v1/cache/bulk/operations")]
    public async Task All_such_operations_share_one_limit(string method, string path)
    {
        var ada = await SignInAsync("ada", Role.Admin);
        for (var done = 0; done < 10; done++) Assert.Equal(HttpStatusCode.OK, (await ada.PostAsync(Recover, null)).StatusCode);
        using var request = new HttpRequestMessage(new(method), path);
        if (path.EndsWith("operations", StringComparison.Ordinal)) request.Content = new StringContent("{}", null, "application/json");
        await Answers.IsProblemAsync(await ada.SendAsync(request), HttpStatusCode.TooManyRequests, "rate-limited");
    }

    [Fact]
    public async Task One_account_is_tried_so_often_whether_it_is_there_or_not()
    {
        await SignInAsync("ada", Role.Admin);
        foreach (var name in new[] { "eve", "ada" })
        {
            for (var tried = name == "ada" ? 1 : 0; tried < 10; tried++) Assert.Equal(HttpStatusCode.Unauthorized, (await TryAsync(name)).StatusCode);
            await Answers.IsProblemAsync(await TryAsync(name.ToUpperInvariant()), HttpStatusCode.TooManyRequests, "rate-limited");
        }
        // 22 attempts so far, and those that the account refused count for the address too.
        for (var tried = 22; tried < 30; tried++) Assert.Equal(HttpStatusCode.Unauthorized, (await TryAsync($"nobody{tried}")).StatusCode);
        await Answers.IsProblemAsync(await TryAsync("nobody"), HttpStatusCode.TooManyRequests, "rate-limited");
        Assert.Equal([("127.0.0.1", "signIn"), ("127.0.0.1", "signIn")], await RefusedAsync("rateLimited"));
        // Who is no user is not named: people type passwords where the name belongs.
        Assert.Equal(["ada", null], (await this.AuditAsync("&what=rateLimited")).Select(row => row.GetProperty("detail").GetString()));
        Assert.Equal([("127.0.0.1", "ada")], await RefusedAsync("lockOut"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await TryAsync("eve")).StatusCode);
    }

    [Fact]
    public async Task What_is_too_large_is_said_in_the_shape_of_the_API()
    {
        await Answers.IsProblemAsync(await Anonymous.GetAsync($"/api/v1/libraries?x={new string('x', 9000)}"), HttpStatusCode.RequestUriTooLong, "bad-request");

        using var headers = new HttpRequestMessage(HttpMethod.Get, "/api/v1/libraries");
        for (var number = 0; number < 5; number++) headers.Headers.Add($"X-Much-{number}", new string('x', 8000));
        await Answers.IsProblemAsync(await Anonymous.SendAsync(headers), HttpStatusCode.RequestHeaderFieldsTooLarge, "bad-request");

        using var many = new HttpRequestMessage(HttpMethod.Get, "/api/v1/libraries");
        for (var number = 0; number < 120; number++) many.Headers.Add($"X-{number}", "x");
        await Answers.IsProblemAsync(await Anonymous.SendAsync(many), HttpStatusCode.RequestHeaderFieldsTooLarge, "bad-request");

        await Answers.IsProblemAsync(await Anonymous.PostAsync("/api/v1/session", new ByteArrayContent(new byte[(1 << 20) + 1])), HttpStatusCode.RequestEntityTooLarge, "bad-request");
    }

    [Fact]
    public async Task Every_answer_tells_a_browser_what_it_may_do_with_it()
    {
        foreach (var path in new[] { "/health", "/api/v1/set-up", "/api/v1/libraries", "/api/v1/nothing", "/api/v1/images/1/display?v=x" })
        {
            using var answer = await Anonymous.GetAsync(path);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
            Assert.Equal("default-src 'none'; frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        }
    }

    [Theory]
    [InlineData("10.1.2.3", "::ffff:10.1.2.3", true), InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", true), InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    public void An_address_is_a_customer_s(string one, string other, bool same) =>
        Assert.Equal(same, RateLimits.AddressOf(IPAddress.Parse(one)) == RateLimits.AddressOf(IPAddress.Parse(other)));

    [Fact]
    public void Four_at_a_time_are_made_for_one_asker()
    {
        var inFlight = new InFlight(4);
        for (var begun = 0; begun < 4; begun++) Assert.True(inFlight.TryBegin("user/1"));
        Assert.False(inFlight.TryBegin("user/1"));
        Assert.True(inFlight.TryBegin("user/2"));
        for (var begun = 0; begun < 9; begun++) Assert.True(inFlight.TryBegin(null));
        inFlight.End("user/1");
        Assert.True(inFlight.TryBegin("user/1"));
        Assert.False(inFlight.TryBegin("user/1"));
    }

    private async Task<IEnumerable<(string?, string?)>> RefusedAsync(string what) =>
        (await this.AuditAsync($"&what={what}")).Select(row => (row.GetProperty("name").GetString(), row.GetProperty("target").GetString()));

    private Task<HttpResponseMessage> TryAsync(string name) =>
        Anonymous.PostAsync("/api/v1/session", JsonContent.Create(new SignInRequest(name, "wrong password"), ApiJson.Default.SignInRequest));
}
