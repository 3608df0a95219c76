using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.Zip;

/// <summary>One record of a central directory, in its order there.</summary>
/// <param name="Packed">Bytes, as claimed.</param>
/// <param name="Offset">Of its local header, from the start of the file.</param>
internal sealed record ZipEntry(
    byte[] RawName, string Name, int Occurrence, ushort Flags, ushort Method, uint Checksum, long Packed, long Size, long Offset, uint UnixMode)
    : ArchiveEntry(RawName, Name, Occurrence, Size, Checksum)
{
    private const ushort EncryptedFlags = 0x2041;

    /// <summary>Its packed bytes lie within those of another.</summary>
    public bool Overlaps { get; init; }

    public override long? PackedSize => Packed;

    public override uint? Crc => Checksum;

    /// <summary>Encrypted, strongly encrypted, or with a masked header.</summary>
    public override bool IsEncrypted => (Flags & EncryptedFlags) != 0;

    public override bool IsSpecial => (UnixMode & 0xf000) is not (0 or 0x8000 or 0x4000);

    public override bool IsBroken => Overlaps || Packed < 0 || Offset < 0;
}
