using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Where blobs stand, for what moves and evicts them, and what is pinned. Promise: a row changes its place or goes in one transaction with all that counts
/// it, and never while it is not what the caller saw; no transaction changes the counters of more than <see cref="Eviction.MostReferences"/> images.
/// </summary>
public interface IBlobPlaces
{
    /// <summary>Blobs in a folder, in order of name.</summary>
    Task<IReadOnlyList<PlacedBlob>> InFolderAsync(FolderId folder, string? afterName, int limit, CancellationToken cancellation);

    /// <summary>The blob's file is another one, of equal bytes, from now on; the old one is nobody's.</summary>
    Task<MoveAnswer> MoveAsync(BlobId blob, BlobFile from, BlobFile to, CancellationToken cancellation);

    /// <summary>Blobs of a preset in a folder, those first that were not used for longest.</summary>
    /// <param name="after">The last one of a former answer; null for the first.</param>
    Task<IReadOnlyList<EvictionCandidate>> LeastUsedAsync(
        FolderId folder, string preset, int limit, CancellationToken cancellation, EvictionCandidate? after = null);

    /// <summary>
    /// Takes blobs of a folder away with all links to them, from the first on as far as one transaction may go; what is pinned by now, has more references, or
    /// stands elsewhere is passed over. The files are the caller's to delete.
    /// </summary>
    Task<Evicted> EvictAsync(FolderId folder, IReadOnlyList<BlobId> blobs, CancellationToken cancellation);

    /// <summary>Bytes in a folder that pins keep there.</summary>
    Task<long> PinnedBytesAsync(FolderId folder, CancellationToken cancellation);

    /// <summary>Keeps what is made of a collection from eviction, or no longer. False: no such collection.</summary>
    Task<bool> PinAsync(CollectionId collection, bool pinned, CancellationToken cancellation);
}

/// <param name="Collection">Of one of its images; 0 for a blob that none of them links to.</param>
public sealed record PlacedBlob(BlobRow Row, string Preset, CollectionId Collection)
{
    public BlobId Id => Row.Id;

    public BlobFile File { get; } = new(Row.Folder, Row.Name, Row.Size, Row.Hash);
}

public enum MoveAnswer
{
    Moved,

    /// <summary>The row is gone, or names another file than the caller saw.</summary>
    Changed,

    /// <summary>No room below the limit or the budget of the target, or it takes nothing.</summary>
    NoRoom,
}

/// <param name="Files">Without a row from now on.</param>
/// <param name="Looked">How many of the blobs asked for were looked at: the rest is for the next call.</param>
public sealed record Evicted(IReadOnlyList<BlobFile> Files, int Looked);
