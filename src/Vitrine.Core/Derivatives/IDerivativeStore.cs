using Vitrine.Core.Jobs;

namespace Vitrine.Core.Derivatives;

/// <summary>
/// The files of cache folders. Promise: a blob appears whole under a name that nobody else uses, or not at all; nothing outside
/// a folder that carries our marker is written or deleted.
/// </summary>
public interface IDerivativeStore
{
    /// <summary>Makes the directory where it is missing and puts the marker with this id. A directory with another marker, or with files and no marker, is refused with a <see cref="CacheFolderException"/>.</summary>
    void Create(string folderPath, Guid marker);

    /// <summary>What the folder is like now: there, ours, writable, free bytes.</summary>
    FolderHealth Probe(string folderPath, Guid marker);

    /// <summary>Writes the bytes to <c>tmp/TOKEN/</c> in the folder. Throws <see cref="IOException"/> where the disk is full or gone.</summary>
    Task<StagedBlob> StageAsync(string folderPath, LeaseToken lease, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>The blob's stream, seekable, or null where there is no such file.</summary>
    Stream? Open(string folderPath, string name);

    /// <summary>Deletes a blob; true when it was there.</summary>
    bool Delete(string folderPath, string name);

    /// <summary>Deletes <c>tmp/TOKEN/</c> with all that is in it: whoever frees or takes over a lease calls it.</summary>
    void DropStaged(string folderPath, LeaseToken lease);

    /// <summary>All files below the folder but its marker, streamed, those in <c>tmp/</c> first, the journals of leases among them.</summary>
    IEnumerable<StoredFile> Files(string folderPath);
}

/// <summary>A blob under its temporary name. <see cref="Publish"/> gives it its final name; disposing an unpublished one deletes it.</summary>
public abstract class StagedBlob : IDisposable
{
    /// <summary>Notes the final name in the lease's journal (<see cref="CacheFolders.StagedNames.JournalOf"/>), then renames to it, within the folder. Throws <see cref="IOException"/> when the lease's staging place is gone.</summary>
    public abstract void Publish();

    public abstract void Dispose();
}

/// <param name="Name">Slash-separated, relative to the folder.</param>
/// <param name="Staged">It stands in <c>tmp/</c>.</param>
public sealed record StoredFile(string Name, long Size, DateTimeOffset WrittenAt, bool Staged);

public enum FolderFault
{
    None,

    /// <summary>It is not there: unplugged, unmounted, renamed.</summary>
    Missing,

    /// <summary>It has no marker, or that of another folder or another installation.</summary>
    NotOurs,

    ReadOnly,

    /// <summary>Its disk is full, or its quota.</summary>
    Full,

    /// <summary>Its disk answers with another error.</summary>
    Failing,
}

public sealed record FolderHealth(FolderFault Fault, long FreeBytes, long TotalBytes);

/// <summary>A cache folder that cannot be used, with a stable code and a message for people: for whoever reads or writes there, its disk fails.</summary>
public sealed class CacheFolderException(string code, string message) : IOException(message)
{
    public string Code { get; } = code;
}
