using Vitrine.Core.Libraries;

namespace Vitrine.Imaging.Native;

/// <summary>What the file system says of a file or a directory.</summary>
internal readonly record struct FileState(ushort Mode, long Size, long ModifiedNs, long ChangedNs, long Inode)
{
    private const int TypeMask = 0xf000;
    private const int DirectoryType = 0x4000;
    private const int RegularType = 0x8000;

    public bool IsRegular => (Mode & TypeMask) == RegularType;
    public bool IsDirectory => (Mode & TypeMask) == DirectoryType;
    public SourceVersion Version => new(Size, ModifiedNs, Inode);
    public long NewestNs => Math.Max(ModifiedNs, ChangedNs);
}
