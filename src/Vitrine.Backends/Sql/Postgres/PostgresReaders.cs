using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace Vitrine.Backends.Sql.Postgres;

/// <summary>
/// Reads, each on one snapshot, on threads of their own: whoever asks waits for a server without holding a thread that others need. A thread and its
/// connection come with the first read that finds the others busy. A read whose connection is lost is run again.
/// </summary>
internal sealed class PostgresReaders(PostgresConnections connections, int most, TimeSpan patience) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly BlockingCollection<Action<Reader>> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<Task> _threads = [];
    private int _idle;

    public Task<T> RunAsync<T>(Func<SqlSession, T> read, CancellationToken cancellation)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            if (Volatile.Read(ref _idle) <= _waiting.Count && _threads.Count < most)
                _threads.Add(Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            _waiting.Add(reader =>
            {
                if (cancellation.IsCancellationRequested) completion.SetCanceled(cancellation);
                else reader.Run(read, completion);
            }, CancellationToken.None);
        }
        return completion.Task;
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _waiting.CompleteAdding();
            _stop.Cancel();
        }
        await Task.WhenAll(_threads);
        _waiting.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        using var reader = new Reader(connections, patience, _stop.Token);
        while (true)
        {
            Interlocked.Increment(ref _idle);
            var taken = _waiting.TryTake(out var read, Timeout.Infinite);
            Interlocked.Decrement(ref _idle);
            if (!taken) return;
            read!(reader);
        }
    }

    private sealed class Reader(PostgresConnections connections, TimeSpan patience, CancellationToken stop) : IDisposable
    {
        private PostgresSession? _session;

        public void Run<T>(Func<SqlSession, T> read, TaskCompletionSource<T> completion)
        {
            var lost = 0L;
            while (true)
            {
                // A task keeps a failure for whoever waits for the read, as it was thrown.
                var run = new Task<T>(() => ReadOnce(read));
                run.RunSynchronously(TaskScheduler.Default);
                if (run.Exception?.InnerException is not NpgsqlException failed || _session?.IsLost == false || !PostgresFault.MayPass(failed))
                {
                    completion.SetFromTask(run);
                    End();
                    return;
                }
                Dispose();
                if (lost == 0) lost = Stopwatch.GetTimestamp();
                if (Stopwatch.GetElapsedTime(lost) < patience && !stop.WaitHandle.WaitOne(Pause)) continue;
                completion.SetException(PostgresFault.Gone(failed));
                return;
            }
        }

        public void Dispose()
        {
            _session?.Dispose();
            _session = null;
        }

        private T ReadOnce<T>(Func<SqlSession, T> read)
        {
            _session ??= connections.OpenSession();
            _session.Begin("ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            return read(_session);
        }

        /// <summary>After whoever waits was told.</summary>
        private void End()
        {
            try
            {
                if (_session is { IsLost: false } session)
                {
                    session.Discard();
                    session.Execute("ROLLBACK");
                    return;
                }
            }
            catch (NpgsqlException)
            {
                // It went with this.
            }
            // The connection is gone, and the snapshot with it; the next read opens another one.
            Dispose();
        }
    }
}
