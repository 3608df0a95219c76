using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Vitrine.Core.Libraries;

/// <summary>
/// Which directory a path leads to now: another one after it was replaced, or another disk was mounted there. What a decoder may read is bound to the directory
/// and not to the path.
/// </summary>
public readonly partial record struct RootStamp(ulong Mount, ulong Inode, ulong Device)
{
    private const int CurrentDirectory = -100;

    /// <summary>STATX_INO, STATX_MNT_ID and STATX_MNT_ID_UNIQUE: an older kernel gives the mount's short number, or none.</summary>
    private const uint Wanted = 0x100 | 0x1000 | 0x4000;

    private const int InodeAt = 32, DeviceAt = 136, MountAt = 144, Size = 256;

    /// <summary>Zeros where nothing is there, or it may not be looked at.</summary>
    public static RootStamp Of(string root)
    {
        Span<byte> found = stackalloc byte[Size];
        if (Look(CurrentDirectory, Encoding.UTF8.GetBytes(root + "\0"), 0, Wanted, found) != 0) return default;
        return new(
            BinaryPrimitives.ReadUInt64LittleEndian(found[MountAt..]), BinaryPrimitives.ReadUInt64LittleEndian(found[InodeAt..]),
            BinaryPrimitives.ReadUInt64LittleEndian(found[DeviceAt..]));
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Look(int directory, ReadOnlySpan<byte> path, int flags, uint mask, Span<byte> found);
}
