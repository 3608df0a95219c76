using System.Buffers.Binary;

namespace Vitrine.Imaging.Sources.Tar;

/// <summary>One header block of a tar.</summary>
/// <param name="Size">Of the bytes behind it, without their padding; of a link, which has none, 0.</param>
internal readonly record struct TarHeader(byte[] Name, byte Type, long Size, long ModifiedSeconds)
{
    public const int BlockBytes = 512;

    private const int ChecksumAt = 148;
    private const int ChecksumLength = 8;

    /// <summary>Zeros end a tar.</summary>
    public static bool IsEnd(ReadOnlySpan<byte> block) => !block.ContainsAnyExcept((byte)0);

    /// <exception cref="RefusedException">It is no header.</exception>
    public static TarHeader Parse(ReadOnlySpan<byte> block)
    {
        if (!IsOne(block)) throw RefusedException.BadArchive("A header's checksum is wrong.");
        var type = block[156];
        var size = Number(block.Slice(124, 12)) ?? -1;
        if (size < 0) throw RefusedException.BadArchive("An entry's size cannot be.");
        if (type is (byte)'1' or (byte)'2' or (byte)'3' or (byte)'4' or (byte)'5' or (byte)'6') size = 0;
        return new(NameOf(block), type, size, Number(block.Slice(136, 12)) ?? 0);
    }

    /// <summary>ustar has a prefix for long names; GNU's format has other things in its place.</summary>
    private static byte[] NameOf(ReadOnlySpan<byte> block)
    {
        var name = Terminated(block[..100]);
        var prefix = block.Slice(257, 6).SequenceEqual("ustar\0"u8) ? Terminated(block.Slice(345, 155)) : [];
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    /// <summary>The sum of all bytes with the checksum's own taken as spaces; some old writers added them as signed.</summary>
    public static bool IsOne(ReadOnlySpan<byte> block)
    {
        if (Number(block.Slice(ChecksumAt, ChecksumLength)) is not { } expected) return false;
        long sum = 0, signed = 0;
        for (var i = 0; i < BlockBytes; i++)
        {
            var b = i is >= ChecksumAt and < ChecksumAt + ChecksumLength ? (byte)' ' : block[i];
            sum += b;
            signed += (sbyte)b;
        }
        return expected == sum || expected == signed;
    }

    /// <summary>Octal digits between blanks, or a binary number behind a set high bit. Null where it is neither.</summary>
    private static long? Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0) return field.Length > 8 ? Binary(field) : null;
        long value = 0;
        foreach (var b in Terminated(field).Trim((byte)' '))
        {
            if (b is < (byte)'0' or > (byte)'7') return null;
            value = (value << 3) | (long)(b - '0');
        }
        return value;
    }

    private static long? Binary(ReadOnlySpan<byte> field)
    {
        var high = field[..^8];
        var fits = high[0] == 0x80 && !high[1..].ContainsAnyExcept((byte)0);
        return fits ? BinaryPrimitives.ReadInt64BigEndian(field[^8..]) : null;
    }

    private static ReadOnlySpan<byte> Terminated(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is var end and >= 0 ? field[..end] : field;
}
