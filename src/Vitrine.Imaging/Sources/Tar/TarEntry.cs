using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.Tar;

/// <summary>One entry of a tar.</summary>
/// <param name="Stamp">Its time of modification, s since 1970: a tar has no checksum of the bytes.</param>
/// <param name="Type">The type flag of its header.</param>
/// <param name="Offset">Of its bytes, from the start of the unpacked tar.</param>
internal sealed record TarEntry(byte[] RawName, string Name, int Occurrence, long Size, long Stamp, byte Type, long Offset)
    : ArchiveEntry(RawName, Name, Occurrence, Size, Stamp)
{
    public override bool IsDirectory => Type == (byte)'5' || base.IsDirectory;

    /// <summary>Links are never followed; sparse files and all that is newer than this reader have bytes that mean something else.</summary>
    public override bool IsSpecial => Type is not ((byte)'0' or 0 or (byte)'7' or (byte)'5');
}
