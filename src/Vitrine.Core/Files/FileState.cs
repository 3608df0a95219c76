using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Files;

/// <summary>What the file system says of a file, a directory or a link.</summary>
/// <param name="Names">Of a file: how many names lead to it (its hard links).</param>
public readonly record struct FileState(ushort Mode, long Size, long ModifiedNs, long ChangedNs, long Inode, uint Names)
{
    private const int TypeMask = 0xf000;
    private const int DirectoryType = 0x4000;
    private const int RegularType = 0x8000;
    private const int LinkType = 0xa000;

    public bool IsRegular => (Mode & TypeMask) == RegularType;
    public bool IsDirectory => (Mode & TypeMask) == DirectoryType;
    public bool IsLink => (Mode & TypeMask) == LinkType;
    public SourceVersion Version => new(Size, ModifiedNs, Inode);

    /// <summary>The version as it can be compared with that of another day.</summary>
    /// <param name="inodesLast">See <see cref="Inodes.Last"/>.</param>
    public SourceVersion Recordable(bool inodesLast) => inodesLast ? Version : Version with { Inode = 0 };

    public long NewestNs => Math.Max(ModifiedNs, ChangedNs);

    /// <summary>Of what is open, whatever its name leads to by now.</summary>
    public static FileState Of(SafeFileHandle opened)
    {
        DiskError.Check(Kernel.Look(opened, [], out var state), "What is open");
        return state;
    }
}
