using System.Diagnostics;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Server.Security;
using Vitrine.Server.Security.OpenId;

namespace Vitrine.Tests.Server;

/// <summary>What must hold whichever of two servers is asked.</summary>
public sealed class ServerPairTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Recover = "/api/v1/cache/processing-jobs/recover";

    /// <summary>Ten times the bound: what takes longer does not come.</summary>
    private static readonly TimeSpan Patience = 10 * AccessMemory.Bound;

    private OpenIdProvider _provider = null!;
    private ServerPair _pair = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await OpenIdProvider.StartAsync();
        _pair = await ServerPair.StartAsync(new JsonObject
        {
            ["Oidc"] = new JsonObject
            {
                ["Authority"] = _provider.Address, ["AllowHttp"] = true, ["ClientId"] = OpenIdProvider.ClientId, ["ClientSecret"] = OpenIdProvider.ClientSecret, ["ViewerValues"] = "viewers",
            },
            ["Network"] = new JsonObject { ["AllowedNetworks"] = "127.0.0.1" },
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_pair is not null) await _pair.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Sessions_limits_and_locks_are_those_of_both()
    {
        // A session of one is a session of the other, and its end as well.
        var (here, there) = (_pair.Client(_pair.Here, _pair.AdminCookie), _pair.Client(_pair.There, _pair.AdminCookie));
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/api/v1/session", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/api/v1/session", Cancellation)).StatusCode);

        // Ten operations in a minute, wherever.
        for (var done = 0; done < 10; done++) Assert.Equal(HttpStatusCode.OK, (await (done % 2 == 0 ? here : there).PostAsync(Recover, null, Cancellation)).StatusCode);
        foreach (var server in new[] { here, there }) await Answers.IsProblemAsync(await server.PostAsync(Recover, null, Cancellation), HttpStatusCode.TooManyRequests, "rate-limited");

        // Five wrong passwords lock the account on both.
        var anonymous = new[] { _pair.Client(_pair.Here), _pair.Client(_pair.There) };
        for (var tried = 0; tried < 5; tried++) Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(anonymous[tried % 2], "wrong password"));
        foreach (var server in anonymous) Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(server, TestServer.Password));

        var ended = Stopwatch.GetTimestamp();
        Assert.Equal(HttpStatusCode.NoContent, (await here.DeleteAsync("/api/v1/session", Cancellation)).StatusCode);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        while ((await there.GetAsync("/api/v1/session", patience.Token)).StatusCode == HttpStatusCode.OK) { }
        output.WriteLine($"A session that ended on one server ended on the other {Stopwatch.GetElapsedTime(ended).TotalMilliseconds:F0} ms later.");
    }

    [Fact]
    public async Task A_sign_in_that_began_on_one_server_ends_on_the_other()
    {
        using var browser = new Browser(_pair.Here);
        var callback = new Uri(await browser.VisitProviderAsync("/collections"));
        // Cookies belong to a host and not to a port: this is what a proxy before both does.
        Assert.Equal("/collections", await browser.FollowAsync(new Uri(new Uri(_pair.There.Urls[0]), callback.PathAndQuery).ToString()));
        Assert.Equal(("ana", "Viewer"), await browser.SessionAsync());
        Assert.EndsWith(OidcServices.CallbackPath, callback.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_means_one_job_on_both_and_a_stream_goes_on_at_the_other()
    {
        var (here, there) = (_pair.Client(_pair.Here, _pair.AdminCookie), _pair.Client(_pair.There, _pair.AdminCookie));
        var library = (await _pair.Here.Services.GetRequiredService<ILibraryStore>().AddAsync(new("one", "/pictures/one", LibrarySettings.Default, new("disk", "ext4")), Cancellation))!;

        await using var first = await StreamAsync(here, null);
        var (_, seen) = await NextAsync(first.Events, _ => true);
        var jobs = await Task.WhenAll(StartAsync(here, library.Id), StartAsync(there, library.Id), StartAsync(here, library.Id));
        Assert.Single(jobs.Distinct());
        Assert.Single((await _pair.There.Services.GetRequiredService<IJobStore>().ListAsync(new(Limit: 10), Cancellation)).Items);
        await NextAsync(first.Events, data => data.Contains($"\"id\":\"{jobs[0]}\"", StringComparison.Ordinal));

        await using var second = await StreamAsync(there, seen);
        await NextAsync(second.Events, data => data.Contains($"\"id\":\"{jobs[0]}\"", StringComparison.Ordinal));
        Assert.True((await here.PostAsync($"/api/v1/cache/processing-jobs/{jobs[0]}/pause", null, Cancellation)).IsSuccessStatusCode);
        await NextAsync(second.Events, data => data.Contains("\"status\":\"Paused\"", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> SignInAsync(HttpClient client, string password)
    {
        using var answer = await client.PostAsync("/api/v1/session", Answers.Body(JsonSerializer.Serialize(new { name = "ada", password })), Cancellation);
        return answer.StatusCode;
    }

    private static async Task<string> StartAsync(HttpClient client, LibraryId library)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/cache/processing-jobs") { Content = Answers.Body($$"""{"type": "cache", "libraryId": "{{library}}"}""") };
        request.Headers.Add("Idempotency-Key", "once");
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        return (await Answers.JsonAsync(answer)).GetProperty("id").GetString()!;
    }

    private static async Task<EventStream> StreamAsync(HttpClient client, string? after)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/cache/processing-jobs/stream");
        if (after is not null) request.Headers.Add("Last-Event-ID", after);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new(answer, SseParser.Create(await answer.Content.ReadAsStreamAsync(Cancellation)).EnumerateAsync(Cancellation).GetAsyncEnumerator(Cancellation));
    }

    private static async Task<(string Data, string Id)> NextAsync(IAsyncEnumerator<SseItem<string>> events, Func<string, bool> isIt)
    {
        while (await events.MoveNextAsync().AsTask().WaitAsync(Patience, Cancellation))
        {
            if (isIt(events.Current.Data)) return (events.Current.Data, events.Current.EventId ?? "");
        }
        throw new InvalidOperationException("The stream has ended.");
    }

    private sealed record EventStream(HttpResponseMessage Answer, IAsyncEnumerator<SseItem<string>> Events) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Answer.Dispose();
            try
            {
                await Events.DisposeAsync();
            }
            catch (Exception ended) when (ended is IOException or ObjectDisposedException)
            {
                // The connection was closed under it.
            }
        }
    }
}
