using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.CacheFolders.Histories;

/// <summary>What moves and evicts blobs, with a fault in it.</summary>
internal sealed class PlacePlants(FolderPlant plant, IBlobPlaces places, FolderWorld world) : IBlobPlaces
{
    public Task<IReadOnlyList<PlacedBlob>> InFolderAsync(FolderId folder, string? afterName, int limit, CancellationToken cancellation) =>
        places.InFolderAsync(folder, afterName, limit, cancellation);

    public Task<MoveAnswer> MoveAsync(BlobId blob, BlobFile from, BlobFile to, CancellationToken cancellation)
    {
        if (plant == FolderPlant.MovesFileFirst) world.Files.Delete(world.PathOf(from.Folder), from.Name);
        return places.MoveAsync(blob, from, to, cancellation);
    }

    public async Task<IReadOnlyList<EvictionCandidate>> LeastUsedAsync(
        FolderId folder, string preset, int limit, CancellationToken cancellation, EvictionCandidate? after = null)
    {
        var page = await places.LeastUsedAsync(folder, preset, limit, cancellation, after);
        return plant == FolderPlant.EvictsPinned ? [.. page.Select(candidate => candidate with { Pinned = false })] : page;
    }

    public async Task<Evicted> EvictAsync(FolderId folder, IReadOnlyList<BlobId> blobs, CancellationToken cancellation)
    {
        if (plant == FolderPlant.EvictsFileFirst) await world.DeleteFilesAsync(folder, blobs);
        await PinAsync(false, cancellation);
        var evicted = await places.EvictAsync(folder, blobs, cancellation);
        await PinAsync(true, cancellation);
        return evicted;
    }

    public Task<long> PinnedBytesAsync(FolderId folder, CancellationToken cancellation) => places.PinnedBytesAsync(folder, cancellation);

    public Task<bool> PinAsync(CollectionId collection, bool pinned, CancellationToken cancellation) => places.PinAsync(collection, pinned, cancellation);

    private async Task PinAsync(bool pinned, CancellationToken cancellation)
    {
        if (plant != FolderPlant.EvictsPinned) return;
        foreach (var collection in world.Pinned) await places.PinAsync(collection, pinned, cancellation);
    }
}
