using System.Runtime.CompilerServices;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Reads changed jobs by version, at the next commit and at least every 250 ms. There is one writer in the store, so versions
/// become visible in their order and none is passed over.
/// </summary>
internal sealed class SqlEventFeed(SqlDatabase database, TimeProvider time) : IEventFeed
{
    private const int MaxGroup = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    public async IAsyncEnumerable<IReadOnlyList<Job>> ChangesAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var next = database.NextCommit;
            var changed = await database.ReadAsync(sql => sql.Query(
                $"{JobRows.Select} WHERE version > $1 ORDER BY version LIMIT $2", JobRows.Map, after, MaxGroup), cancellation);
            if (changed.Count > 0)
            {
                after = changed[^1].Version;
                yield return changed;
            }
            if (changed.Count < MaxGroup) await WaitAsync(next, cancellation);
        }
    }

    private async Task WaitAsync(Task next, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(next, Task.Delay(Poll, time, waiting.Token));
        await waiting.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }
}
