using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace Vitrine.EndToEnd.Harness;

/// <summary>The API, over the owner's socket (as Admin) or over HTTP (as whoever signs in).</summary>
internal sealed class Api : IDisposable
{
    private const int Limit = 200;
    private readonly HttpClient _http;

    private Api(HttpClient http)
    {
        _http = http;
        _http.DefaultRequestHeaders.Add("X-Vitrine", "1");
    }

    public static Api OverSocket(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "vitrine.sock");
        return new(new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, ConnectCallback = (_, stop) => ConnectAsync(path, stop) }) { BaseAddress = new("http://vitrine") });
    }

    public static Api At(string url) =>
        new(new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, CookieContainer = new() }) { BaseAddress = new(url) });

    /// <summary>A path that does not begin with a slash stands below <c>/api/v1</c>.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, Action<HttpRequestMessage>? prepare = null)
    {
        var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : "/api/v1/" + path);
        if (body is not null) request.Content = JsonContent.Create(body);
        prepare?.Invoke(request);
        return _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<Json> GetAsync(string path) => AskAsync(HttpMethod.Get, path);

    public Task<Json> PostAsync(string path, object? body = null) => AskAsync(HttpMethod.Post, path, body);

    /// <summary>An answer that is read while it goes on.</summary>
    public async Task<StreamReader> OpenAsync(string path) => new(await _http.GetStreamAsync(new Uri("/api/v1/" + path, UriKind.Relative), TestContext.Current.CancellationToken));

    public async Task<byte[]> BytesAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>A status and the stable code of its problem details.</summary>
    public async Task<(HttpStatusCode Status, string? Code)> RefusalAsync(HttpMethod method, string path, object? body = null)
    {
        using var response = await SendAsync(method, path, body);
        if (response.IsSuccessStatusCode) return (response.StatusCode, null);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = Json.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((int)response.StatusCode, problem["status"].Number);
        Assert.NotEmpty(problem["title"].Text);
        return (response.StatusCode, problem["code"].Text);
    }

    /// <summary>Every item of a list, page after page.</summary>
    public async Task<List<Json>> AllAsync(string path, int limit = Limit)
    {
        var all = new List<Json>();
        for (var cursor = ""; ;)
        {
            var page = await GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={limit}{cursor}");
            all.AddRange(page["items"].Items);
            if (page["next"].IsNull) return all;
            cursor = "&cursor=" + Uri.EscapeDataString(page["next"].Text);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Json> AskAsync(HttpMethod method, string path, object? body = null)
    {
        using var response = await SendAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return Json.Parse(text);
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
