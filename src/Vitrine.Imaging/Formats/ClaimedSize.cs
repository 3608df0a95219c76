using System.Buffers.Binary;

namespace Vitrine.Imaging.Formats;

/// <summary>
/// The size that a file's first bytes claim. It is checked before a library opens the file: some allocate the whole canvas to read
/// a header, some quietly take another size than the one claimed.
/// </summary>
internal static class ClaimedSize
{
    private const int EnoughForAll = 30;

    /// <returns>Pixels; 0 where the format does not tell so early.</returns>
    public static long Pixels(ImageFormat format, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < EnoughForAll) return 0;
        return format switch
        {
            ImageFormat.Png => (long)BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]) * BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]),
            ImageFormat.Gif => (long)BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]) * BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]),
            ImageFormat.Webp => OfWebp(bytes),
            _ => 0,
        };
    }

    private static long OfWebp(ReadOnlySpan<byte> bytes)
    {
        var chunk = bytes.Slice(12, 4);
        if (chunk.SequenceEqual("VP8X"u8)) return (long)(Read24(bytes, 24) + 1) * (Read24(bytes, 27) + 1);
        if (chunk.SequenceEqual("VP8L"u8))
        {
            // After the signature byte: 14 bits of width - 1, 14 bits of height - 1.
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]);
            return (long)((bits & 0x3fff) + 1) * (((bits >> 14) & 0x3fff) + 1);
        }
        return (long)(BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]) & 0x3fff) * (BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]) & 0x3fff);
    }

    private static int Read24(ReadOnlySpan<byte> bytes, int at) => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
}
