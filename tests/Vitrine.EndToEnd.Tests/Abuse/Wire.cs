using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vitrine.EndToEnd.Abuse;

/// <summary>Bytes to a server and what it says until it closes, without a client that would mend them.</summary>
/// <param name="from">The whole of 127.0.0.0/8 is this machine: another address is another client.</param>
internal sealed class Wire(IPEndPoint server, IPAddress from)
{
    private const int MaxAnswer = 4 << 20;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public async Task<Answer> SendAsync(string request)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Bound);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(server, limit.Token);
        var answer = ReceiveAsync(socket, limit.Token);
        await WriteAsync(socket, Encoding.UTF8.GetBytes(request), limit.Token);
        return Answer.Parse(await answer);
    }

    /// <summary>A server that has refused need not read on.</summary>
    private static async Task WriteAsync(Socket socket, byte[] bytes, CancellationToken stop)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), stop);
        }
        catch (SocketException)
        {
            // What it said before it closed is read all the same.
        }
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, CancellationToken stop)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 << 10];
        try
        {
            while (all.Length < MaxAnswer && await socket.ReceiveAsync(buffer, stop) is var count and > 0) all.Write(buffer, 0, count);
        }
        catch (SocketException)
        {
            // Reset: the answer is what came before.
        }
        return all.ToArray();
    }
}
