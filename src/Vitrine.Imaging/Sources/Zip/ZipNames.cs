using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Imaging.Sources.Zip;

/// <summary>Names of entries: how they are decoded for people, and whether they could lead out of the archive.</summary>
internal static class ZipNames
{
    private const ushort Utf8Flag = 0x800;
    private const ushort UnicodePathField = 0x7075;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Cp437 = CodePagesEncodingProvider.Instance.GetEncoding(437)!;

    /// <summary>UTF-8 where the flag says so or the bytes are, else the Unicode path field where it belongs to this name, else CP437.</summary>
    public static string Decode(ReadOnlySpan<byte> name, ushort flags, ReadOnlySpan<byte> extra)
    {
        if ((flags & Utf8Flag) != 0) return Encoding.UTF8.GetString(name);
        if (UnicodePath(name, extra) is { } path) return path;
        try
        {
            return Strict.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            return Cp437.GetString(name);
        }
    }

    /// <summary>Whether the name is relative, without "..", drive letter or NUL, also with a backslash read as a separator.</summary>
    public static bool IsSafe(string name)
    {
        if (name.Length == 0 || name.Contains('\0') || name[0] is '/' or '\\') return false;
        if (name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0])) return false;
        foreach (var range in name.AsSpan().SplitAny('/', '\\'))
            if (name.AsSpan(range).Trim(' ') is "..") return false;
        return true;
    }

    private static string? UnicodePath(ReadOnlySpan<byte> name, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            var size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (extra.Length < 4 + size) return null;
            var field = extra.Slice(4, size);
            extra = extra[(4 + size)..];
            if (id != UnicodePathField || size < 5 || field[0] != 1) continue;
            return BinaryPrimitives.ReadUInt32LittleEndian(field[1..]) == Crc32.Update(0, name) ? Encoding.UTF8.GetString(field[5..]) : null;
        }
        return null;
    }
}
