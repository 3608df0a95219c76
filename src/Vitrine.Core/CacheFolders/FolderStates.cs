using System.Collections.Concurrent;
using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// What cache folders and their disks are like now: looked at once for all who place and move files, and again when that is older than
/// <see cref="MaxAge"/>. A folder that failed while it was written comes last for a while, so that another one takes its place.
/// </summary>
public sealed class FolderStates(ICacheFolderStore store, IDerivativeStore files, TimeProvider time) : IDisposable
{
    /// <summary>How old what is known of folders and disks may be.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    /// <summary>How long a folder that failed comes last.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<FolderId, Failure> _failures = new();
    private readonly Permits _refresh = new(1);
    private Known _known = new(FolderView.Empty, null);

    public async Task<FolderView> ReadAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } known) return known;
        await _refresh.TakeAsync(cancellation);
        try
        {
            if (Fresh() is { } meanwhile) return meanwhile;
            var folders = await store.ListAsync(cancellation);
            var view = new FolderView([.. folders.Select(Look)], (await store.OwedAsync(cancellation)).Bytes);
            Volatile.Write(ref _known, new(view, time.GetTimestamp()));
            return view;
        }
        finally
        {
            _refresh.Give();
        }
    }

    /// <summary>The next read looks at folders and disks anew.</summary>
    public void Refresh() => Volatile.Write(ref _known, new(FolderView.Empty, null));

    /// <summary>A write to the folder failed.</summary>
    public void NoteFailure(FolderId folder, FolderFault fault)
    {
        _failures[folder] = new(fault, time.GetTimestamp());
        Refresh();
    }

    public void Dispose() => _refresh.Dispose();

    private FolderState Look(CacheFolder folder)
    {
        var health = files.Probe(folder.Path, folder.Marker);
        var failed = _failures.TryGetValue(folder.Id, out var failure);
        if (failed && time.GetElapsedTime(failure!.At) >= Rest)
        {
            failed = false;
            _failures.TryRemove(new(folder.Id, failure));
        }
        return new(folder, health.FreeBytes, health.Fault == FolderFault.None, 0)
        {
            Fault = health.Fault != FolderFault.None || !failed ? health.Fault : failure!.Fault, FailedLately = failed,
        };
    }

    private FolderView? Fresh()
    {
        var known = Volatile.Read(ref _known);
        return known.At is { } at && time.GetElapsedTime(at) < MaxAge ? known.View : null;
    }

    private sealed record Known(FolderView View, long? At);

    private sealed record Failure(FolderFault Fault, long At);
}

/// <param name="OwedBytes">Room that thumbnails still need: see <see cref="ThumbnailsOwed"/>.</param>
public sealed record FolderView(IReadOnlyList<FolderState> Folders, long OwedBytes)
{
    public static FolderView Empty { get; } = new([], 0);
}

/// <summary>Thumbnails that libraries still lack, and what those that are there have cost. Pure.</summary>
/// <param name="Images">New images of libraries that make thumbnails.</param>
/// <param name="Made">Thumbnails that are there.</param>
/// <param name="MadeBytes">Their bytes.</param>
public sealed record ThumbnailsOwed(long Images, long Made, long MadeBytes)
{
    /// <summary>Of a thumbnail, while there is none.</summary>
    private const long FirstGuess = 20_000;

    /// <summary>Room to keep free for them: their mean size so far, and a quarter more.</summary>
    public long Bytes => Images * (Made == 0 ? FirstGuess : MadeBytes / Made) * 5 / 4;
}
