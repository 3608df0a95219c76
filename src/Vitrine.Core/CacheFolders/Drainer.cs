using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Vitrine.Core.Alerts;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Moves what is in a draining folder to others, while it is served: copied and hashed under a new name, then the row is set from the old place to the new one,
/// then the old file goes. Who has it open reads on; who finds no file reads the row again. A crash leaves a file of nobody: the copy stands in the journal of
/// the mover's token, and the old one carries a name that no row has.
/// </summary>
public sealed partial class Drainer(ICacheFolderStore store, FolderStates states, IBlobPlaces places, IDerivativeStore files, DrainSettings settings)
    : PeriodicService(TimeSpan.FromSeconds(2), settings.Pulse, settings.Time, settings.Logger)
{
    private const int PageSize = 64;

    /// <summary>Far more than a page takes; a node that died frees it so late.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    private readonly Dictionary<FolderId, string?> _after = [];
    private readonly HashSet<FolderId> _waiting = [];
    private int _number;

    /// <summary>A folder is to be drained, or no longer: looked at now.</summary>
    public void Ring() => settings.Pulse.Ring();

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var more = false;
        foreach (var folder in await store.ListAsync(cancellation))
        {
            if (folder is { Draining: true, Blobs: > 0 }) more |= await DrainAsync(folder, cancellation);
            else await ClearAsync(folder, cancellation);
        }
        return more;
    }

    /// <summary>One page. True: there is more that may go.</summary>
    private async Task<bool> DrainAsync(CacheFolder folder, CancellationToken cancellation)
    {
        if (files.Probe(folder.Path, folder.Marker).Fault is FolderFault.Missing or FolderFault.NotOurs) return false;
        if (await settings.Locks.AcquireAsync($"drain {folder.Id}", settings.Node.Name, Hold, cancellation) is not { } grant) return false;
        var (used, lacking) = (new HashSet<string>(), new Lacking());
        try
        {
            var page = await places.InFolderAsync(folder.Id, _after.GetValueOrDefault(folder.Id), PageSize, cancellation);
            var (moved, unplaced) = (0, 0L);
            foreach (var blob in page)
            {
                if (await MoveAsync(folder, blob, new(grant.Token), used, lacking, cancellation)) moved++;
                else unplaced += blob.File.Size;
            }
            // What found no room is passed over, and looked at again after all others.
            _after[folder.Id] = page.Count < PageSize ? null : page[^1].File.Name;
            if (unplaced > 0) await WaitAsync(folder, cancellation);
            else if (moved > 0) await ClearAsync(folder, cancellation);
            return moved > 0 || page.Count == PageSize;
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            LogFailed(Logger, folder.Id, disk.Message);
            return false;
        }
        finally
        {
            foreach (var target in used) files.DropStaged(target, new(grant.Token));
            await settings.Locks.ReleaseAsync(grant, CancellationToken.None);
            await settings.Repair.QueueAsync(lacking, CancellationToken.None);
        }
    }

    /// <summary>False: no other folder takes it now.</summary>
    private async Task<bool> MoveAsync(CacheFolder folder, PlacedBlob blob, LeaseToken mover, HashSet<string> used, Lacking lacking, CancellationToken cancellation)
    {
        var view = await states.ReadAsync(cancellation);
        var size = blob.File.Size;
        if (Placement.Order(view.Folders, blob.Collection, blob.Preset, size, view.OwedBytes).FirstOrDefault() is not { Folder: { } target }) return false;
        if (await ReadAsync(folder, blob.File, cancellation) is not { } bytes)
        {
            // A copy would only carry the damage on.
            LogDamaged(Logger, blob.File.Name, folder.Id);
            return await settings.Repair.TakeOutAsync(folder, blob.Row, lacking, cancellation);
        }
        var to = new BlobFile(target.Id, NameFor(blob.File.Name, mover), size, blob.File.Hash);
        used.Add(target.Path);
        await CopyAsync(target, to, mover, bytes, cancellation);
        var answer = await places.MoveAsync(blob.Id, blob.File, to, cancellation);
        if (answer == MoveAnswer.Moved) files.Delete(folder.Path, blob.File.Name);
        else files.Delete(target.Path, to.Name);
        states.Refresh();
        return answer != MoveAnswer.NoRoom;
    }

    private async Task CopyAsync(CacheFolder target, BlobFile to, LeaseToken mover, byte[] bytes, CancellationToken cancellation)
    {
        try
        {
            using var staged = await files.StageAsync(target.Path, mover, to.Name, bytes, cancellation);
            staged.Publish();
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            states.NoteFailure(target.Id, DiskErrors.FaultOf(disk));
            throw;
        }
    }

    /// <summary>Null where the file is not what its row says.</summary>
    private async Task<byte[]?> ReadAsync(CacheFolder folder, BlobFile file, CancellationToken cancellation)
    {
        await using var stream = files.Open(folder.Path, file.Name);
        if (stream is null || stream.Length != file.Size) return null;
        var bytes = new byte[file.Size];
        await stream.ReadExactlyAsync(bytes, cancellation);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == file.Hash ? bytes : null;
    }

    /// <summary>The key stays, the token and the number are the mover's: no name is ever written twice.</summary>
    private string NameFor(string name, LeaseToken mover) =>
        ((BlobName.Parse(name) ?? throw new InvalidDataException($"A row names '{name}', which is no blob's name.")) with { Lease = mover, Number = ++_number }).ToString();

    private async Task WaitAsync(CacheFolder folder, CancellationToken cancellation)
    {
        if (!_waiting.Add(folder.Id)) return;
        await settings.Alerts.RaiseAsync(new(AlertCode.DrainWaits, $"folder/{folder.Id}", AlertSeverity.Warning,
            $"The cache folder {folder.Id} is drained, and no other folder takes what is left: raise a limit, add a folder, or stop draining.", Path: folder.Path), cancellation);
    }

    private async Task ClearAsync(CacheFolder folder, CancellationToken cancellation)
    {
        if (_waiting.Remove(folder.Id)) await settings.Alerts.ClearAsync(AlertCode.DrainWaits, $"folder/{folder.Id}", cancellation);
    }

    [LoggerMessage(185, LogLevel.Warning, "Cache folder {Folder} is not drained now: {Problem}")]
    private static partial void LogFailed(ILogger logger, FolderId folder, string problem);

    [LoggerMessage(186, LogLevel.Warning, "{File} of cache folder {Folder} is damaged: it is taken out and made again, and not moved.")]
    private static partial void LogDamaged(ILogger logger, string file, FolderId folder);
}

/// <summary>What draining needs beside its contracts.</summary>
public sealed record DrainSettings(ILockStore Locks, IAlertStore Alerts, BlobRepair Repair, Node Node, TimeProvider Time, ILogger<Drainer> Logger)
{
    internal Pulse Pulse { get; } = new();
}
