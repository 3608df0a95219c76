using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Files;

/// <summary>
/// Blobs as files, <c>tmp/TOKEN/</c> for those not yet published, and a marker that says whose folder it is. A path that is refused is logged: no name of ours
/// ever leads out.
/// </summary>
/// <param name="installation">Whose markers are ours; null takes those of any installation.</param>
public sealed partial class FileDerivativeStore(Installation? installation = null, ILogger<FileDerivativeStore>? logger = null) : IDerivativeStore
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
        var present = MarkerFile.Read(folderPath);
        if (present?.Id == marker && IsOurs(present)) return;
        if (present is not null) throw new CacheFolderException("not-ours", $"{folderPath} is a cache folder of another Vitrine (marker {present.Id}).");
        if (Directory.Exists(folderPath) && Directory.EnumerateFileSystemEntries(folderPath).Any())
        {
            throw new CacheFolderException("not-empty", $"{folderPath} holds files that are not ours. A new cache folder is an empty directory.");
        }
        Directory.CreateDirectory(folderPath);
        MarkerFile.Write(folderPath, new(marker, installation?.Id));
    }

    public FolderHealth Probe(string folderPath, Guid marker)
    {
        if (!Directory.Exists(folderPath)) return new(FolderFault.Missing, 0, 0);
        try
        {
            var (free, total) = Disk.Space(folderPath);
            return new(MarkerFile.Read(folderPath) is { } found && found.Id == marker && IsOurs(found) ? WriteFault(folderPath) : FolderFault.NotOurs, free, total);
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
        var final = Resolve(folderPath, name);
        var directory = CachePath.Resolve(folderPath, $"{Staging}/{lease}");
        if (!File.Exists(CachePath.Resolve(folderPath, MarkerName))) throw new IOException($"{folderPath} has no marker: it is not there, or not ours.");
        Directories.MakeBelow(folderPath, directory);
        var temporary = CachePath.Resolve(folderPath, $"{Staging}/{lease}/{Path.GetFileName(final)}");
        var staged = new StagedFile(folderPath, temporary, name, CachePath.Resolve(folderPath, StagedNames.JournalOf(lease)));
        var whole = false;
        try
        {
            await using var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: false);
            await stream.WriteAsync(bytes, cancellation);
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
            return new FileStream(Resolve(folderPath, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public bool Delete(string folderPath, string name)
    {
        var path = Resolve(folderPath, name);
        if (!IsOurs(MarkerFile.Read(folderPath)) || !File.Exists(path)) return false;
        File.Delete(path);
        return true;
    }

    public void DropStaged(string folderPath, LeaseToken lease)
    {
        var directory = CachePath.Resolve(folderPath, $"{Staging}/{lease}");
        if (!IsOurs(MarkerFile.Read(folderPath)) || !Directory.Exists(directory)) return;
        // A link within goes as a link: what it points at stays.
        Directory.Delete(directory, recursive: true);
    }

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

    private string Resolve(string folderPath, string name)
    {
        try
        {
            return CachePath.Resolve(folderPath, name);
        }
        catch (CacheFolderException)
        {
            LogRefused(logger ?? NullLogger<FileDerivativeStore>.Instance, name, folderPath);
            throw;
        }
    }

    private static FolderFault WriteFault(string folderPath)
    {
        var path = CachePath.Resolve(folderPath, ProbeName);
        try
        {
            File.WriteAllBytes(path, [1]);
            File.Delete(path);
            return FolderFault.None;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return DiskErrors.FaultOf(refused);
        }
    }

    [LoggerMessage(190, LogLevel.Warning, "Security: the path {Path} was refused in cache folder {Root}.")]
    private static partial void LogRefused(ILogger logger, string path, string root);
}
