using System.Globalization;
using System.Net;
using System.Text;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd.Abuse;

/// <summary>All attacks go against one running server, one after another.</summary>
[CollectionDefinition(nameof(AbusedServer))]
public sealed class AbusedServerDefinition : ICollectionFixture<AbusedServer>;

/// <summary>A server with a hostile library, one user of each role (the Viewer without a grant), and the report of what was tried.</summary>
public sealed class AbusedServer : IAsyncLifetime
{
    public const string Password = "correct horse battery";
    private const string Secret = "what-stands-outside-the-library";

    private const int FirstClient = 20;
    private const int Clients = 230;

    private readonly Scene _scene = new();
    private readonly Dictionary<string, string> _known = [];
    private Server _server = null!;
    private int _sent;

    internal Report Report { get; } = new();

    internal Verdict Verdict { get; private set; } = null!;

    internal Server Server => _server;

    internal string Folder => _scene.Folder;

    internal string Root => _scene.Library.Root;

    internal string this[string name] => _known[name];

    public async ValueTask InitializeAsync()
    {
        Verdict = new(_scene.Folder, Secret);
        await File.WriteAllTextAsync(Path.Combine(_scene.Folder, "outside.txt"), Secret);
        HostileLibrary.Fill(_scene.Library, Path.Combine(_scene.Folder, "outside.txt"));
        _server = await _scene.ServeAsync("--library", _scene.Library.Root);
        foreach (var (name, role) in new[] { ("ada", "Admin"), ("carl", "CacheManager"), ("vera", "Viewer") }) await AddUserAsync(name, role);
        await _server.IdleAsync(TimeSpan.FromSeconds(10));

        _known["host"] = new Uri(_server.Url).Authority;
        _known["root"] = Root;
        await SignInAllAsync();
        _known["library"] = (await _server.LibraryAsync())["id"].Text;
        _known["broken"] = (await Gallery.ImagesAsync(_server.Api)).Single(image => image["name"].Text == HostileLibrary.Broken)["id"].Text;
        var collection = (await _server.Api.AllAsync("collections")).Single(found => found["name"].Text == HostileLibrary.Plain);
        _known["collection"] = collection["id"].Text;
        _known["image"] = (await _server.Api.AllAsync($"collections/{collection["id"]}/images"))[0]["id"].Text;
    }

    public async ValueTask DisposeAsync()
    {
        Report.Write();
        await _server.DisposeAsync();
        await _scene.DisposeAsync();
    }

    internal Task AddUserAsync(string name, string role) => _server.Api.PostAsync("users", new { name, password = Password, role });

    internal async Task SignInAllAsync()
    {
        _known["admin"] = await SignInAsync("ada");
        _known["manager"] = await SignInAsync("carl");
        _known["viewer"] = await SignInAsync("vera");
    }

    /// <summary>Answers the cookie's token.</summary>
    internal async Task<string> SignInAsync(string name)
    {
        var answer = await SendAsync(SignIn(name, Password));
        Assert.True(answer.Status == 200, answer.Raw);
        return TokenOf(answer);
    }

    internal static string SignIn(string name, string password, params string[] headers) =>
        Ask.Post("/api/v1/session", $$"""{"name": "{{name}}", "password": "{{password}}"}""", headers);

    internal static string TokenOf(Answer answer) => Assert.Single(answer.All("Set-Cookie")).Split(';')[0].Split('=')[1];

    /// <param name="client">The last number of the address 127.0.0.x that it comes from; each request comes from another one where that does not matter.</param>
    internal Task<Answer> SendAsync(string request, byte? client = null)
    {
        foreach (var (name, value) in _known) request = request.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        request = request.Replace("{length}", string.Create(CultureInfo.InvariantCulture, $"{LengthOfBody(request)}"), StringComparison.Ordinal);
        var url = new Uri(_server.Url);
        return new Wire(new(IPAddress.Loopback, url.Port), new([127, 0, 0, client ?? NextClient()])).SendAsync(request);
    }

    private static int LengthOfBody(string request) => Encoding.UTF8.GetByteCount(request.AsSpan(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4));

    private byte NextClient() => (byte)(FirstClient + _sent++ % Clients);

    /// <summary>Sends each, and judges each.</summary>
    internal async Task TryAsync(string kind, IEnumerable<Attack> attacks, ITestOutputHelper output)
    {
        foreach (var attack in attacks)
        {
            var answer = await SendAsync(attack.Request);
            Report.Add(kind, attack.Name, answer.Short, Verdict.Of(attack, answer));
        }
        Report.Conclude(kind, output);
        Assert.False(_server.Running.HasEnded, $"The server ended: {_server.Running.Errors.Text}");
    }
}
