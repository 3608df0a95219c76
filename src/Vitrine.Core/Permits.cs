namespace Vitrine.Core;

/// <summary>
/// Permits that are taken and given back, in order of asking. A semaphore that can be cancelled goes through the thread pool; this one goes on
/// only where its caller is, so that a simulation on one thread takes the same steps each time.
/// </summary>
/// <param name="free">Free at the start.</param>
/// <param name="most">More than these are not kept.</param>
public sealed class Permits(int free, int most = int.MaxValue) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource<bool>> _waiting = [];
    private int _free = free;
    private bool _ended;

    public bool TryTake()
    {
        lock (_gate)
        {
            if (_free == 0) return false;
            _free--;
            return true;
        }
    }

    /// <summary>False: it was cancelled or disposed before there was one. Never throws, since waiting in vain is what most who wait do.</summary>
    public async Task<bool> TryTakeAsync(CancellationToken cancellation)
    {
        LinkedListNode<TaskCompletionSource<bool>> waiter;
        lock (_gate)
        {
            if (_ended || cancellation.IsCancellationRequested) return false;
            if (_free > 0)
            {
                _free--;
                return true;
            }
            waiter = _waiting.AddLast(new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        await using var registration = cancellation.Register(() =>
        {
            if (Leave(waiter)) waiter.Value.SetResult(false);
        });
        return await waiter.Value.Task;
    }

    /// <exception cref="OperationCanceledException">It was cancelled before there was one.</exception>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        if (await TryTakeAsync(cancellation)) return;
        ObjectDisposedException.ThrowIf(_ended, this);
        throw new OperationCanceledException(cancellation);
    }

    public void Give()
    {
        TaskCompletionSource<bool>? next;
        lock (_gate)
        {
            next = _waiting.First?.Value;
            if (next is not null) _waiting.RemoveFirst();
            else _free = Math.Min(_free + 1, most);
        }
        next?.SetResult(true);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var waiter in _waiting) waiter.SetResult(false);
            _waiting.Clear();
        }
    }

    /// <summary>False: it was given its permit already.</summary>
    private bool Leave(LinkedListNode<TaskCompletionSource<bool>> waiter)
    {
        lock (_gate)
        {
            if (waiter.List is null) return false;
            _waiting.Remove(waiter);
            return true;
        }
    }
}
