using System.Net;
using System.Net.Sockets;

namespace Vitrine.EndToEnd.Cluster;

/// <summary>What becomes of bytes on their way.</summary>
internal enum Line
{
    Open,

    /// <summary>Connections stay, and nothing passes: neither side is told.</summary>
    Stalled,

    /// <summary>Connections end at once, and new ones are refused.</summary>
    Cut,
}

/// <summary>The way from a node to a service on loopback, which a test can cut, stall and heal.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Lock _lock = new();
    private readonly Task _accepting;
    private TaskCompletionSource _passes = Passing();
    private Line _line;

    public TcpProxy(int target)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(target);
    }

    public int Port { get; }

    /// <summary>Bytes that were carried.</summary>
    public long Carried { get; private set; }

    public void Set(Line line)
    {
        lock (_lock)
        {
            _line = line;
            if (line == Line.Stalled && _passes.Task.IsCompleted) _passes = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (line != Line.Stalled) _passes.TrySetResult();
            if (line == Line.Cut) Cut();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Set(Line.Cut);
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private static TaskCompletionSource Passing()
    {
        var passes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        passes.SetResult();
        return passes;
    }

    private void Cut()
    {
        foreach (var socket in _open) socket.Close(0);
        _open.Clear();
    }

    private async Task AcceptAsync(int target)
    {
        var carried = new List<Task>();
        try
        {
            while (true) carried.Add(ServeAsync(await _listener.AcceptSocketAsync(_end.Token), target));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task ServeAsync(Socket near, int target)
    {
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!Keep(near, far)) return;
            await far.ConnectAsync(IPAddress.Loopback, target, _end.Token);
            near.NoDelay = far.NoDelay = true;
            // One side's end is the other's: services here never close half a connection.
            await Task.WhenAny(CarryAsync(near, far), CarryAsync(far, near));
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The service is not there: neither is the way to it.
        }
        finally
        {
            lock (_lock)
            {
                _open.Remove(near);
                _open.Remove(far);
            }
            near.Dispose();
            far.Dispose();
        }
    }

    private bool Keep(Socket near, Socket far)
    {
        lock (_lock)
        {
            if (_line == Line.Cut) return false;
            _open.Add(near);
            _open.Add(far);
            return true;
        }
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
            {
                await Passes().WaitAsync(_end.Token);
                await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
                lock (_lock) Carried += count;
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut, or ended by its side.
        }
    }

    private Task Passes()
    {
        lock (_lock) return _passes.Task;
    }
}
