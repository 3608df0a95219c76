using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Vitrine.Core;

namespace Vitrine.Server.Hosting;

/// <summary>
/// The bytes of a connection, whose requests are begun by the thread that brought them (see <see cref="SocketThreads"/>). That thread is every connection's: it may answer from
/// memory, and whatever else a request needs is handed to the pool (<see cref="HandAsync"/>). From there on neither a read of its body nor a full connection brings it back.
/// </summary>
internal sealed class PooledConnection : IDuplexPipe
{
    /// <summary>The head of an answer is smaller; of a larger one, head and bytes are two pieces.</summary>
    private const int HeadRoom = 1024;

    /// <summary>Of HTTP/2 many requests are on one connection, and Kestrel itself keeps them on the pool.</summary>
    private volatile bool _isHanded;

    private bool _staysOnPool;
    private int _coming;

    internal PooledConnection(IDuplexPipe transport) => (Input, Output) = (new Reader(this, transport.Input), new Writer(this, transport.Output));

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public static Task CarryAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        var pooled = new PooledConnection(connection.Transport);
        connection.Transport = pooled;
        connection.Features.Set(pooled);
        return next(connection);
    }

    /// <summary>All of it on the pool: an encrypted one, whose keys are agreed upon and whose bytes are put into cipher by whoever reads and writes them.</summary>
    public static Task StayOnPoolAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        if (connection.Features.Get<PooledConnection>() is { } pooled) pooled._staysOnPool = true;
        return next(connection);
    }

    /// <summary>Goes on on a thread of the pool, and stays there until the request is answered.</summary>
    public static Task HandAsync(HttpContext context, RequestDelegate next) =>
        context.Features.Get<PooledConnection>() is { } connection ? connection.HandOverAsync(context, next) : next(context);

    /// <summary>The bytes of an answer that is about to be begun: with its head they are put into one piece, which is given to the kernel as it is.</summary>
    public static void Announce(HttpContext context, int bytes)
    {
        if (context.Features.Get<PooledConnection>() is { } connection) connection._coming = bytes + HeadRoom;
    }

    private async Task HandOverAsync(HttpContext context, RequestDelegate next)
    {
        _isHanded = true;
        try
        {
            await PoolThread.GoOn();
            await next(context);
        }
        finally
        {
            _isHanded = false;
        }
    }

    private int SizeOf(int sizeHint)
    {
        var size = Math.Max(sizeHint, _coming);
        _coming = 0;
        return size;
    }

    private ValueTask<T> Continue<T>(ValueTask<T> pending) => (_isHanded || _staysOnPool) && !pending.IsCompleted ? PoolThread.EndOn(pending) : pending;

    private sealed class Reader(PooledConnection connection, PipeReader transport) : PipeReader
    {
        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => connection.Continue(transport.ReadAsync(cancellationToken));

        public override bool TryRead(out ReadResult result) => transport.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => transport.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => transport.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => transport.CancelPendingRead();

        public override void Complete(Exception? exception = null) => transport.Complete(exception);
    }

    private sealed class Writer(PooledConnection connection, PipeWriter transport) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => transport.CanGetUnflushedBytes;

        public override long UnflushedBytes => transport.UnflushedBytes;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => connection.Continue(transport.FlushAsync(cancellationToken));

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
            connection.Continue(transport.WriteAsync(source, cancellationToken));

        public override void Advance(int bytes) => transport.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => transport.GetMemory(connection.SizeOf(sizeHint));

        public override Span<byte> GetSpan(int sizeHint = 0) => transport.GetSpan(connection.SizeOf(sizeHint));

        public override void CancelPendingFlush() => transport.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => transport.Complete(exception);
    }
}
