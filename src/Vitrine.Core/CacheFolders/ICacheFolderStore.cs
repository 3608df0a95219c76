using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Cache folders and the room in them. Promise: blobs and reservations of a folder together never pass its limit, nor those of a preset
/// its budget there; a reservation lives as long as its lease.
/// </summary>
public interface ICacheFolderStore
{
    /// <summary>Adds a folder; null where its path or marker is known already.</summary>
    Task<CacheFolder?> AddAsync(NewCacheFolder folder, CancellationToken cancellation);

    /// <summary>All folders, highest priority first.</summary>
    Task<IReadOnlyList<CacheFolder>> ListAsync(CancellationToken cancellation);

    /// <summary>Thumbnails that are still to come.</summary>
    Task<ThumbnailsOwed> OwedAsync(CancellationToken cancellation);

    /// <summary>Changes path, priority, limit, floor, presets, budgets, and whether it is active or drained. False: no such folder.</summary>
    Task<bool> UpdateAsync(FolderId id, NewCacheFolder changed, bool active, CancellationToken cancellation);

    /// <summary>Forgets a folder. False: there is none, or it has blobs or reservations.</summary>
    Task<bool> RemoveAsync(FolderId id, CancellationToken cancellation);

    /// <summary>
    /// Adds to the lease's reservation. False: no room below the limit or the budget, the folder takes nothing, or the token is old.
    /// The commit lowers it by what it inserts; a lease that ends gives back what is left.
    /// </summary>
    Task<bool> ReserveAsync(LeaseToken lease, RoomWanted room, CancellationToken cancellation);
}

/// <param name="Budget">The preset whose budget it is for: see <see cref="CacheFolder.BudgetOf"/>.</param>
public sealed record RoomWanted(FolderId Folder, long Bytes, string? Budget = null);

public static class Reservations
{
    /// <summary>Room for presets without a budget.</summary>
    public static Task<bool> ReserveAsync(this ICacheFolderStore store, LeaseToken lease, FolderId folder, long bytes, CancellationToken cancellation) =>
        store.ReserveAsync(lease, new RoomWanted(folder, bytes), cancellation);
}
