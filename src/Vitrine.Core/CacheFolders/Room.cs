using System.Collections.Concurrent;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Finds each derivative its folder, and reserves room there in chunks for the lease. What a lease has not used the store gives back
/// when the lease ends. Work of no job, which somebody waits for, may have others evicted; a job never.
/// </summary>
public sealed class Room(ICacheFolderStore store, FolderStates states, Evictor? evictor = null)
{
    private const long Chunk = 32L << 20;

    /// <summary>With less than this below a folder's limit, a chunk is a small share of what is left, so that none holds what others need.</summary>
    private const long Scarce = 64L << 20;

    private const int ScarceShare = 16;

    private readonly ConcurrentDictionary<(LeaseToken Lease, FolderId Folder, string? Budget), long> _left = new();

    /// <summary>Bytes of presets that found no room since the last look at it, for the alert.</summary>
    private long _unplaced;

    /// <summary>The folder that takes these bytes; they are reserved there. Null: no folder takes the preset now. A lease places one file at a time.</summary>
    public async Task<CacheFolder?> PlaceAsync(Lease lease, string preset, long bytes, CancellationToken cancellation)
    {
        var placed = await TryPlaceAsync(lease, preset, bytes, cancellation);
        if (lease.Job is null && evictor is not null)
        {
            if (placed is not null) evictor.Suggest(placed, bytes);
            else if (await evictor.MakeRoomAsync(lease.Collection, preset, bytes, cancellation)) placed = await TryPlaceAsync(lease, preset, bytes, cancellation);
        }
        if (placed is null && preset != Preset.Thumbnail.Name) Interlocked.Add(ref _unplaced, bytes);
        return placed;
    }

    /// <summary>Whether it is a disk that keeps the preset from being placed, and not room: see <see cref="Placement.IsAway"/>.</summary>
    public async Task<bool> IsAwayAsync(string preset, CancellationToken cancellation) => Placement.IsAway((await states.ReadAsync(cancellation)).Folders, preset);

    /// <summary>The lease ended: nothing is left of it.</summary>
    public void Forget(LeaseToken lease)
    {
        foreach (var key in _left.Keys.Where(k => k.Lease == lease)) _left.TryRemove(key, out _);
    }

    /// <summary>The next placement looks at folders and disks anew.</summary>
    public void Refresh() => states.Refresh();

    /// <summary>A write to the folder failed: others are tried first for a while.</summary>
    public void NoteFailure(FolderId folder, FolderFault fault) => states.NoteFailure(folder, fault);

    /// <summary>Bytes that were not made for lack of room since the last call.</summary>
    public long TakeUnplaced() => Interlocked.Exchange(ref _unplaced, 0);

    private async Task<CacheFolder?> TryPlaceAsync(Lease lease, string preset, long bytes, CancellationToken cancellation)
    {
        var view = await states.ReadAsync(cancellation);
        var mine = view.Folders.Select(f => f with { LeftBytes = _left.GetValueOrDefault((lease.Token, f.Folder.Id, f.Folder.BudgetOf(preset))) }).ToList();
        foreach (var state in Placement.Order(mine, lease.Collection, preset, bytes, lease.Job is null ? 0 : view.OwedBytes))
        {
            if (await TakeAsync(lease.Token, state, preset, bytes, cancellation)) return state.Folder;
        }
        return null;
    }

    private async Task<bool> TakeAsync(LeaseToken lease, FolderState state, string preset, long bytes, CancellationToken cancellation)
    {
        var key = (lease, state.Folder.Id, Budget: state.Folder.BudgetOf(preset));
        if (state.LeftBytes < bytes)
        {
            var below = state.RoomFor(preset);
            var missing = bytes - state.LeftBytes;
            var wanted = Math.Max(missing, below < Scarce ? below / ScarceShare : Chunk);
            if (!await store.ReserveAsync(lease, new(key.Id, wanted, key.Budget), cancellation))
            {
                Refresh();
                if (wanted == missing || !await store.ReserveAsync(lease, new(key.Id, missing, key.Budget), cancellation)) return false;
                wanted = missing;
            }
            _left.AddOrUpdate(key, wanted, (_, left) => left + wanted);
            if (below < Scarce) Refresh();
        }
        _left.AddOrUpdate(key, -bytes, (_, left) => left - bytes);
        return true;
    }
}
