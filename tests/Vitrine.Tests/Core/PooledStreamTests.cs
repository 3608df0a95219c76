using Vitrine.Core;

namespace Vitrine.Tests.Core;

/// <summary>Who reads from another server or from a decoder does not go on on the thread that brought the bytes.</summary>
public sealed class PooledStreamTests
{
    [Theory]
    [InlineData(true, false), InlineData(true, true), InlineData(false, false), InlineData(false, true)]
    public async Task The_thread_that_ends_a_call_is_left_at_once(bool reads, bool fails)
    {
        var connection = new Held();
        await using var stream = new PooledStream(connection);
        var after = GoOnAsync();

        var ending = new Thread(() =>
        {
            if (fails) connection.Ending.SetException(new IOException("It is meant to be."));
            else connection.Ending.SetResult(3);
        });
        ending.Start();

        var (thread, failure, got) = await after;
        Assert.NotEqual(ending.ManagedThreadId, thread);
        Assert.Equal(fails, failure is IOException);
        Assert.Equal(reads && !fails ? 3 : 0, got);

        async Task<(int Thread, Exception? Failure, int Got)> GoOnAsync()
        {
            var got = 0;
            var failure = await Record.ExceptionAsync(async () =>
            {
                if (reads) got = await stream.ReadAsync(new byte[8]);
                else await stream.WriteAsync(new byte[8]);
            });
            return (Environment.CurrentManagedThreadId, failure, got);
        }
    }

    /// <summary>A call that lasts until the test ends it, with its continuations on the thread that does.</summary>
    private sealed class Held : MemoryStream
    {
        public TaskCompletionSource<int> Ending { get; } = new();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Ending.Task);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new((Task)Ending.Task);
    }
}
