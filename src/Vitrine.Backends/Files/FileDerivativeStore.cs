using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Files;

/// <summary>
/// Blobs as files, <c>tmp/TOKEN/</c> for those not yet published, and a marker that says whose folder it is. What is read, written or
/// deleted goes through <see cref="CacheRoot"/>.
/// </summary>
/// <param name="installation">Whose markers are ours; null takes those of any installation.</param>
/// <param name="refused">Where refusals are told; null tells nobody.</param>
public sealed class FileDerivativeStore(Installation? installation = null, RefusedPaths? refused = null) : IDerivativeStore, ISmallFiles
{
    public const string MarkerName = MarkerFile.Name;
    private const string Staging = "tmp";
    private const string ProbeName = ".vitrine-probe";

    /// <summary>Links are not followed: what they point at is not ours.</summary>
    private static readonly EnumerationOptions Direct = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
    private static readonly EnumerationOptions All = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false, RecurseSubdirectories = true };

    public void Create(string folderPath, Guid marker)
    {
        if (!Path.IsPathFullyQualified(folderPath)) throw new CacheFolderException("path-refused", "A cache folder is named by its absolute path.");
        var present = MarkerFile.Read(folderPath, refused);
        if (present?.Id == marker && IsOurs(present)) return;
        if (present is not null) throw new CacheFolderException("not-ours", $"{folderPath} is a cache folder of another Vitrine (marker {present.Id}).");
        if (Directory.Exists(folderPath) && Directory.EnumerateFileSystemEntries(folderPath).Any())
        {
            throw new CacheFolderException("not-empty", $"{folderPath} holds files that are not ours. A new cache folder is an empty directory.");
        }
        Directory.CreateDirectory(folderPath);
        using var root = CacheRoot.Open(folderPath, refused);
        MarkerFile.Write(root, new(marker, installation?.Id));
    }

    public FolderHealth Probe(string folderPath, Guid marker)
    {
        if (!Directory.Exists(folderPath)) return new(FolderFault.Missing, 0, 0);
        try
        {
            using var root = CacheRoot.Open(folderPath, refused);
            var (free, total) = Disk.Space(folderPath);
            return new(MarkerFile.Read(root) is { } found && found.Id == marker && IsOurs(found) ? WriteFault(root) : FolderFault.NotOurs, free, total);
        }
        catch (CacheFolderException)
        {
            // A link stands in its place.
            return new(FolderFault.NotOurs, 0, 0);
        }
        catch (Exception failing) when (failing is IOException or UnauthorizedAccessException)
        {
            // It went between two calls, or its disk answers with errors.
            return new(Directory.Exists(folderPath) ? FolderFault.Failing : FolderFault.Missing, 0, 0);
        }
    }

    public async Task<StagedBlob> StageAsync(
        string folderPath, LeaseToken lease, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (!CachePath.IsSafeName(name)) throw Refuse(folderPath, name);
        using var root = CacheRoot.Open(folderPath, refused);
        if (!root.Has(MarkerName)) throw new IOException($"{folderPath} has no marker: it is not there, or not ours.");
        var temporary = $"{Staging}/{lease}/{Path.GetFileName(name)}";
        var staged = new StagedFile(folderPath, lease, temporary, name, refused);
        var whole = false;
        try
        {
            using var file = root.Create(temporary);
            await RandomAccess.WriteAsync(file, bytes, 0, cancellation);
            whole = true;
        }
        finally
        {
            if (!whole) staged.Dispose();
        }
        return staged;
    }

    public Stream? Open(string folderPath, string name)
    {
        try
        {
            return CacheRoot.ReadFile(folderPath, name, refused);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public bool Read(string folderPath, string name, Span<byte> into) =>
        CachePath.IsSafeFolder(folderPath) && CachePath.IsSafeName(name) && DirectFile.ReadWhole(folderPath, name, into);

    public bool Delete(string folderPath, string name)
    {
        if (!CachePath.IsSafeName(name)) throw Refuse(folderPath, name);
        return InOurs(folderPath, root => root.Delete(name));
    }

    public void DropStaged(string folderPath, LeaseToken lease) => InOurs(folderPath, root =>
    {
        try
        {
            root.DeleteAll($"{Staging}/{lease}");
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was staged.
            return false;
        }
    });

    public IEnumerable<StoredFile> Files(string folderPath)
    {
        if (!Directory.Exists(folderPath)) return [];
        var staging = new DirectoryInfo(Path.Combine(folderPath, Staging));
        var staged = staging is { Exists: true, LinkTarget: null } ? Below(folderPath, staging) : [];
        var others = new DirectoryInfo(folderPath).EnumerateDirectories("*", Direct).Where(d => d.Name != Staging).SelectMany(d => Below(folderPath, d));
        return staged.Concat(Named(folderPath, new DirectoryInfo(folderPath).EnumerateFiles("*", Direct))).Concat(others);
    }

    private static IEnumerable<StoredFile> Below(string folderPath, DirectoryInfo directory) => Named(folderPath, directory.EnumerateFiles("*", All));

    private static IEnumerable<StoredFile> Named(string folderPath, IEnumerable<FileInfo> found)
    {
        foreach (var file in found)
        {
            var name = Path.GetRelativePath(folderPath, file.FullName);
            // What was published or dropped since its name was read is no longer there.
            if (name is MarkerName or MarkerFile.NewName || name.StartsWith(ProbeName, StringComparison.Ordinal) || !file.Exists) continue;
            yield return new(name, file.Length, file.LastWriteTimeUtc, name.StartsWith($"{Staging}/", StringComparison.Ordinal));
        }
    }

    private bool IsOurs(FolderMarker? marker) => marker is not null && (installation?.Id is not { } us || marker.Installation is null || marker.Installation == us);

    /// <summary>False: the folder is not there, or its marker is not ours. The marker is looked at from the descriptor that the deed starts at.</summary>
    private bool InOurs(string folderPath, Func<CacheRoot, bool> act)
    {
        if (!Directory.Exists(folderPath)) return false;
        using var root = CacheRoot.Open(folderPath, refused);
        return IsOurs(MarkerFile.Read(root)) && act(root);
    }

    private CacheFolderException Refuse(string folderPath, string name)
    {
        refused?.Note(folderPath, name, RefusedPaths.Outside);
        return CachePath.Refused(folderPath, name);
    }

    private static FolderFault WriteFault(CacheRoot root)
    {
        try
        {
            using (var file = root.Create(ProbeName)) RandomAccess.Write(file, [1], 0);
            root.Delete(ProbeName);
            return FolderFault.None;
        }
        catch (Exception unwritten) when (unwritten is IOException or UnauthorizedAccessException)
        {
            return DiskErrors.FaultOf(unwritten);
        }
    }
}
