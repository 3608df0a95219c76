using System.Text.Json;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Tests.Server;

/// <summary>A real server with settings of its own, and an Admin who made it; it works on no jobs.</summary>
internal sealed class TunedServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly List<HttpClient> _clients = [];

    private TunedServer(string folder, Owner owner) => (_folder, Owner) = (folder, owner);

    public Owner Owner { get; }

    /// <summary>The Admin's cookie, as a request carries it.</summary>
    public string AdminCookie { get; private set; } = "";

    public static async Task<TunedServer> StartAsync(object settings, string page = "", string? basePath = null)
    {
        var folder = Directory.CreateTempSubdirectory("vitrine-test-").FullName;
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        var pages = Directory.CreateDirectory(Path.Combine(folder, "page")).FullName;
        await File.WriteAllTextAsync(Path.Combine(pages, "index.html"), page);
        await File.WriteAllTextAsync(Path.Combine(data, Settings.FileName), JsonSerializer.Serialize(settings));
        var plan = new OwnerPlan(data, AllowNetwork: false, Urls: "http://127.0.0.1:0", BasePath: basePath, Works: false, Quiet: true, PageFolder: pages, PasswordRounds: 1);
        var server = new TunedServer(folder, await Owner.PrepareAsync(plan, CancellationToken.None));
        var token = await server.Owner.StartAsync(CancellationToken.None);
        using var made = await server.Client().PostAsync("/api/v1/set-up", Answers.Body(JsonSerializer.Serialize(new { token, name = "ada", password = TestServer.Password })));
        server.AdminCookie = made.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        return server;
    }

    public HttpClient Client(params (string Name, string Value)[] headers)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new(Owner.Urls[0]) };
        client.DefaultRequestHeaders.Add(Gates.Header, "1");
        foreach (var (name, value) in headers) client.DefaultRequestHeaders.Add(name, value);
        _clients.Add(client);
        return client;
    }

    /// <summary>The cookie that signing in as the Admin sets.</summary>
    public static async Task<string> SignInAsync(HttpClient client, string path = "/api/v1/session")
    {
        using var answer = await client.PostAsync(path, Answers.Body(JsonSerializer.Serialize(new { name = "ada", password = TestServer.Password })));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.Headers.GetValues("Set-Cookie").Single();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await Owner.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
