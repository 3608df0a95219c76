using Vitrine.Core.Libraries;

namespace Vitrine.Imaging.Sources.Zip;

/// <summary>One record of a central directory, in its order there.</summary>
/// <param name="RawName">As the archive holds it.</param>
/// <param name="Occurrence">0 for the first entry of this name, 1 for the second.</param>
/// <param name="Offset">Of its local header, from the start of the file.</param>
internal sealed record ZipEntry(
    byte[] RawName, string Name, int Occurrence, ushort Flags, ushort Method, uint Crc, long PackedSize, long Size, long Offset, uint UnixMode)
{
    public const ushort Stored = 0;
    public const ushort Deflated = 8;

    private const ushort EncryptedFlags = 0x2041;

    public bool IsDirectory => RawName.Length > 0 && RawName[^1] is (byte)'/' or (byte)'\\';

    /// <summary>Encrypted, strongly encrypted, or with a masked header.</summary>
    public bool IsEncrypted => (Flags & EncryptedFlags) != 0;

    /// <summary>A link, a device, a fifo or a socket: its bytes are no picture, or say where one is.</summary>
    public bool IsSpecial => (UnixMode & 0xf000) is not (0 or 0x8000 or 0x4000);

    public SourceVersion Version => new(Size, Crc, 0);
}
