namespace Vitrine.Imaging.Formats.CleanCopies;

/// <summary>Takes comments, texts and application data (XMP) out of a GIF; the loop count of an animation stays.</summary>
internal static class GifStripper
{
    private const int HeaderBytes = 13;
    private const byte Extension = 0x21, ImageBlock = 0x2c, Trailer = 0x3b;
    private const byte GraphicControl = 0xf9, Application = 0xff;

    /// <returns>The copy's length, or null where the blocks do not reach the trailer.</returns>
    public static int? Strip(Span<byte> bytes) => Walk(bytes, keep: false) is null ? null : Walk(bytes, keep: true);

    private static int? Walk(Span<byte> bytes, bool keep)
    {
        if (bytes.Length < HeaderBytes) return null;
        var at = HeaderBytes + TableBytes(bytes[10]);
        if (at >= bytes.Length) return null;
        var kept = new Compactor(bytes);
        if (keep) kept.Keep(0, at);
        while (at < bytes.Length)
        {
            if (bytes[at] == Trailer)
            {
                if (keep) kept.Keep(at, 1);
                return keep ? kept.Length : 0;
            }
            if (BlockEnd(bytes, at) is not { } end) return null;
            if (keep && IsKept(bytes[at..end])) kept.Keep(at, end - at);
            at = end;
        }
        return null;
    }

    private static bool IsKept(ReadOnlySpan<byte> block) =>
        block[0] == ImageBlock || block[1] == GraphicControl
        || (block[1] == Application && block.Length > 14 && (block[3..].StartsWith("NETSCAPE2.0"u8) || block[3..].StartsWith("ANIMEXTS1.0"u8)));

    private static int? BlockEnd(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes[at] == Extension) return at + 2 < bytes.Length ? SubBlocksEnd(bytes, at + 2) : null;
        if (bytes[at] != ImageBlock || at + 10 >= bytes.Length) return null;
        return SubBlocksEnd(bytes, at + 10 + TableBytes(bytes[at + 9]) + 1);
    }

    private static int? SubBlocksEnd(ReadOnlySpan<byte> bytes, int at)
    {
        while (at < bytes.Length)
        {
            if (bytes[at] == 0) return at + 1;
            at += bytes[at] + 1;
        }
        return null;
    }

    private static int TableBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
