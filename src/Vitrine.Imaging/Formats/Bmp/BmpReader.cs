using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using NetVips;

namespace Vitrine.Imaging.Formats.Bmp;

/// <summary>Reads bitmaps of 1 to 32 bits, plain, run-length encoded and masked, which the bundled libvips does not.</summary>
internal static unsafe class BmpReader
{
    /// <exception cref="InvalidDataException">Strict, and the pixels end early.</exception>
    public static Image Read(ReadOnlySpan<byte> file, bool strict)
    {
        var header = BmpHeader.Parse(file);
        var bytes = (nuint)((long)header.Width * header.Height * header.Bands);
        var pixels = (byte*)NativeMemory.AllocZeroed(bytes);
        try
        {
            var canvas = new Canvas(pixels, header, Palette(file, header));
            var complete = header.Packing is BmpPacking.Rle4 or BmpPacking.Rle8
                ? BmpRuns.Unpack(file[header.PixelsAt..], header.Packing == BmpPacking.Rle4, canvas)
                : Rows(file[header.PixelsAt..], header, canvas);
            if (strict && !complete) throw new InvalidDataException("The bitmap ends early.");
            using var plain = Image.NewFromMemory((nint)pixels, bytes, header.Width, header.Height, header.Bands, Enums.BandFormat.Uchar);
            var memory = pixels;
            plain.OnPostClose += () => NativeMemory.Free(memory);
            pixels = null;
            return plain.Copy(interpretation: Enums.Interpretation.Srgb);
        }
        finally
        {
            NativeMemory.Free(pixels);
        }
    }

    private static bool Rows(ReadOnlySpan<byte> bytes, BmpHeader header, Canvas canvas)
    {
        for (var row = 0; row < header.Height; row++)
        {
            var at = row * header.Stride;
            if (at + header.Stride > bytes.Length && at + (((long)header.Width * header.Bits) + 7) / 8 > bytes.Length) return false;
            Row(bytes[(int)at..], header, canvas, row);
        }
        return true;
    }

    private static void Row(ReadOnlySpan<byte> row, BmpHeader header, Canvas canvas, int y)
    {
        for (var x = 0; x < header.Width; x++)
        {
            switch (header.Bits)
            {
                case 16:
                    canvas.SetMasked(x, y, BinaryPrimitives.ReadUInt16LittleEndian(row[(x * 2)..]));
                    break;
                case 24:
                    canvas.Set(x, y, row[(x * 3) + 2], row[(x * 3) + 1], row[x * 3]);
                    break;
                case 32:
                    canvas.SetMasked(x, y, BinaryPrimitives.ReadUInt32LittleEndian(row[(x * 4)..]));
                    break;
                default:
                    var bit = x * header.Bits;
                    canvas.SetIndexed(x, y, (row[bit >> 3] >> (8 - header.Bits - (bit & 7))) & ((1 << header.Bits) - 1));
                    break;
            }
        }
    }

    /// <summary>Always 256 colours: an index beyond the file's palette is black.</summary>
    private static byte[] Palette(ReadOnlySpan<byte> file, BmpHeader header)
    {
        var palette = new byte[256 * 3];
        for (var i = 0; i < header.PaletteCount && header.PaletteAt + ((i + 1) * header.PaletteEntry) <= file.Length; i++)
        {
            var entry = file[(header.PaletteAt + (i * header.PaletteEntry))..];
            (palette[i * 3], palette[(i * 3) + 1], palette[(i * 3) + 2]) = (entry[2], entry[1], entry[0]);
        }
        return palette;
    }

    /// <summary>The picture in memory. Rows are given as the file has them, mostly from the bottom; what is outside is dropped.</summary>
    internal sealed class Canvas(byte* pixels, BmpHeader header, byte[] palette)
    {
        private readonly int[] _shift = [.. header.Masks.Select(BitOperations.TrailingZeroCount)];

        public int Width => header.Width;
        public int Height => header.Height;

        public void Set(int x, int y, byte red, byte green, byte blue)
        {
            if ((uint)x >= (uint)header.Width || (uint)y >= (uint)header.Height) return;
            var at = pixels + ((((long)(header.TopDown ? y : header.Height - 1 - y) * header.Width) + x) * header.Bands);
            (at[0], at[1], at[2]) = (red, green, blue);
        }

        public void SetIndexed(int x, int y, int index) => Set(x, y, palette[index * 3], palette[(index * 3) + 1], palette[(index * 3) + 2]);

        public void SetMasked(int x, int y, uint value)
        {
            Set(x, y, Sample(value, 0), Sample(value, 1), Sample(value, 2));
            if (header.HasAlpha)
                pixels[((((long)(header.TopDown ? y : header.Height - 1 - y) * header.Width) + x) * 4) + 3] = Sample(value, 3);
        }

        private byte Sample(uint value, int channel)
        {
            var mask = header.Masks[channel];
            if (mask == 0) return 0;
            var most = (ulong)(mask >> _shift[channel]);
            return (byte)((((value & mask) >> _shift[channel]) * 255ul) / most);
        }
    }
}
