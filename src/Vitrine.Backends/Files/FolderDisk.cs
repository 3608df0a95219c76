using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Files;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Files;

/// <summary>Cache folders as directories of this machine.</summary>
public sealed partial class FolderDisk(Installation installation, RefusedPaths? refused = null) : IFolderDisk
{
    public FolderSight Look(string path)
    {
        var folder = CachePath.Folder(path);
        var real = RealPath.Of(folder) ?? (RealPath.Of(Path.GetDirectoryName(folder) ?? "/") is { } parent ? Path.Combine(parent, Path.GetFileName(folder)) : null);
        if (real is null || !Directory.Exists(real)) return new(real, Exists: false, File.Exists(folder), IsEmpty: true, Writable: real is not null && CanWrite(Path.GetDirectoryName(real)!), null);
        var marker = MarkerFile.Read(real, refused);
        return new(real, Exists: true, IsFile: false, !Directory.EnumerateFileSystemEntries(real).Any(), CanWrite(real), marker);
    }

    /// <summary>A name that is made under one path and seen under the other: inodes can be the same on two disks, and differ on a network.</summary>
    public bool IsSame(string one, string other)
    {
        if (!Directory.Exists(one) || !Directory.Exists(other)) return false;
        var name = $".vitrine-probe-{Guid.NewGuid():N}";
        using var here = OpenDirectory.At(one);
        using var there = OpenDirectory.At(other);
        try
        {
            here.Create(Bytes(name)).Dispose();
            return there.Look(Bytes(name)) is not null;
        }
        finally
        {
            here.Delete(Bytes(name));
        }
    }

    public void Mark(string path, Guid marker)
    {
        Directory.CreateDirectory(path);
        using var root = CacheRoot.Open(path, refused);
        MarkerFile.Write(root, new(marker, installation.Id));
    }

    public int Release(string path, Guid marker)
    {
        if (!Directory.Exists(path)) return 0;
        using var root = CacheRoot.Open(path, refused);
        if (MarkerFile.Read(root)?.Id != marker) return 0;
        var files = new FileDerivativeStore(installation, refused);
        foreach (var file in files.Files(path))
        {
            if (file.Staged || StagedNames.MakerOf(file.Name) is not null) root.Delete(file.Name);
        }
        root.DeleteEmptyDirectories();
        var left = files.Files(path).Count();
        root.Delete(MarkerFile.Name);
        return left;
    }

    public void Sync(string path)
    {
        using var directory = Open(path);
        if (SyncFileSystem(directory) != 0) throw new IOException($"{path} could not be synced: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static bool CanWrite(string folder)
    {
        try
        {
            using var directory = OpenDirectory.At(folder);
            var probe = Bytes($".vitrine-probe-{Guid.NewGuid():N}");
            directory.Create(probe).Dispose();
            return directory.Delete(probe);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static byte[] Bytes(string name) => Encoding.UTF8.GetBytes(name);

    private static SafeFileHandle Open(string path)
    {
        const int directoryAndCloseOnExec = 0x10000 | 0x80000;
        var descriptor = OpenNative(path, directoryAndCloseOnExec);
        return descriptor >= 0
            ? new(descriptor, ownsHandle: true)
            : throw new IOException($"{path} could not be opened: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(SafeFileHandle directory);
}
