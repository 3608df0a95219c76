using System.Collections.Frozen;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Core.Files;

/// <summary>A file by its whole path, with as few calls of the kernel as there are.</summary>
public static class DirectFile
{
    /// <summary>Up to here a path needs no memory of its own.</summary>
    private const int ShortPath = 512;

    /// <summary>ext2 to 4, XFS, Btrfs, F2FS and tmpfs, as <c>statfs</c> numbers them (linux/magic.h): disks of this machine that can read without waiting. Of others each file would be opened twice.</summary>
    private static readonly FrozenSet<long> Local = FrozenSet.ToFrozenSet([0xEF53L, 0x58465342L, 0x9123683EL, 0xF2F52010L, 0x01021994L]);

    /// <summary>Opens a regular file to read, where no part of its path is a link. Null: it is not to be had so, for whatever reason, and a longer way will tell it.</summary>
    /// <param name="folder">Absolute. Neither it nor the name has a part "..".</param>
    public static SafeFileHandle? Open(string folder, string name, out long size)
    {
        size = 0;
        if (Open(folder, name, atHand: false) is not { } file) return null;
        if (Kernel.Look(file, [], out var state) == 0 && state.IsRegular)
        {
            size = state.Size;
            return file;
        }
        file.Dispose();
        return null;
    }

    /// <summary>Reads a file whole, where it is of exactly this size and its name and bytes are in memory; false: it is to be opened, which may wait for its disk.</summary>
    /// <param name="into">Longer than the file by one byte at least.</param>
    public static bool TryReadAtHand(string folder, string name, int size, Span<byte> into)
    {
        using var file = Open(folder, name, atHand: true);
        return file is not null && Kernel.ReadAtHand(file, into[..(size + 1)]) == size;
    }

    /// <summary>Whether a file's disk asks no other machine, and no other program, for what is opened there, and tells what it has in memory.</summary>
    public static bool IsLocal(SafeFileHandle file) => Local.Contains(Kernel.DiskKindOf(file));

    /// <summary>As <see cref="RandomAccess.Read(SafeFileHandle, Span{byte}, long)"/>, which asks first whether the file has places.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public static int Read(SafeFileHandle file, Span<byte> into, long offset) => DiskError.Check(Kernel.ReadAt(file, into, offset), "What is open");

    private static SafeFileHandle? Open(string folder, string name, bool atHand)
    {
        var most = Encoding.UTF8.GetMaxByteCount(folder.Length + 1 + name.Length);
        var path = most <= ShortPath ? stackalloc byte[ShortPath] : new byte[most];
        var length = Encoding.UTF8.GetBytes(folder, path);
        path[length++] = (byte)'/';
        length += Encoding.UTF8.GetBytes(name, path[length..]);

        var opened = Kernel.OpenWithoutLinks(path[..length], atHand);
        return opened < 0 ? null : new(opened, ownsHandle: true);
    }
}
