using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Simulation.Model;

/// <summary>Cache folders, the names of their blobs, and locks.</summary>
internal sealed class RoomModel(StoreModel model) : ICacheFolderStore, IBlobStore, ILockStore
{
    public Task<CacheFolder?> AddAsync(NewCacheFolder folder, CancellationToken cancellation)
    {
        var added = new SimFolder { Id = model.NewId(), Path = folder.Path, Marker = folder.Marker, Limit = folder.LimitBytes };
        model.Rows.Folders.Add(added.Id, added);
        return Task.FromResult<CacheFolder?>(Map(added));
    }

    public Task<IReadOnlyList<CacheFolder>> ListAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<CacheFolder>>([.. model.Rows.Folders.Values.Select(Map)]);

    public Task<bool> UpdateAsync(FolderId id, NewCacheFolder changed, bool active, CancellationToken cancellation)
    {
        model.Rows.Folders[id.Value].Limit = changed.LimitBytes;
        return Task.FromResult(model.Change(true));
    }

    public Task<ThumbnailsOwed> OwedAsync(CancellationToken cancellation) => Task.FromResult(new ThumbnailsOwed(0, 0, 0));

    public Task<bool> RemoveAsync(FolderId id, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> ReserveAsync(LeaseToken lease, RoomWanted room, CancellationToken cancellation)
    {
        var (folder, bytes) = (room.Folder, room.Bytes);
        var row = model.Rows.Folders[folder.Value];
        if (!model.Rows.Batches.Values.Any(b => b.Token == lease.Value) || row.Bytes + row.Reserved + bytes > row.Limit) return Task.FromResult(false);
        row.Reserved += bytes;
        var place = (lease.Value, folder.Value);
        model.Rows.Reservations[place] = model.Rows.Reservations.GetValueOrDefault(place) + bytes;
        return Task.FromResult(model.Change(true));
    }

    public Task<Page<BlobRow>> BlobsAsync(string? after, int limit, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Page<BlobRow>> WrittenSinceAsync(DateTimeOffset since, string? after, int limit, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<IReadOnlySet<string>> KnownAsync(FolderId folder, IReadOnlyCollection<string> names, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlySet<string>>(model.Rows.Blobs.Values.Where(b => b.Folder == folder.Value).Select(b => b.Name).Intersect(names).ToHashSet());

    public Task<LockGrant?> AcquireAsync(string name, string owner, TimeSpan duration, CancellationToken cancellation)
    {
        if (model.Rows.Locks.GetValueOrDefault(name) is { } held && held.ExpiresAt > model.Now)
        {
            if (held.Owner == owner)
            {
                held.ExpiresAt = model.Now + duration;
                return Task.FromResult<LockGrant?>(new(name, held.Token));
            }
            if (held.ExpiresAt <= model.Now + duration) return Task.FromResult<LockGrant?>(null);
        }
        model.Rows.Locks[name] = new() { Owner = owner, Token = model.Next(), ExpiresAt = model.Now + duration };
        return Task.FromResult<LockGrant?>(new(name, model.Rows.Locks[name].Token));
    }

    public Task<IReadOnlySet<string>> RenewAsync(string owner, TimeSpan duration, CancellationToken cancellation) => throw new NotSupportedException();

    public Task ReleaseAsync(LockGrant grant, CancellationToken cancellation)
    {
        if (model.Rows.Locks.GetValueOrDefault(grant.Name)?.Token == grant.Token) model.Rows.Locks.Remove(grant.Name);
        return Task.CompletedTask;
    }

    public Task FreeAsync(string ownerPrefix, CancellationToken cancellation)
    {
        foreach (var (name, _) in model.Rows.Locks.Where(held => held.Value.Owner.StartsWith(ownerPrefix, StringComparison.Ordinal)).ToList()) model.Rows.Locks.Remove(name);
        return Task.CompletedTask;
    }

    private static CacheFolder Map(SimFolder folder) =>
        new(new(folder.Id), folder.Path, folder.Marker, 0, folder.Limit, 0, [], true, folder.Blobs, folder.Bytes, folder.Reserved);
}
