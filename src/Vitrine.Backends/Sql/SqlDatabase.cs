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
internal abstract class SqlDatabase
{
    /// <summary>A short read on one snapshot.</summary>
    public abstract Task<T> ReadAsync<T>(Func<SqlSession, T> read, CancellationToken cancellation);

    /// <summary>A write. Completed once it is committed; an exception means that nothing of it was written.</summary>
    public abstract Task<T> WriteAsync<T>(Lane lane, Func<SqlSession, T> write, CancellationToken cancellation);

    /// <summary>Completes at the next commit of this process.</summary>
    public abstract Task NextCommit { get; }
}
