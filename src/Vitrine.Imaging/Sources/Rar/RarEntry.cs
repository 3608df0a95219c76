using SharpCompress.Archives.Rar;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.Rar;

/// <summary>One entry of a RAR. Its reader checks its CRC-32 or BLAKE2 as it is read.</summary>
internal sealed record RarEntry(byte[] RawName, string Name, int Occurrence, long Size, long Stamp, RarArchiveEntry Within)
    : ArchiveEntry(RawName, Name, Occurrence, Size, Stamp)
{
    private const int UnixType = 0xf000;
    private const int UnixLink = 0xa000;

    public override long? PackedSize => Within.CompressedSize;

    public override bool IsDirectory => Within.IsDirectory || base.IsDirectory;

    public override bool IsEncrypted => Within.IsEncrypted;

    /// <summary>RAR 5 says so; in RAR 4 the type stands in the attributes where Unix wrote them.</summary>
    public override bool IsSpecial => Within.IsRedir || (Within.Attrib & UnixType) == UnixLink;
}
