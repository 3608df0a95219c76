using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Derivatives;

/// <summary>Writes what a group made into cache folders, under names that are issued once.</summary>
public sealed partial class GroupWriter(Room room, IDerivativeStore files, ILogger<GroupWriter> logger)
{
    /// <summary>Counted up in the whole process, so within each lease too: no name is ever written twice.</summary>
    private long _number;

    /// <summary>Folders where a lease has a staging place, and whether its journal is still needed when the lease is over.</summary>
    private readonly ConcurrentDictionary<(LeaseToken Lease, string Folder), bool> _staged = new();

    /// <summary>
    /// All files of the group under their final names, and the results to commit. A preset that no folder takes is left out; without room for
    /// thumbnails, or with a disk that fails, nothing of the group stays. Once all is written the files' bytes are given back, and nobody may look at them any more.
    /// </summary>
    public async Task<WrittenGroup> WriteAsync(Lease lease, IReadOnlyList<DerivedItem> group, CancellationToken cancellation)
    {
        var written = new WrittenGroup((folder, file) => Delete(lease.Token, folder, file));
        var complete = false;
        try
        {
            foreach (var item in group)
            {
                var result = await WriteAsync(lease, item, written, cancellation);
                if (lease.Job is not null && await WaitsForAsync(result.NoRoom ?? [], cancellation) is var wait && wait != Verdict.GoOn) return written.Failed(wait);
                written.Results.Add(result);
            }
            complete = true;
            foreach (var file in group.SelectMany(item => item.Files)) Frames.GiveBack(file.Bytes);
            return written;
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            LogDisk(logger, disk.Message);
            return written.Failed(Verdict.Disk);
        }
        finally
        {
            if (!complete) written.Dispose();
        }
    }

    /// <summary>What a job waits for, of what was not placed: a disk that comes back, or room for thumbnails. Larger presets without room are left out.</summary>
    private async Task<Verdict> WaitsForAsync(IReadOnlyList<string> unplaced, CancellationToken cancellation)
    {
        foreach (var preset in unplaced)
        {
            if (await room.IsAwayAsync(preset, cancellation)) return Verdict.Disk;
        }
        return unplaced.Contains(Preset.Thumbnail.Name) ? Verdict.NoThumbnails : Verdict.GoOn;
    }

    /// <summary>The lease is over, and its last commit has ended: its staging places go, with the journals in them.</summary>
    public void Forget(Lease lease)
    {
        room.Forget(lease.Token);
        foreach (var place in _staged.Keys.Where(place => place.Lease == lease.Token))
        {
            if (_staged.TryRemove(place, out var keep) && !keep) DropStaged(place.Folder, lease.Token);
        }
    }

    /// <summary>
    /// What the commit did not take. It has been decided already, so a disk that refuses only leaves a file: the lease's journal stays beside it, and
    /// the sweep of the next start deletes what has no row.
    /// </summary>
    private void Delete(LeaseToken lease, string folder, BlobFile file)
    {
        try
        {
            files.Delete(folder, file.Name);
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            LogLeft(logger, file.Name, disk.Message);
            _staged[(lease, folder)] = true;
        }
    }

    private void DropStaged(string folder, LeaseToken lease)
    {
        try
        {
            files.DropStaged(folder, lease);
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            // The next start sweeps it.
            LogDisk(logger, disk.Message);
        }
    }

    private async Task<ItemResult> WriteAsync(Lease lease, DerivedItem item, WrittenGroup written, CancellationToken cancellation)
    {
        var made = new List<MadeDerivative>();
        var noRoom = new List<string>();
        foreach (var file in item.Files)
        {
            if (item.Item.Presets.FirstOrDefault(asked => asked.Name == file.Info.Preset) is not { } preset || item.Facts is null) throw new InvalidDataException("A decoder sent a derivative that nobody asked for.");
            if (await room.PlaceAsync(lease, preset.Name, file.Bytes.Length, cancellation) is not { } folder)
            {
                noRoom.Add(preset.Name);
                continue;
            }
            var key = preset.KeyFor(item.Facts.ContentHash);
            var blob = await WriteAsync(lease, folder, key, file, cancellation);
            written.Files.Add((folder.Path, blob));
            made.Add(new(preset, key, blob, file.Info.Width, file.Info.Height, file.Info.ContentType, file.Info.Partial));
        }
        if (item is { Known: true, Facts: { } facts }) made.AddRange(Links(item.Item, facts));
        return new(item.Item.Item, item.Outcome, item.Reason, item.Message, item.VersionRead, item.Facts, made, noRoom, item.Item.Attempts + item.Tries, item.Decoder,
            Cost: item.Cost);
    }

    /// <summary>Without files: the commit links to the rows, or leaves the item open where one has gone.</summary>
    private static IEnumerable<MadeDerivative> Links(WorkItem item, ImageFacts facts) => item.Presets
        .Select(preset => new MadeDerivative(preset, preset.KeyFor(facts.ContentHash), null, 0, 0, "", facts.Damaged));

    private async Task<BlobFile> WriteAsync(Lease lease, CacheFolder folder, DerivativeKey key, DerivedFile file, CancellationToken cancellation)
    {
        var name = BlobName.Of(key, lease.Token, Interlocked.Increment(ref _number), file.Info.Preset, file.Info.ContentType).ToString();
        _staged.TryAdd((lease.Token, folder.Path), false);
        try
        {
            using var staged = await files.StageAsync(folder.Path, lease.Token, name, file.Bytes, cancellation);
            staged.Publish();
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            room.NoteFailure(folder.Id, DiskErrors.FaultOf(disk));
            throw;
        }
        return new(folder.Id, name, file.Bytes.Length, Convert.ToHexStringLower(SHA256.HashData(file.Bytes.Span)));
    }

    [LoggerMessage(161, LogLevel.Warning, "{File} is not needed and could not be deleted; the next start does it: {Problem}")]
    private static partial void LogLeft(ILogger logger, string file, string problem);

    [LoggerMessage(160, LogLevel.Error, "A derivative could not be written: {Problem}")]
    private static partial void LogDisk(ILogger logger, string problem);
}

/// <summary>Files under their final names that no row names yet; disposing deletes those that the commit did not take.</summary>
public sealed class WrittenGroup(Action<string, BlobFile> delete) : IDisposable
{
    public List<ItemResult> Results { get; } = [];

    internal List<(string Folder, BlobFile File)> Files { get; } = [];

    /// <summary>Why the group could not be written, or GoOn.</summary>
    public Verdict Fault { get; private set; }

    internal WrittenGroup Failed(Verdict fault)
    {
        Fault = fault;
        return this;
    }

    /// <summary>What the commit took has a row now and stays; files it did not take, and old ones that it replaced, go.</summary>
    public void Committed(CommitAnswer answer)
    {
        if (answer.State == CommitState.Fenced) return;
        var unused = answer.Unused.Select(file => (file.Folder, file.Name)).ToHashSet();
        Files.RemoveAll(file => !unused.Contains((file.File.Folder, file.File.Name)));
    }

    public void Dispose()
    {
        foreach (var (folder, file) in Files) delete(folder, file);
        Files.Clear();
    }
}
