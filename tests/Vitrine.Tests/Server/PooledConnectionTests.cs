using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Vitrine.Server.Hosting;

namespace Vitrine.Tests.Server;

/// <summary>A request that is handed to the pool stays there, whatever thread brings its bytes; what is not handed goes on where they came.</summary>
public sealed class PooledConnectionTests
{
    private static readonly PipeOptions Inline = new(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 8, resumeWriterThreshold: 4, useSynchronizationContext: false);

    private readonly Pipe _in = new(Inline);
    private readonly Pipe _out = new(Inline);
    private readonly DefaultConnectionContext _connection = new();

    public PooledConnectionTests() => _connection.Transport = new Transport(_in.Reader, _out.Writer);

    [Fact]
    public async Task What_is_not_handed_goes_on_where_its_bytes_came()
    {
        var thread = 0;
        await PooledConnection.CarryAsync(connection =>
        {
            var reading = ReadAsync(connection);
            thread = OnThreadOfItsOwn(() => Bring("hello"));
            return reading;
        }, _connection);

        Assert.Equal((thread, false), _seen);
    }

    [Fact]
    public async Task A_request_that_is_handed_reads_and_writes_on_the_pool()
    {
        await PooledConnection.CarryAsync(async connection =>
        {
            var context = new DefaultHttpContext();
            context.Features.Set(connection.Features.Get<PooledConnection>());
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task? handed = null;
            OnThreadOfItsOwn(() => handed = PooledConnection.HandAsync(context, async _ =>
            {
                Assert.True(Thread.CurrentThread.IsThreadPoolThread);
                var reading = ReadAsync(connection);
                begun.SetResult();
                await reading;
                Assert.True(_seen.IsPool);

                // More than the pipe holds: it goes on when the other side has taken some.
                var flushing = connection.Transport.Output.WriteAsync(new byte[16]).AsTask();
                Assert.False(flushing.IsCompleted);
                var went = GoOnAsync(flushing);
                OnThreadOfItsOwn(() =>
                {
                    Assert.True(_out.Reader.TryRead(out var written));
                    _out.Reader.AdvanceTo(written.Buffer.End);
                });
                Assert.True(await went);
            }));
            await begun.Task;
            OnThreadOfItsOwn(() => Bring("hello"));
            await handed!;

            // Its answer is given: the next request is begun again by the thread that brings it.
            var next = ReadAsync(connection);
            var thread = OnThreadOfItsOwn(() => Bring("again"));
            await next;
            Assert.Equal((thread, false), _seen);
        }, _connection);

        static async Task<bool> GoOnAsync(Task<FlushResult> flushing)
        {
            await flushing;
            return Thread.CurrentThread.IsThreadPoolThread;
        }
    }

    /// <summary>It is read by what deciphers it, before there is a request to hand over, and between requests.</summary>
    [Fact]
    public async Task An_encrypted_connection_is_read_on_the_pool_alone()
    {
        await PooledConnection.CarryAsync(encrypted => PooledConnection.StayOnPoolAsync(async connection =>
        {
            await ReadOnPoolAsync();
            var context = new DefaultHttpContext();
            context.Features.Set(connection.Features.Get<PooledConnection>());
            await PooledConnection.HandAsync(context, _ => Task.CompletedTask);
            await ReadOnPoolAsync();

            async Task ReadOnPoolAsync()
            {
                var reading = ReadAsync(connection);
                OnThreadOfItsOwn(() => Bring("hello"));
                await reading;
                Assert.True(_seen.IsPool);
            }
        }, encrypted), _connection);
    }

    [Fact]
    public async Task A_failure_is_seen_on_the_pool_too()
    {
        await PooledConnection.CarryAsync(async connection =>
        {
            var context = new DefaultHttpContext();
            context.Features.Set(connection.Features.Get<PooledConnection>());
            await PooledConnection.HandAsync(context, async _ =>
            {
                var reading = Record.ExceptionAsync(() => ReadAsync(connection));
                OnThreadOfItsOwn(() => _in.Writer.Complete(new ConnectionResetException("It is meant to be.")));
                Assert.IsType<ConnectionResetException>(await reading);
                Assert.True(Thread.CurrentThread.IsThreadPoolThread);
            });
        }, _connection);
    }

    private (int Thread, bool IsPool) _seen;

    private async Task ReadAsync(ConnectionContext connection)
    {
        var read = await connection.Transport.Input.ReadAsync();
        _seen = (Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread);
        Assert.Equal(5, Encoding.ASCII.GetString(read.Buffer).Length);
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
    }

    private void Bring(string text)
    {
        _in.Writer.Write(Encoding.ASCII.GetBytes(text));
        Assert.True(_in.Writer.FlushAsync().AsTask().IsCompleted);
    }

    /// <summary>As the runtime's, which waits for all sockets.</summary>
    private static int OnThreadOfItsOwn(Action act)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(act));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        return thread.ManagedThreadId;
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
