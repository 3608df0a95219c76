using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Derivatives;
using Vitrine.Server.Cli;
using Vitrine.Server.Security;

namespace Vitrine.Server.Hosting;

/// <summary>
/// The process that owns a data folder: its lock, its database, the workers, and the web server on its addresses and on the folder's socket.
/// What keeps it from starting is a <see cref="Refusal"/> of one line.
/// </summary>
internal sealed class Owner : IAsyncDisposable
{
    /// <summary>Beside the images in hand: what is left of requests, and the last writes.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);

    private readonly OwnedFolder _folder;
    private readonly WebApplication _app;

    private Owner(OwnedFolder folder, WebApplication app) => (_folder, _app) = (folder, app);

    public DataFolder Data => _folder.Data;

    public Settings Settings => _folder.Settings;

    public IServiceProvider Services => _app.Services;

    /// <summary>Addresses that it listens on, once started, without the socket.</summary>
    public IReadOnlyList<string> Urls =>
        [.. _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Where(address => !address.Contains("unix:", StringComparison.Ordinal))];

    /// <summary>Where the page is, at each of its addresses.</summary>
    public IReadOnlyList<string> Pages => [.. Urls.Select(url => url + _app.Services.GetRequiredService<BasePath>().Text)];

    /// <summary>Takes the folder, opens its database and puts the parts together; nothing listens or works yet.</summary>
    public static async Task<Owner> PrepareAsync(OwnerPlan plan, CancellationToken cancellation)
    {
        var folder = await OwnedFolder.TakeAsync(plan, cancellation);
        try
        {
            var settings = folder.Settings;
            if (!plan.Works) settings = settings with { Engine = settings.Engine with { Enabled = false } };
            await QueueChoice.CheckAsync(settings, folder.Time, cancellation);
            var app = Build(folder, settings, plan);
            await EnsureCacheFolderAsync(app.Services, folder.Data, plan, cancellation);
            await app.Services.GetRequiredService<Presets>().RefreshAsync(cancellation);
            return new(folder, app);
        }
        catch (Refusal)
        {
            await folder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Listens and works. Answers the token of the set-up link where there is no Admin yet.</summary>
    public async Task<string?> StartAsync(CancellationToken cancellation)
    {
        if (Services.GetRequiredService<EngineOptions>().Enabled) await DecoderCheck.RunAsync(Services, cancellation);

        // An owner on the socket alone has nobody who could open a link.
        var token = Services.GetRequiredService<ServerOptions>().Urls.Length == 0 ? null : await Services.GetRequiredService<SetUp>().BeginAsync(cancellation);
        try
        {
            await _app.StartAsync(cancellation);
        }
        catch (IOException failed) when (failed.InnerException is AddressInUseException)
        {
            throw Refusal.CouldNotRun($"{failed.Message} Another program listens there: end it, or give another address with --urls.");
        }
        catch (SocketException failed)
        {
            throw Refusal.CouldNotRun($"An address of --urls cannot be listened on: {failed.Message}. Give one of this machine.");
        }
        _folder.Describe(string.Join(' ', Pages));
        return token;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _folder.DisposeAsync();
    }

    private static WebApplication Build(OwnedFolder folder, Settings settings, OwnerPlan plan)
    {
        var addresses = Addresses.Parse(settings.Server.Urls);
        var certificate = Addresses.Certificate(addresses, settings.Server);
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        var socket = new OwnerSocket();
        builder.Logging.AddConsoleLog(plan.Quiet);
        builder.WebHost.UseKestrelCore().UseSockets(sockets =>
        {
            sockets.CreateBoundListenSocket = OwnerSocket.Bind;
            // A request is begun by the thread that brought it, and its first read asks for bytes: two hops and a call of the kernel less, for 4 KiB a connection.
            sockets.UnsafePreferInlineScheduling = true;
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            RequestBounds.ApplyTo(kestrel.Limits, settings.Server);
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => PooledConnection.CarryAsync(next, connection)));
            foreach (var address in addresses) Addresses.Listen(kestrel, address, certificate);
            socket.Listen(kestrel, folder.Data.Path);
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(settings.Engine.DrainSeconds) + StopTime);
        builder.Services.AddSingleton(folder.Time).AddSingleton(folder.Data).AddSingleton(socket).AddSingleton(new Passwords(plan.PasswordRounds));
        builder.Services.AddSingleton(BasePath.Of(settings.Network.BasePath)!);
        builder.Services.AddSingleton(settings.Server).AddSingleton(settings.Network).AddSingleton(settings.Engine).AddSingleton(settings.Cache).AddSingleton(settings.Decode).AddSingleton(settings.Decoder).AddSingleton(settings.Sources);
        builder.Services.AddMetrics().AddQueue(settings);
        folder.AddTo(builder.Services, settings.Node);
        builder.Services.AddSingleton(new ComingRoots(plan.Coming));
        builder.Services.AddEngine(settings.Engine);
        builder.Services.AddApi(settings);

        var app = builder.Build();
        app.UseVitrine(plan.PageFolder ?? PageFiles.Folder);
        // Of this source, which keeps what it was asked for: the routes are put together once.
        RouteLaw.Check([.. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()]);
        return app;
    }

    /// <summary>Before libraries are added: none may lie in it.</summary>
    private static async Task EnsureCacheFolderAsync(IServiceProvider services, DataFolder data, OwnerPlan plan, CancellationToken cancellation)
    {
        try
        {
            await services.GetRequiredService<FolderAdoption>().RunAsync(cancellation);
            if (!plan.Joins) await services.GetRequiredService<FirstFolder>().EnsureAsync(FirstFolderOf(services, data), cancellation);
            if (plan.Works && !data.HoldsStore) await SharedFolders.CheckAsync(services, cancellation);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw Refusal.CouldNotRun($"The first cache folder cannot be made: {unusable.Message} Free space, or give another data folder with --data DIR.");
        }
    }

    private static string FirstFolderOf(IServiceProvider services, DataFolder data) =>
        services.GetRequiredService<CacheOptions>().FirstFolder is { Length: > 0 } named ? named : Path.Combine(data.Path, "cache");

    /// <summary>The command line handles signals itself, the same way for every command.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
