using SharpCompress.Common;

namespace Vitrine.Imaging.Sources.Rar;

/// <summary>
/// Carries the bytes of a name through a library that only knows text: each byte becomes one character of the private range, behind a mark that no name begins
/// with. The library would also turn backslashes round, in the middle of a Japanese character too; here it finds none.
/// </summary>
internal static class RawText
{
    private const char Mark = '\uffff';
    private const int Shift = 0xf000;

    public static ArchiveEncoding Encoding() => new() { CustomDecoder = (bytes, start, count, _) => Wrap(bytes.AsSpan(start, count)) };

    /// <summary>The bytes that were wrapped, or null where the text is a name that the library itself has decoded.</summary>
    public static byte[]? Bytes(string text) => text.StartsWith(Mark) ? [.. text.Skip(1).Select(c => (byte)(c - Shift))] : null;

    private static string Wrap(ReadOnlySpan<byte> bytes)
    {
        var chars = new char[bytes.Length + 1];
        chars[0] = Mark;
        for (var i = 0; i < bytes.Length; i++) chars[i + 1] = (char)(Shift + bytes[i]);
        return new(chars);
    }
}
