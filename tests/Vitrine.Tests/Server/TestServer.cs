using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;
using Vitrine.Server.Users;

namespace Vitrine.Tests.Server;

/// <summary>The real server on a free port and its socket, with a data folder of its own; it answers, and works on no jobs.</summary>
public class TestServer : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private readonly List<HttpClient> _clients = [];

    internal Owner Owner { get; private set; } = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("vitrine-test-").FullName;

    public string? SetUpToken { get; private set; }

    /// <summary>Without a cookie, with the header that unsafe methods need.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    /// <summary>Over the socket: Admin.</summary>
    public HttpClient Socket { get; private set; } = null!;

    public IServiceProvider Services => Owner.Services;

    public IReadOnlyList<RouteEndpoint> Routes =>
        [.. Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>Null: the machine's.</summary>
    protected virtual TimeProvider? Time => null;

    /// <summary>Content of <c>vitrine.json</c>, where a test has not written its own: who tests many operations at once meets no limit of their rate.</summary>
    protected virtual string Settings => """{"Server": {"AdminOperationsPerMinute": 100000, "SignInsPerMinute": 100000}}""";

    public virtual async ValueTask InitializeAsync()
    {
        var settings = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, "data")).FullName, "vitrine.json");
        if (!File.Exists(settings)) await File.WriteAllTextAsync(settings, Settings);
        var plan = new OwnerPlan(Path.Combine(Folder, "data"), AllowNetwork: false, Urls: "http://127.0.0.1:0", Works: false, Quiet: true, Time: Time, PasswordRounds: 1);
        Owner = await Owner.PrepareAsync(plan, CancellationToken.None);
        SetUpToken = await Owner.StartAsync(CancellationToken.None);
        Anonymous = Client(null);
        Socket = SocketClient();
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await Owner.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A client that sends this cookie, and keeps none.</summary>
    public HttpClient Client(string? cookie, bool withHeader = true)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new(Owner.Urls[0]) };
        if (withHeader) client.DefaultRequestHeaders.Add(Gates.Header, "1");
        if (cookie is not null) client.DefaultRequestHeaders.Add("Cookie", cookie);
        _clients.Add(client);
        return client;
    }

    /// <summary>Adds a user and signs in.</summary>
    public async Task<HttpClient> SignInAsync(string name, Role role, bool mayDownload = false)
    {
        var added = await Socket.PostAsync("/api/v1/users", JsonContent.Create(new NewUserRequest(name, Password, role, mayDownload), ApiJson.Default.NewUserRequest));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var signedIn = await Anonymous.PostAsync("/api/v1/session", JsonContent.Create(new SignInRequest(name, Password), ApiJson.Default.SignInRequest));
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        return Client(signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
    }

    private HttpClient SocketClient()
    {
        var path = OwnerSocket.PathIn(Owner.Data.Path);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var client = new HttpClient(handler) { BaseAddress = new("http://vitrine") };
        _clients.Add(client);
        return client;
    }
}

/// <summary>A server with one user of each role, signed in.</summary>
public sealed class SignedInServer : TestServer
{
    public HttpClient Admin { get; private set; } = null!;
    public HttpClient CacheManager { get; private set; } = null!;
    public HttpClient Viewer { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Admin = await SignInAsync("ada", Role.Admin);
        CacheManager = await SignInAsync("carl", Role.CacheManager);
        Viewer = await SignInAsync("vera", Role.Viewer);
    }
}
