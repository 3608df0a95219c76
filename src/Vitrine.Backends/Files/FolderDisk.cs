using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Files;

/// <summary>Cache folders as directories of this machine.</summary>
public sealed partial class FolderDisk(Installation installation) : IFolderDisk
{
    public FolderSight Look(string path)
    {
        var folder = CachePath.Folder(path);
        var real = RealPath.Of(folder) ?? (RealPath.Of(Path.GetDirectoryName(folder) ?? "/") is { } parent ? Path.Combine(parent, Path.GetFileName(folder)) : null);
        if (real is null || !Directory.Exists(real)) return new(real, Exists: false, File.Exists(folder), IsEmpty: true, Writable: real is not null && CanWrite(Path.GetDirectoryName(real)!), null);
        var marker = MarkerFile.Read(real);
        return new(real, Exists: true, IsFile: false, !Directory.EnumerateFileSystemEntries(real).Any(), CanWrite(real), marker);
    }

    /// <summary>A name that is made under one path and seen under the other: inodes can be the same on two disks, and differ on a network.</summary>
    public bool IsSame(string one, string other)
    {
        if (!Directory.Exists(one) || !Directory.Exists(other)) return false;
        var name = $".vitrine-probe-{Guid.NewGuid():N}";
        var probe = CachePath.Resolve(one, name);
        try
        {
            File.WriteAllBytes(probe, []);
            return File.Exists(CachePath.Resolve(other, name));
        }
        finally
        {
            File.Delete(probe);
        }
    }

    public void Mark(string path, Guid marker)
    {
        Directory.CreateDirectory(path);
        MarkerFile.Write(path, new(marker, installation.Id));
    }

    public int Release(string path, Guid marker)
    {
        if (MarkerFile.Read(path)?.Id != marker) return 0;
        foreach (var file in new FileDerivativeStore(installation).Files(path))
        {
            if (file.Staged || StagedNames.MakerOf(file.Name) is not null) File.Delete(CachePath.Resolve(path, file.Name));
        }
        foreach (var directory in Directory.GetDirectories(path)) DeleteEmpty(directory);
        var left = new FileDerivativeStore(installation).Files(path).Count();
        File.Delete(CachePath.Resolve(path, MarkerFile.Name));
        return left;
    }

    public void Sync(string path)
    {
        using var directory = Open(path);
        if (SyncFileSystem(directory) != 0) throw new IOException($"{path} could not be synced: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static void DeleteEmpty(string directory)
    {
        // A link is not ours, and what it points at is not either.
        if (new DirectoryInfo(directory).LinkTarget is not null) return;
        foreach (var below in Directory.GetDirectories(directory)) DeleteEmpty(below);
        if (!Directory.EnumerateFileSystemEntries(directory).Any()) Directory.Delete(directory);
    }

    private static bool CanWrite(string folder)
    {
        try
        {
            var probe = Path.Combine(folder, $".vitrine-probe-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static SafeFileHandle Open(string path)
    {
        const int directoryAndCloseOnExec = 0x10000 | 0x80000;
        var descriptor = OpenDirectory(path, directoryAndCloseOnExec);
        return descriptor >= 0
            ? new(descriptor, ownsHandle: true)
            : throw new IOException($"{path} could not be opened: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDirectory(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(SafeFileHandle directory);
}
