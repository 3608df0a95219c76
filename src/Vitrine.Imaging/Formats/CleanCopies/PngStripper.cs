using System.Buffers.Binary;

namespace Vitrine.Imaging.Formats.CleanCopies;

/// <summary>Keeps the chunks of a PNG that pixels, colours and animation need; text, EXIF, times, private chunks and what follows the end go.</summary>
internal static class PngStripper
{
    private const int SignatureBytes = 8;
    private const int ChunkOverhead = 12;

    private static readonly HashSet<uint> Kept =
    [
        Code("IHDR"u8), Code("PLTE"u8), Code("IDAT"u8), Code("IEND"u8), Code("tRNS"u8), Code("gAMA"u8), Code("cHRM"u8), Code("sRGB"u8), Code("iCCP"u8),
        Code("cICP"u8), Code("sBIT"u8), Code("bKGD"u8), Code("pHYs"u8), Code("acTL"u8), Code("fcTL"u8), Code("fdAT"u8),
    ];

    /// <returns>The copy's length, or null where the chunks do not reach the end.</returns>
    public static int? Strip(Span<byte> bytes) => Walk(bytes, keep: false) is null ? null : Walk(bytes, keep: true);

    private static int? Walk(Span<byte> bytes, bool keep)
    {
        var kept = new Compactor(bytes);
        if (keep) kept.Keep(0, SignatureBytes);
        var at = SignatureBytes;
        while (at + ChunkOverhead <= bytes.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length > bytes.Length - at - ChunkOverhead) return null;
            var code = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]);
            var size = (int)length + ChunkOverhead;
            if (keep && Kept.Contains(code)) kept.Keep(at, size);
            at += size;
            if (code == Code("IEND"u8)) return keep ? kept.Length : 0;
        }
        return null;
    }

    private static uint Code(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);
}
