using System.Net;
using System.Net.Sockets;
using Vitrine.Core;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Outgoing;

/// <summary>The addresses of a name.</summary>
internal delegate Task<IPAddress[]> Resolve(string host, CancellationToken cancellation);

/// <summary>
/// The one way to other servers. A name is resolved when a connection is made, each of its addresses is judged, and the connection goes to an address that passed:
/// a name that means something else a moment later gains nothing. No redirect is followed, no proxy of the environment asked, no cookie kept.
/// </summary>
internal sealed partial class OutgoingHttp(NetworkOptions options, Resolve resolve, ILogger<OutgoingHttp> logger)
{
    private const int MaxHeaderKiB = 32;

    /// <summary>A connection that is kept was judged at most so long ago.</summary>
    private static readonly TimeSpan ConnectionAge = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<IPNetwork> _allowed = Networks.Parse(options.AllowedNetworks) ?? [];

    /// <summary>A client for good: it keeps its connections.</summary>
    public HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(options.OutgoingSeconds),
            PooledConnectionLifetime = ConnectionAge,
            MaxResponseHeadersLength = MaxHeaderKiB,
            ConnectCallback = ConnectAsync,
        };
        return new(handler)
        {
            Timeout = TimeSpan.FromSeconds(options.OutgoingSeconds),
            MaxResponseContentBufferSize = options.OutgoingMaxBytes,
        };
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation);
        Exception? failure = null;
        foreach (var address in addresses)
        {
            if (OutgoingAddress.Refusal(address, _allowed) is { } why)
            {
                LogRefused(host, address, why);
                failure = new OutgoingRefusedException(host, address, why);
                continue;
            }
            try
            {
                return await OpenAsync(new IPEndPoint(address, port), cancellation);
            }
            catch (SocketException unreachable)
            {
                failure = unreachable;
            }
        }
        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static async Task<Stream> OpenAsync(IPEndPoint to, CancellationToken cancellation)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, cancellation);
            await PoolThread.GoOn();
            return new PooledStream(new NetworkStream(socket, ownsSocket: true));
        }
        catch (Exception failed) when (failed is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Not calling {Host}: {Address} is {Why}. Network:AllowedNetworks says which private addresses may be called.")]
    private partial void LogRefused(string host, IPAddress address, string why);
}

/// <summary>The address is none that this server calls.</summary>
internal sealed class OutgoingRefusedException(string host, IPAddress address, string why) : IOException($"'{host}' is not called: {address} is {why}.");
