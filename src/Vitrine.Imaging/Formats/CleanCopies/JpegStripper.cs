using System.Buffers.Binary;

namespace Vitrine.Imaging.Formats.CleanCopies;

/// <summary>
/// Takes a JPEG's application segments and comments out, and all that follows its end. What tells the colours stays: JFIF (without
/// its thumbnail), Adobe's transform, and an ICC profile.
/// </summary>
internal static class JpegStripper
{
    private const byte StartOfScan = 0xda, EndOfImage = 0xd9, Comment = 0xfe;
    private const byte App0 = 0xe0, App2 = 0xe2, App14 = 0xee, App15 = 0xef;
    private const int JfifBytes = 18;

    /// <returns>The copy's length, or null where the structure is not plain enough to be copied.</returns>
    public static int? Strip(Span<byte> bytes)
    {
        // First without changing anything: a file that cannot be copied is encoded from the same bytes.
        return Walk(bytes, keep: false) is null ? null : Walk(bytes, keep: true);
    }

    private static int? Walk(Span<byte> bytes, bool keep)
    {
        var kept = new Compactor(bytes);
        if (keep) kept.Keep(0, 2);
        var at = 2;
        while (at + 4 <= bytes.Length)
        {
            // A marker may be led by any number of fill bytes.
            if (bytes[at] == 0xff && bytes[at + 1] == 0xff)
            {
                at++;
                continue;
            }
            if (IsEnd(bytes, at)) break;
            if (SegmentLength(bytes, at) is not { } length) return null;
            var marker = bytes[at + 1];
            var next = marker == StartOfScan ? ScanEnd(bytes, at + length) : at + length;
            if (keep && IsKept(bytes.Slice(at, length), marker)) KeepSegment(ref kept, bytes, at, next, marker);
            at = next;
        }
        if (!IsEnd(bytes, at)) return null;
        if (keep) kept.Keep(at, 2);
        return keep ? kept.Length : 0;
    }

    private static bool IsEnd(ReadOnlySpan<byte> bytes, int at) => at + 2 <= bytes.Length && bytes[at] == 0xff && bytes[at + 1] == EndOfImage;

    private static int? SegmentLength(ReadOnlySpan<byte> bytes, int at)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]) + 2;
        var isSegment = bytes[at] == 0xff && bytes[at + 1] is not (0 or 1 or (>= 0xd0 and <= 0xd8));
        return isSegment && length >= 4 && at + length <= bytes.Length ? length : null;
    }

    private static void KeepSegment(ref Compactor kept, Span<byte> bytes, int at, int next, byte marker)
    {
        if (marker != App0)
        {
            kept.Keep(at, next - at);
            return;
        }
        // JFIF: 16 bytes after the marker, the last two the size of a thumbnail, now none.
        var start = kept.Length;
        kept.Keep(at, JfifBytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[(start + 2)..], JfifBytes - 2);
        bytes[start + 16] = bytes[start + 17] = 0;
    }

    private static bool IsKept(ReadOnlySpan<byte> segment, byte marker) => marker switch
    {
        App0 => segment.Length >= JfifBytes && segment[4..].StartsWith("JFIF\0"u8),
        App2 => segment[4..].StartsWith("ICC_PROFILE\0"u8),
        App14 => segment[4..].StartsWith("Adobe"u8),
        > App0 and <= App15 or Comment => false,
        _ => true,
    };

    /// <summary>Entropy-coded bytes go on to the first marker that is neither a stuffed byte nor a restart.</summary>
    private static int ScanEnd(ReadOnlySpan<byte> bytes, int at)
    {
        while (at + 1 < bytes.Length)
        {
            var next = bytes[at..^1].IndexOf((byte)0xff);
            if (next < 0) return bytes.Length;
            at += next;
            if (bytes[at + 1] is not (0 or 0xff or (>= 0xd0 and <= 0xd7))) return at;
            at += bytes[at + 1] == 0xff ? 1 : 2;
        }
        return bytes.Length;
    }
}
