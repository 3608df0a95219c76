using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

/// <summary>Which work goes first.</summary>
internal enum Lane
{
    /// <summary>Somebody waits for it.</summary>
    Interactive,

    /// <summary>Commits and scans.</summary>
    Bulk,
}

/// <summary>
/// Runs reads and writes, each in a transaction of its own. The work is synchronous, touches nothing but its session, and may be
/// run on any thread.
/// </summary>
internal abstract class SqlDatabase : IAsyncDisposable
{
    /// <summary>A short read on one snapshot.</summary>
    public abstract Task<T> ReadAsync<T>(Func<SqlSession, T> read, CancellationToken cancellation);

    /// <summary>
    /// A write. Completed once it is committed; an exception means that nothing of it was written. The first one within an <see cref="Act"/> that changes
    /// something has the act's row in its own transaction. Within a <see cref="Duty"/> it looks first whether that is still the caller's.
    /// </summary>
    /// <exception cref="DutyLostException">Another node has the caller's duty now.</exception>
    public Task<T> WriteAsync<T>(Lane lane, Func<SqlSession, T> write, CancellationToken cancellation)
    {
        var fenced = Duty.Held is { } grant ? Fenced(grant, write) : write;
        return Act.Unwritten is { } act ? WriteAsync(act, lane, fenced, cancellation) : RunAsync(lane, fenced, cancellation);
    }

    /// <summary>A write that is never the act itself, nor a duty's: what has to be so before either may begin.</summary>
    public Task<T> PrepareAsync<T>(Lane lane, Func<SqlSession, T> write, CancellationToken cancellation) => RunAsync(lane, write, cancellation);

    /// <summary>Completes at the next commit: of this process at once, of another one as soon as it is heard of.</summary>
    public abstract Task NextCommit { get; }

    /// <summary>Writes what was queued, then closes.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Runs a write in a transaction, and completes once it is committed.</summary>
    protected abstract Task<T> RunAsync<T>(Lane lane, Func<SqlSession, T> write, CancellationToken cancellation);

    /// <summary>Writes are serial, so that nobody takes the lock between this look and the commit. A lock whose time is over and that nobody has taken is still the caller's.</summary>
    private static Func<SqlSession, T> Fenced<T>(LockGrant grant, Func<SqlSession, T> write) => sql =>
        sql.Number("SELECT 1 FROM locks WHERE name = $1 AND token = $2", grant.Name, grant.Token) is null
            ? throw new DutyLostException(grant.Name)
            : write(sql);

    private async Task<T> WriteAsync<T>(Act act, Lane lane, Func<SqlSession, T> write, CancellationToken cancellation)
    {
        var written = false;
        var answer = await RunAsync(lane, sql =>
        {
            var before = sql.Changes;
            var made = write(sql);
            sql.Flush();
            written = sql.Changes != before;
            if (written) SqlAuditStore.Insert(sql, act.Entry);
            return made;
        }, cancellation);
        if (written) act.Written();
        return answer;
    }
}
