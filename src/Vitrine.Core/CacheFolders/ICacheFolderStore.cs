using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Cache folders and the room in them. Promise: blobs and reservations of a folder together never pass its limit; a reservation
/// lives as long as its lease.
/// </summary>
public interface ICacheFolderStore
{
    /// <summary>Adds a folder; null where its path or marker is known already.</summary>
    Task<CacheFolder?> AddAsync(NewCacheFolder folder, CancellationToken cancellation);

    /// <summary>All folders, highest priority first.</summary>
    Task<IReadOnlyList<CacheFolder>> ListAsync(CancellationToken cancellation);

    /// <summary>Changes priority, limit, floor, presets and whether it is active. False: no such folder.</summary>
    Task<bool> UpdateAsync(FolderId id, NewCacheFolder changed, bool active, CancellationToken cancellation);

    /// <summary>
    /// Adds <paramref name="bytes"/> to the lease's reservation in this folder. False: no room below the limit, or the token is old.
    /// The commit lowers it by what it inserts; a lease that ends gives back what is left.
    /// </summary>
    Task<bool> ReserveAsync(LeaseToken lease, FolderId folder, long bytes, CancellationToken cancellation);
}
