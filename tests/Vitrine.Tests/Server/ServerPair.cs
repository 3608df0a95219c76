using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Backends.Sql.Postgres;
using Vitrine.Backends.Tests.Postgres;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Tests.Server;

/// <summary>Two real servers before one PostgreSQL, with the first Admin, ada; they work on no jobs.</summary>
internal sealed class ServerPair : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-test-").FullName;
    private readonly List<HttpClient> _clients = [];
    private readonly List<Owner> _owners = [];

    public Owner Here => _owners[0];

    public Owner There => _owners[1];

    /// <summary>The Admin's cookie, as a request carries it.</summary>
    public string AdminCookie { get; private set; } = "";

    public static async Task<ServerPair> StartAsync(JsonObject settings)
    {
        var database = await (await PostgresServer.UseAsync()).CreateAsync(PostgresServer.Template);
        var pair = new ServerPair();
        settings["Postgres"] = new JsonObject { [nameof(PostgresOptions.ConnectionString)] = database.ConnectionString, [nameof(PostgresOptions.Readers)] = 2 };
        settings["Cache"] = new JsonObject { ["FirstFolder"] = Path.Combine(pair._folder, "cache") };
        var link = await pair.StartOneAsync("here", settings);
        using var made = await pair.Client(pair.Here).PostAsync(
            "/api/v1/set-up", Answers.Body(JsonSerializer.Serialize(new { token = link, name = "ada", password = TestServer.Password })));
        pair.AdminCookie = made.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        await pair.StartOneAsync("there", settings);
        return pair;
    }

    /// <summary>A client of one server, with a session or without.</summary>
    public HttpClient Client(Owner server, string? cookie = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new(server.Urls[0]) };
        client.DefaultRequestHeaders.Add(Gates.Header, "1");
        if (cookie is not null) client.DefaultRequestHeaders.Add("Cookie", cookie);
        _clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        foreach (var owner in _owners) await owner.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string?> StartOneAsync(string name, JsonObject settings)
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, Settings.FileName), settings.ToJsonString());
        var owner = await Owner.PrepareAsync(new(data, AllowNetwork: false, Urls: "http://127.0.0.1:0", Works: false, Quiet: true), CancellationToken.None);
        _owners.Add(owner);
        return await owner.StartAsync(CancellationToken.None);
    }
}
