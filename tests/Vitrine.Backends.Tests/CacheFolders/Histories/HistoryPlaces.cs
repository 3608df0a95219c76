using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.CacheFolders.Histories;

/// <summary>Where blobs stand, as one process has it: it may crash before a row changes, and others may be at work between a copy and its row.</summary>
internal sealed class HistoryPlaces(IBlobPlaces places, HistoryFiles files, HistoryDisk disk) : IBlobPlaces
{
    private (int Moves, Func<Task> Happens)? _meanwhile;

    public int Moved { get; private set; }

    /// <summary>Once so many copies are made, and before the row of the last one is set. In place of what was to happen before; null: nothing happens.</summary>
    public void Meanwhile(int moves, Func<Task>? happens) => _meanwhile = happens is null ? null : (moves, happens);

    public Task<IReadOnlyList<PlacedBlob>> InFolderAsync(FolderId folder, string? afterName, int limit, CancellationToken cancellation) =>
        places.InFolderAsync(folder, afterName, limit, cancellation);

    public async Task<MoveAnswer> MoveAsync(BlobId blob, BlobFile from, BlobFile to, CancellationToken cancellation)
    {
        if (_meanwhile is { } other)
        {
            _meanwhile = other.Moves > 1 ? other with { Moves = other.Moves - 1 } : null;
            if (_meanwhile is null) await other.Happens();
        }
        cancellation.ThrowIfCancellationRequested();
        files.Pass();
        var answer = await places.MoveAsync(blob, from, to, cancellation);
        if (answer != MoveAnswer.Moved) return answer;
        Moved++;
        disk.Written[to.Name] = disk.Written[from.Name];
        return answer;
    }

    public Task<IReadOnlyList<EvictionCandidate>> LeastUsedAsync(
        FolderId folder, string preset, int limit, CancellationToken cancellation, EvictionCandidate? after = null) =>
        places.LeastUsedAsync(folder, preset, limit, cancellation, after);

    public Task<Evicted> EvictAsync(FolderId folder, IReadOnlyList<BlobId> blobs, CancellationToken cancellation)
    {
        files.Pass();
        return places.EvictAsync(folder, blobs, cancellation);
    }

    public Task<long> PinnedBytesAsync(FolderId folder, CancellationToken cancellation) => places.PinnedBytesAsync(folder, cancellation);

    public Task<bool> PinAsync(CollectionId collection, bool pinned, CancellationToken cancellation) => places.PinAsync(collection, pinned, cancellation);
}
