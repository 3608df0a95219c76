using Vitrine.Backends.Sql;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>A database on the calling thread: a call is answered when it returns, so that a seed decides the order of everything.</summary>
internal abstract class InlineDatabase : SqlDatabase, IDisposable
{
    public override Task NextCommit => throw new NotSupportedException();

    /// <summary>Rises whenever a row is changed.</summary>
    public abstract long Changes { get; }

    /// <summary>As it was after the migrations.</summary>
    public abstract void Empty();

    public abstract T Read<T>(Func<SqlSession, T> read);

    public override Task<T> ReadAsync<T>(Func<SqlSession, T> read, CancellationToken cancellation) => Task.FromResult(Read(read));

    public abstract void Dispose();

    public override ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
