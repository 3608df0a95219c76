using System.Collections.Concurrent;
using System.Diagnostics;

namespace Vitrine.Backends.Sql;

/// <summary>
/// The one writer of a process: a thread that takes what waits, interactive work first, and runs it as one transaction in which each piece may fail alone. It
/// never waits for a group to fill: what came while the last group was written is the next one.
/// </summary>
internal abstract class SqlWriter : IAsyncDisposable
{
    private static readonly TimeSpan MaxGroupTime = TimeSpan.FromMilliseconds(250);

    private readonly int _maxGroup;
    private readonly ConcurrentQueue<Piece> _interactive = new();
    private readonly ConcurrentQueue<Piece> _bulk = new();

    /// <summary>A waiting thread of it sleeps at once; those of most other signals spin first, and there is a wait for each group.</summary>
    private readonly AutoResetEvent _queued = new(false);
    private readonly SemaphoreSlim _room = new(10_000);
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private TaskCompletionSource _nextCommit = NewSignal();

    /// <param name="maxGroup">The most pieces of one transaction.</param>
    protected SqlWriter(int maxGroup) => _maxGroup = maxGroup;

    public Task NextCommit => Volatile.Read(ref _nextCommit).Task;

    /// <summary>Set once nothing more is taken: what was queued is still written.</summary>
    protected CancellationToken Stopping => _stop.Token;

    public async Task<T> RunAsync<T>(Lane lane, Func<SqlSession, T> work, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        await _room.WaitAsync(cancellation);
        var piece = new Piece<T>(work, cancellation);
        (lane == Lane.Interactive ? _interactive : _bulk).Enqueue(piece);
        _queued.Set();
        return await piece.Completion;
    }

    /// <summary>Completes what waits for the next commit, of this process or of another one.</summary>
    public void Ring() => Interlocked.Exchange(ref _nextCommit, NewSignal()).SetResult();

    /// <summary>Writes what was queued, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _queued.Set();
        await _loop;
        Close();
        _queued.Dispose();
        _room.Dispose();
        _stop.Dispose();
    }

    protected void Start() => _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Runs this piece, and what <see cref="TakeMore"/> has, as one transaction, and completes or fails each of them.</summary>
    protected abstract void RunGroup(Piece first);

    /// <summary>Ends the connection, after the last group.</summary>
    protected abstract void Close();

    /// <param name="started">When the group began, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    protected Piece? TakeMore(int taken, long started) =>
        taken < _maxGroup && Stopwatch.GetElapsedTime(started) < MaxGroupTime ? Take() : null;

    private void Run()
    {
        while (true)
        {
            if (Take() is { } first) RunGroup(first);
            else if (_stop.IsCancellationRequested) return;
            else _queued.WaitOne();
        }
    }

    private Piece? Take()
    {
        if (!_interactive.TryDequeue(out var piece) && !_bulk.TryDequeue(out piece)) return null;
        _room.Release();
        return piece;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected abstract class Piece
    {
        /// <summary>Runs the work, or nothing where nobody waits any more; anew where its transaction was lost. False where it failed. Nothing is told before the group is committed.</summary>
        public abstract bool Run(SqlSession session);

        /// <summary>Tells what the work came to.</summary>
        public abstract void Complete();

        /// <summary>Nothing of it was written: tells its own failure, or this one where it had none.</summary>
        public abstract void Fail(Exception failure);

        /// <summary>The database went away with it: tells so, whatever it came to.</summary>
        public abstract void Lose(Exception failure);
    }

    private sealed class Piece<T>(Func<SqlSession, T> work, CancellationToken cancellation) : Piece
    {
        private readonly CancellationToken _cancellation = cancellation;
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action? _complete;
        private Exception? _failure;

        public Task<T> Completion => _completion.Task;

        public override bool Run(SqlSession session)
        {
            (_complete, _failure) = (null, null);
            if (_cancellation.IsCancellationRequested) return true;
            // A task keeps a failure for whoever waits for the piece, as it was thrown.
            var run = new Task<T>(() => DiskFault.Named(work, session));
            run.RunSynchronously(TaskScheduler.Default);
            _failure = run.Exception?.InnerException;
            _complete = () => _completion.SetFromTask(run);
            return run.IsCompletedSuccessfully;
        }

        public override void Complete()
        {
            if (_complete is null) _completion.SetCanceled(_cancellation);
            else _complete();
        }

        public override void Fail(Exception failure) => _completion.SetException(_failure ?? failure);

        public override void Lose(Exception failure) => _completion.SetException(failure);
    }
}
