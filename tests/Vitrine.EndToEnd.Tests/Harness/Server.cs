using System.Net;
using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd.Harness;

/// <summary>A running <c>serve</c>, with the API over its socket.</summary>
internal sealed partial class Server : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(5);

    private Server(Running running, Api api, string url) => (Running, Api, Url) = (running, api, url);

    public Running Running { get; }

    public Api Api { get; }

    public string Url { get; }

    public static async Task<Server> WhenReadyAsync(Running running, string dataFolder)
    {
        var line = await running.Out.FirstAsync(line => line.StartsWith("Vitrine is at ", StringComparison.Ordinal), StartBound);
        if (line is null) throw new InvalidOperationException($"The server did not start: {await running.EndAsync(StopBound)}");
        var url = line["Vitrine is at ".Length..].Trim().TrimEnd('/');
        var server = new Server(running, Api.OverSocket(dataFolder), url);
        await Eventually.TrueAsync("the server is ready", StartBound, server.IsReadyAsync);
        return server;
    }

    /// <summary>The link that the first start prints.</summary>
    public async Task<string> SetUpLinkAsync()
    {
        var line = await Running.Out.FirstAsync(line => line.Contains("/setup#", StringComparison.Ordinal), StartBound);
        return Link().Match(line ?? throw new InvalidOperationException("The server printed no set-up link.")).Value;
    }

    public string Said => Running.Out.Text + Running.Errors.Text;

    public async Task<Json> CountersAsync() => (await Api.GetAsync("status"))["counters"];

    /// <summary>Adds a library, which starts its scan; answers the library.</summary>
    public Task<Json> AddLibraryAsync(string root, params string[] presets) =>
        Api.PostAsync("libraries", presets.Length == 0 ? new { root } : new { root, presets });

    public async Task<Json> LibraryAsync() => Assert.Single((await Api.GetAsync("libraries"))["items"].Items);

    public async Task ScanAsync()
    {
        foreach (var library in (await Api.GetAsync("libraries"))["items"].Items) await Api.PostAsync($"libraries/{library["id"]}/scan");
    }

    /// <summary>Until no job is open.</summary>
    public Task<TimeSpan> IdleAsync(TimeSpan bound) => Eventually.TrueAsync("all jobs are over", bound, IsIdleAsync);

    public async Task<bool> IsIdleAsync()
    {
        Assert.False(Running.HasEnded, $"The server ended: {Running.Errors.Text}");
        return (await JobsAsync()).All(job => job["status"].Text is "Completed" or "Failed" or "Cancelled");
    }

    public Task<List<Json>> JobsAsync() => Api.AllAsync("cache/processing-jobs");

    public async Task<Ended> StopAsync()
    {
        Running.Children();
        Running.Signal(Processes.Terminate);
        var ended = await Running.EndAsync(StopBound);
        Api.Dispose();
        return ended;
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Running.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(Running.HasEnded, $"The server ended: {Running.Errors.Text}");
        using var response = await Api.SendAsync(HttpMethod.Get, "/health/ready");
        return response.StatusCode == HttpStatusCode.OK;
    }

    [GeneratedRegex(@"http://\S+/setup#\S+")]
    private static partial Regex Link();
}
