using System.Collections.Frozen;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Core.Files;

/// <summary>Inodes as names of files that can be compared with those of another day.</summary>
public static class Inodes
{
    /// <summary>FAT, exFAT, FUSE and SMB (linux/magic.h): they number their files as these are looked at, or may, and one has another number after a while.</summary>
    private static readonly FrozenSet<long> NumberedAnew = FrozenSet.ToFrozenSet([0x4D44L, 0x2011BAB0L, 0x65735546L, 0xFF534D42L, 0xFE534D42L]);

    /// <summary>Whether a file of the file system of what is open keeps its inode as long as it is there.</summary>
    public static bool Last(SafeFileHandle opened) => DoLast(Kernel.FileSystemOf(opened));

    /// <param name="fileSystem">Its kind, as <c>statfs</c> numbers it.</param>
    internal static bool DoLast(long fileSystem) => !NumberedAnew.Contains(fileSystem);
}
