using SharpCompress.Archives.SevenZip;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.SevenZip;

/// <summary>One entry of a 7z, whose names are text: the raw name is their UTF-8.</summary>
/// <param name="Number">Counts the files, from 1 on; 0 for a directory.</param>
internal sealed record SevenZipEntry(byte[] RawName, string Name, int Occurrence, int Number, SevenZipArchiveEntry Within)
    : ArchiveEntry(RawName, Name, Occurrence, Within.Size, Within.Crc)
{
    /// <summary>Attributes of Unix stand in the upper half where this bit says so.</summary>
    private const int HasUnixMode = 0x8000;

    private const int UnixType = 0xf000;
    private const int UnixLink = 0xa000;
    private const int ReparsePoint = 0x400;

    public override uint? Crc => Within.Crc == 0 ? null : (uint)Within.Crc;

    public override bool IsDirectory => Within.IsDirectory || base.IsDirectory;

    public override bool IsEncrypted => Within.IsEncrypted;

    public override bool IsSpecial => Within.IsAnti
        || (Within.Attrib is { } attributes && ((attributes & ReparsePoint) != 0 || ((attributes & HasUnixMode) != 0 && ((attributes >> 16) & UnixType) == UnixLink)));
}
