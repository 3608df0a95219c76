using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>A store on the bench: its contracts, answered at once on the calling thread, and its rows.</summary>
internal abstract class Bench : IDisposable
{
    public required ILedger Ledger { get; init; }
    public required IBatchStore Batches { get; init; }
    public required IJobStore Jobs { get; init; }
    public required IJobClock Clock { get; init; }
    public required ILibraryStore Libraries { get; init; }
    public required IWatchStore Notes { get; init; }
    public required ICatalog Catalog { get; init; }
    public required ICacheFolderStore Folders { get; init; }
    public required IBlobStore Blobs { get; init; }
    public required ILockStore Locks { get; init; }

    /// <summary>Rises whenever something is changed.</summary>
    public abstract long Changes { get; }

    /// <summary>The rows as they are now; items, images, blobs and their links perhaps as they were, unless <paramref name="whole"/>.</summary>
    public abstract Rows Read(bool whole);

    /// <summary>A batch and its job, as far as it says who may write.</summary>
    public abstract BatchSign? Sign(long batch);

    /// <summary>The store's own recount: a line for each counter that differs.</summary>
    public abstract IReadOnlyList<string> Audit();

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

internal readonly record struct BatchSign(BatchState State, long? Token, string? Node, long Renewals, bool JobIsOver, Holds Holds);
