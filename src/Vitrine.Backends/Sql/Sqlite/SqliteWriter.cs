using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Vitrine.Backends.Sql.Sqlite;

/// <summary>
/// The one writer: a thread that takes what waits, interactive work first, and runs it as one transaction with a savepoint for each
/// piece. It never waits for a group to fill: what came while the last group was written is the next one.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxGroup = 1000;
    private static readonly TimeSpan MaxGroupTime = TimeSpan.FromMilliseconds(250);

    private readonly SqlSession _session;
    private readonly ConcurrentQueue<Piece> _interactive = new();
    private readonly ConcurrentQueue<Piece> _bulk = new();
    private readonly SemaphoreSlim _queued = new(0);
    private readonly SemaphoreSlim _room = new(10_000);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private TaskCompletionSource _nextCommit = NewSignal();

    public SqliteWriter(SqlSession session)
    {
        _session = session;
        _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public Task NextCommit => Volatile.Read(ref _nextCommit).Task;

    public async Task<T> RunAsync<T>(Lane lane, Func<SqlSession, T> work, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        await _room.WaitAsync(cancellation);
        var piece = new Piece<T>(work, cancellation);
        (lane == Lane.Interactive ? _interactive : _bulk).Enqueue(piece);
        _queued.Release();
        return await piece.Completion;
    }

    /// <summary>Writes what was queued, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _queued.Release();
        await _loop;
        _session.Dispose();
        _queued.Dispose();
        _room.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _queued.Wait();
            var first = Take();
            if (first is not null) RunGroup(first);
            else if (_stop.IsCancellationRequested) return;
        }
    }

    private Piece? Take()
    {
        if (!_interactive.TryDequeue(out var piece) && !_bulk.TryDequeue(out piece)) return null;
        _room.Release();
        return piece;
    }

    private void RunGroup(Piece first)
    {
        var done = new List<Piece>();
        var started = Stopwatch.GetTimestamp();
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            for (var piece = first; piece is not null; piece = TakeMore(done.Count, started))
            {
                done.Add(piece);
                RunPiece(piece);
            }
            _session.Execute("COMMIT");
        }
        catch (SqliteException failed)
        {
            if (!done.Contains(first)) done.Add(first);
            RollBack();
            foreach (var piece in done) piece.Fail(DiskFault.Of(failed));
            return;
        }
        foreach (var piece in done) piece.Complete();
        Interlocked.Exchange(ref _nextCommit, NewSignal()).SetResult();
    }

    private Piece? TakeMore(int taken, long started) =>
        taken < MaxGroup && Stopwatch.GetElapsedTime(started) < MaxGroupTime && _queued.Wait(0) ? Take() : null;

    private void RunPiece(Piece piece)
    {
        if (piece.IsCancelled) return;
        _session.Execute("SAVEPOINT piece");
        if (!piece.Run(_session)) _session.Execute("ROLLBACK TO piece");
        _session.Execute("RELEASE piece");
    }

    /// <summary>Some errors (a full disk) roll back by themselves: then there is no transaction left to end.</summary>
    private void RollBack()
    {
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The transaction is gone already, which is what was asked for.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private abstract class Piece(CancellationToken cancellation)
    {
        public bool IsCancelled => cancellation.IsCancellationRequested;

        /// <summary>Runs the work; false where it failed. Nothing is told before the group is committed.</summary>
        public abstract bool Run(SqlSession session);
        public abstract void Complete();
        public abstract void Fail(Exception failure);
    }

    private sealed class Piece<T>(Func<SqlSession, T> work, CancellationToken cancellation) : Piece(cancellation)
    {
        private readonly CancellationToken _cancellation = cancellation;
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action? _complete;
        private Exception? _failure;

        public Task<T> Completion => _completion.Task;

        public override bool Run(SqlSession session)
        {
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
    }
}
