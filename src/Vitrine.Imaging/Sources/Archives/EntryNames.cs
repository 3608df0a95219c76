using System.Text;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>Names of entries: how they are decoded for people, and whether they could lead out of the archive.</summary>
internal static class EntryNames
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The name where its bytes are UTF-8 (ASCII is), or null: then the names of the whole archive say what they are, see <see cref="LegacyNames"/>.</summary>
    public static string? Utf8(ReadOnlySpan<byte> name)
    {
        try
        {
            return Strict.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>UTF-8, or else what this name alone looks like.</summary>
    public static string Decode(byte[] name) => Utf8(name) ?? LegacyNames.EncodingOf([name]).GetString(name);

    /// <summary>Decodes the names that had no other sign, all in the one encoding that fits them best.</summary>
    public static IReadOnlyList<string> DecodeAll(IReadOnlyList<byte[]> names)
    {
        if (names.Count == 0) return [];
        var encoding = LegacyNames.EncodingOf(names);
        return [.. names.Select(name => encoding.GetString(name))];
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
}
