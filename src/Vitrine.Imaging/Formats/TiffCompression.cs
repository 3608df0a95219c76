using System.Buffers.Binary;

namespace Vitrine.Imaging.Formats;

/// <summary>Tells a TIFF that is packed in a way the bundled libtiff was built without: it is not read here, and not broken.</summary>
internal static class TiffCompression
{
    private const ushort CompressionTag = 259;
    private const int Lerc = 34887, Lzma = 34925, Zstd = 50000;
    private const int MaxTags = 4096;

    public static bool IsMissing(ReadOnlySpan<byte> bytes) => Of(bytes) is Lerc or Lzma or Zstd;

    /// <summary>The tag's value in the first directory of a classic or a big TIFF; null where it cannot be found.</summary>
    private static int? Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 16) return null;
        var little = bytes[0] == 'I';
        var big = Read16(bytes[2..], little) == 43;
        var at = big ? Read64(bytes[8..], little) : Read32(bytes[4..], little);
        var (header, entry, value) = big ? (8, 20, 12) : (2, 12, 8);
        if (at < 8 || at > bytes.Length - header) return null;
        var tags = bytes[(int)at..];
        var count = big ? Read64(tags, little) : Read16(tags, little);
        for (var i = 0; i < Math.Min(count, MaxTags); i++)
        {
            if (header + ((i + 1L) * entry) > tags.Length) return null;
            var tag = tags[(header + (i * entry))..];
            if (Read16(tag, little) == CompressionTag) return Read16(tag[value..], little);
        }
        return null;
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static long Read32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static long Read64(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : BinaryPrimitives.ReadInt64BigEndian(bytes);
}
