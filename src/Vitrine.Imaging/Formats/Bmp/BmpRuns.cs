namespace Vitrine.Imaging.Formats.Bmp;

/// <summary>Unpacks RLE8 and RLE4. Pixels that no run reaches keep the colour black; a run beyond an edge is cut there.</summary>
internal static class BmpRuns
{
    private const byte EndOfLine = 0;
    private const byte EndOfPicture = 1;
    private const byte Move = 2;

    /// <returns>Whether the end was reached, or all rows were.</returns>
    public static bool Unpack(ReadOnlySpan<byte> bytes, bool four, BmpReader.Canvas canvas)
    {
        var (x, y) = (0, 0);
        while (bytes.Length >= 2 && y < canvas.Height)
        {
            var (count, value) = (bytes[0], bytes[1]);
            bytes = bytes[2..];
            if (count > 0)
            {
                for (var i = 0; i < count; i++) canvas.SetIndexed(x++, y, four ? Nibble(value, i) : value);
                continue;
            }
            switch (value)
            {
                case EndOfLine:
                    (x, y) = (0, y + 1);
                    break;
                case EndOfPicture:
                    return true;
                case Move:
                    if (bytes.Length < 2) return false;
                    (x, y) = (x + bytes[0], y + bytes[1]);
                    bytes = bytes[2..];
                    break;
                default:
                    var packed = four ? (value + 1) / 2 : value;
                    if (bytes.Length < packed) return false;
                    for (var i = 0; i < value; i++) canvas.SetIndexed(x++, y, four ? Nibble(bytes[i / 2], i) : bytes[i]);
                    // Literal pixels are padded to two bytes; the last padding may be missing.
                    bytes = bytes[Math.Min(bytes.Length, packed + (packed & 1))..];
                    break;
            }
        }
        return y >= canvas.Height;
    }

    private static int Nibble(byte value, int index) => (index & 1) == 0 ? value >> 4 : value & 15;
}
