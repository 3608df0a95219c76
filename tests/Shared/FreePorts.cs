using System.Net;
using System.Net.Sockets;

namespace Vitrine.Tests.Shared;

/// <summary>Ports of loopback that nobody listens on now, for programs that have to be told theirs. That another one takes it before is not worth a retry.</summary>
public static class FreePorts
{
    public static int Take() => Take(1)[0];

    /// <summary>All of them different.</summary>
    public static int[] Take(int count)
    {
        List<TcpListener> open = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (var listener in open) listener.Start();
        int[] ports = [.. open.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in open) listener.Dispose();
        return ports;
    }
}
