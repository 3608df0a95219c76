using System.Net;
using Vitrine.Server.Hosting;

namespace Vitrine.Tests.Server;

/// <summary>Somebody's browser: it keeps cookies, and goes where it is sent one step at a time.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient _client;

    public Browser(TunedServer server) : this(server.Owner)
    {
    }

    public Browser(Owner owner) =>
        _client = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = new(owner.Urls[0]) };

    /// <summary>What the server told the provider by way of the browser.</summary>
    public string AuthorizeQuery { get; private set; } = "";

    public void Dispose() => _client.Dispose();

    public Task<HttpResponseMessage> GetAsync(string address) => _client.GetAsync(address);

    /// <summary>Where an address sends the browser.</summary>
    public async Task<string> FollowAsync(string address)
    {
        using var answer = await _client.GetAsync(address);
        return answer.Headers.Location?.ToString() ?? $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
    }

    /// <summary>To the provider and back to the callback's address, which is not followed.</summary>
    public async Task<string> VisitProviderAsync(string returnTo)
    {
        AuthorizeQuery = await FollowAsync($"/api/v1/oidc/start?returnTo={Uri.EscapeDataString(returnTo)}");
        return await FollowAsync(AuthorizeQuery);
    }

    /// <summary>The whole way; answers where the page goes on.</summary>
    public async Task<string> SignInAsync(string returnTo) => await FollowAsync(await VisitProviderAsync(returnTo));

    public async Task<(string Name, string Role)?> SessionAsync()
    {
        using var answer = await _client.GetAsync("/api/v1/session");
        if (answer.StatusCode == HttpStatusCode.Unauthorized) return null;
        var session = await Answers.JsonAsync(answer);
        return (session.GetProperty("name").GetString()!, session.GetProperty("role").GetString()!);
    }
}
