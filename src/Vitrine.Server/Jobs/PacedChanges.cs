using Vitrine.Core.Jobs;

namespace Vitrine.Server.Jobs;

/// <summary>
/// The changes of a feed, asked for once in each pause: a job that changes oftener is given in its newest form, and what nobody can see costs no read.
/// </summary>
internal sealed class PacedChanges(IEventFeed feed, long after, TimeSpan pause, TimeProvider time, CancellationToken stop) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private IAsyncEnumerator<IReadOnlyList<Job>>? _changes;
    private Task<bool>? _moving;

    /// <summary>The next group; an empty one when nothing changed for so long; null when it is stopped.</summary>
    public async Task<IReadOnlyList<Job>?> NextAsync(TimeSpan patience)
    {
        _moving ??= MoveAsync(_ends.Token);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_ends.Token);
        if (patience > TimeSpan.Zero) await Task.WhenAny(_moving, Task.Delay(patience, time, waiting.Token));
        await waiting.CancelAsync();
        if (_ends.IsCancellationRequested) return null;
        // A feed that always has something does not keep the caller from what else it has to do.
        if (patience <= TimeSpan.Zero || !_moving.IsCompleted) return [];

        var moved = await _moving;
        _moving = null;
        return moved ? _changes!.Current : null;
    }

    /// <summary>An enumerator cannot be disposed of while it moves.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        if (_moving is not null) await ((Task)_moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_changes is not null) await _changes.DisposeAsync();
        _ends.Dispose();
    }

    private async Task<bool> MoveAsync(CancellationToken cancellation)
    {
        await Task.Delay(pause, time, cancellation);
        _changes ??= feed.ChangesAsync(after, cancellation).GetAsyncEnumerator(cancellation);
        return await _changes.MoveNextAsync();
    }
}
