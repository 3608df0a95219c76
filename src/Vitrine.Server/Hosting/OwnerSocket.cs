using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Vitrine.Server.Cli;

namespace Vitrine.Server.Hosting;

/// <summary>
/// <c>DATA/vitrine.sock</c>: whoever may open it is Admin, for the file's permission (0600) is the credential. Connections over it
/// carry this feature.
/// </summary>
internal sealed class OwnerSocket
{
    private const string FileName = "vitrine.sock";

    /// <summary>sun_path holds 108 bytes, the last one NUL.</summary>
    private const int MaxPathBytes = 107;

    private int _connections;

    /// <summary>Commands that talk to this owner now: an <c>import</c> that is the owner ends after them.</summary>
    public bool IsInUse => Volatile.Read(ref _connections) > 0;

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, FileName);

    public static bool IsOver(HttpContext context) => context.Features.Get<OwnerSocket>() is not null;

    /// <summary>The caller holds the data folder's lock, so that a socket found there is a dead owner's.</summary>
    public void Listen(KestrelServerOptions kestrel, string dataFolder)
    {
        var path = PathIn(dataFolder);
        if (System.Text.Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
            throw Refusal.WrongUse($"The path of the data folder '{dataFolder}' is too long for a socket in it ({MaxPathBytes} bytes with '{FileName}'): choose a shorter one with --data.");
        File.Delete(path);
        kestrel.ListenUnixSocket(path, listen => listen.Use(next => connection => CarryAsync(next, connection)));
    }

    private async Task CarryAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        connection.Features.Set(this);
        Interlocked.Increment(ref _connections);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    /// <summary>Sets the permission between bind and listen: before that, no connection is accepted.</summary>
    public static Socket Bind(System.Net.EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is UnixDomainSocketEndPoint unix) File.SetUnixFileMode(unix.ToString(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return socket;
    }
}
