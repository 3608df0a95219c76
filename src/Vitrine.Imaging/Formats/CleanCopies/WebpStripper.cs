using System.Buffers.Binary;

namespace Vitrine.Imaging.Formats.CleanCopies;

/// <summary>Takes EXIF, XMP and unknown chunks out of a WebP, and clears their flags in its extended header.</summary>
internal static class WebpStripper
{
    private const int HeaderBytes = 12;
    private const int ChunkHeader = 8;
    private const byte ExifAndXmpFlags = 0x0c;

    /// <returns>The copy's length, or null where the chunks do not fill the file.</returns>
    public static int? Strip(Span<byte> bytes) => Walk(bytes, keep: false) is null ? null : Walk(bytes, keep: true);

    private static int? Walk(Span<byte> bytes, bool keep)
    {
        var end = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) + 8L;
        if (end > bytes.Length || end < HeaderBytes) return null;
        var kept = new Compactor(bytes);
        if (keep) kept.Keep(0, HeaderBytes);
        var at = HeaderBytes;
        while (at + ChunkHeader <= end)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            if (length > end - at - ChunkHeader) return null;
            var size = ChunkHeader + (int)length;
            // The padding of the last chunk may be missing.
            var padded = (int)Math.Min(size + (size & 1), end - at);
            var name = bytes.Slice(at, 4);
            if (keep && name.SequenceEqual("VP8X"u8) && length >= 1) bytes[at + ChunkHeader] &= unchecked((byte)~ExifAndXmpFlags);
            if (keep && IsKept(name)) kept.Keep(at, padded);
            at += padded;
        }
        if (keep) BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], (uint)kept.Length - 8);
        return keep ? kept.Length : 0;
    }

    private static bool IsKept(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("VP8 "u8) || name.SequenceEqual("VP8L"u8) || name.SequenceEqual("VP8X"u8) || name.SequenceEqual("ALPH"u8)
        || name.SequenceEqual("ANIM"u8) || name.SequenceEqual("ANMF"u8) || name.SequenceEqual("ICCP"u8);
}
