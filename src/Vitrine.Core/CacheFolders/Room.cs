using System.Collections.Concurrent;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Finds each derivative its folder, and reserves room there in chunks for the lease. What a lease has not used the store gives back
/// when the lease ends.
/// </summary>
public sealed class Room(ICacheFolderStore store, IDerivativeStore files, TimeProvider time) : IDisposable
{
    private const long Chunk = 32L << 20;
    private const long SmallChunk = 4L << 20;

    /// <summary>With less than this below a folder's limit, only <see cref="SmallChunk"/> is taken at a time, so that every worker gets some.</summary>
    private const long Scarce = 64L << 20;

    /// <summary>How old what is known of folders and disks may be.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(LeaseToken Lease, FolderId Folder), long> _left = new();
    private readonly Permits _refresh = new(1);
    private Known _known = new([], null);

    /// <summary>The folder that takes these bytes; they are reserved there. Null: no folder takes the preset now. A lease places one file at a time.</summary>
    public async Task<CacheFolder?> PlaceAsync(Lease lease, string preset, long bytes, CancellationToken cancellation)
    {
        var states = (await FoldersAsync(cancellation)).Select(f => f with { LeftBytes = _left.GetValueOrDefault((lease.Token, f.Folder.Id)) });
        foreach (var state in Placement.Order(states, lease.Collection, preset, bytes))
        {
            if (await TakeAsync(lease.Token, state, bytes, cancellation)) return state.Folder;
        }
        return null;
    }

    /// <summary>The lease ended: nothing is left of it.</summary>
    public void Forget(LeaseToken lease)
    {
        foreach (var key in _left.Keys.Where(k => k.Lease == lease)) _left.TryRemove(key, out _);
    }

    /// <summary>The next placement looks at folders and disks anew.</summary>
    public void Refresh() => Volatile.Write(ref _known, new([], null));

    public void Dispose() => _refresh.Dispose();

    private async Task<bool> TakeAsync(LeaseToken lease, FolderState state, long bytes, CancellationToken cancellation)
    {
        var key = (lease, state.Folder.Id);
        if (state.LeftBytes < bytes)
        {
            var below = state.Folder.LimitBytes - state.Folder.Bytes - state.Folder.ReservedBytes;
            var missing = bytes - state.LeftBytes;
            var wanted = Math.Max(missing, below < Scarce ? SmallChunk : Chunk);
            if (!await store.ReserveAsync(lease, key.Id, wanted, cancellation))
            {
                Refresh();
                if (wanted == missing || !await store.ReserveAsync(lease, key.Id, missing, cancellation)) return false;
                wanted = missing;
            }
            _left.AddOrUpdate(key, wanted, (_, left) => left + wanted);
        }
        _left.AddOrUpdate(key, -bytes, (_, left) => left - bytes);
        return true;
    }

    private async Task<IReadOnlyList<FolderState>> FoldersAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } known) return known;
        await _refresh.TakeAsync(cancellation);
        try
        {
            if (Fresh() is { } meanwhile) return meanwhile;
            var folders = await store.ListAsync(cancellation);
            var states = folders.Select(folder =>
            {
                var health = files.Probe(folder.Path, folder.Marker);
                return new FolderState(folder, health.FreeBytes, health.Fault == FolderFault.None, 0);
            }).ToList();
            Volatile.Write(ref _known, new(states, time.GetTimestamp()));
            return states;
        }
        finally
        {
            _refresh.Give();
        }
    }

    private IReadOnlyList<FolderState>? Fresh()
    {
        var known = Volatile.Read(ref _known);
        return known.At is { } at && time.GetElapsedTime(at) < MaxAge ? known.Folders : null;
    }

    private sealed record Known(IReadOnlyList<FolderState> Folders, long? At);
}
