using System.Buffers.Binary;
using Vitrine.Imaging.Sources;

namespace Vitrine.Imaging.Formats.Bmp;

internal enum BmpPacking { Plain, Rle8, Rle4, Masks }

/// <summary>The headers of a Windows or OS/2 bitmap, checked: what is in here can be allocated and indexed.</summary>
/// <param name="PixelsAt">Where the pixels start in the file.</param>
/// <param name="Masks">Red, green, blue, alpha bits of a 16 or 32 bit pixel; alpha 0 where there is none.</param>
internal sealed record BmpHeader(int Width, int Height, bool TopDown, int Bits, BmpPacking Packing, int PixelsAt, int PaletteAt, int PaletteCount, int PaletteEntry, uint[] Masks)
{
    private const int FileHeader = 14;
    private const int CoreHeader = 12;
    private const int InfoHeader = 40;

    public bool HasAlpha => Masks[3] != 0;

    public int Bands => HasAlpha ? 4 : 3;

    /// <summary>Bytes of a row in the file: rows are padded to four bytes.</summary>
    public long Stride => (((long)Width * Bits) + 31) / 32 * 4;

    public PictureHeader ToPictureHeader() =>
        new(ImageFormat.Bmp, Width, Height, Bands, 1, Streams: false, HoldsCoefficients: false, Lossless: true, null);

    /// <exception cref="RefusedException">A header that cannot be, or a packing (JPEG, PNG, Huffman) that is not read here.</exception>
    public static BmpHeader Parse(ReadOnlySpan<byte> file)
    {
        var dib = file[FileHeader..];
        var size = Read32(dib, 0);
        if (size > dib.Length || size < CoreHeader || (size > CoreHeader && size < 16)) throw Bad();
        // OS/2 headers may stop anywhere after 16 bytes; what is left out is zero.
        Span<byte> info = stackalloc byte[InfoHeader];
        dib[..(int)Math.Min(size, InfoHeader)].CopyTo(info);
        return size == CoreHeader ? Core(file, info) : Info(file, info, (int)size);
    }

    private static BmpHeader Core(ReadOnlySpan<byte> file, ReadOnlySpan<byte> info)
    {
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(info[10..]);
        return Checked(file, BinaryPrimitives.ReadUInt16LittleEndian(info[4..]), BinaryPrimitives.ReadUInt16LittleEndian(info[6..]), bits,
            BmpPacking.Plain, FileHeader + CoreHeader, bits <= 8 ? 1 << bits : 0, 3, DefaultMasks(bits));
    }

    private static BmpHeader Info(ReadOnlySpan<byte> file, ReadOnlySpan<byte> info, int size)
    {
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(info[14..]);
        var compression = Read32(info, 16);
        var isOs2 = size is 16 or 64;
        var packing = (compression, isOs2) switch
        {
            (0, _) => BmpPacking.Plain,
            (1, _) when bits == 8 => BmpPacking.Rle8,
            (2, _) when bits == 4 => BmpPacking.Rle4,
            (3, false) or (6, false) when bits is 16 or 32 => BmpPacking.Masks,
            (3, _) or (4, _) or (5, _) => throw RefusedException.Unsupported("This packing of a bitmap is not read here."),
            _ => throw Bad(),
        };
        var masksAfterHeader = packing == BmpPacking.Masks && size < 52 ? (compression == 6 ? 16 : 12) : 0;
        var masks = packing == BmpPacking.Masks ? ReadMasks(file[FileHeader..], size, compression == 6) : DefaultMasks(bits);
        var used = Read32(info, 32);
        var most = bits <= 8 ? 1u << bits : 0;
        var palette = (int)(used == 0 ? most : Math.Min(used, most));
        return Checked(file, (int)Read32(info, 4), (int)Read32(info, 8), bits, packing, FileHeader + size + masksAfterHeader, palette, 4, masks);
    }

    private static BmpHeader Checked(
        ReadOnlySpan<byte> file, int width, int height, int bits, BmpPacking packing, int paletteAt, int paletteCount, int entry, uint[] masks)
    {
        if (width <= 0 || height is 0 or int.MinValue || bits is not (1 or 2 or 4 or 8 or 16 or 24 or 32)) throw Bad();
        var pixelsAt = Read32(file, 10);
        if (pixelsAt < (uint)Math.Min(paletteAt, file.Length) || pixelsAt >= file.Length) pixelsAt = (uint)(paletteAt + (paletteCount * entry));
        if (pixelsAt >= file.Length) throw Bad();
        // A palette that runs into the pixels is as long as the room that it has.
        paletteCount = Math.Min(paletteCount, Math.Max(0, ((int)pixelsAt - paletteAt) / entry));
        return new(width, Math.Abs(height), height < 0, bits, packing, (int)pixelsAt, paletteAt, paletteCount, entry, masks);
    }

    private static uint[] ReadMasks(ReadOnlySpan<byte> dib, int size, bool alphaFollows)
    {
        var hasAlpha = size >= 56 || alphaFollows;
        if (dib.Length < InfoHeader + (hasAlpha ? 16 : 12)) throw Bad();
        return [Read32(dib, 40), Read32(dib, 44), Read32(dib, 48), hasAlpha ? Read32(dib, 52) : 0];
    }

    /// <summary>16 bits are 5-5-5; the fourth byte of 32 bits means nothing without a mask.</summary>
    private static uint[] DefaultMasks(int bits) => bits == 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0x00ff00, 0x0000ff, 0];

    private static uint Read32(ReadOnlySpan<byte> bytes, int at) =>
        bytes.Length >= at + 4 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) : throw Bad();

    private static RefusedException Bad() => RefusedException.Corrupt("The bitmap's header cannot be.");
}
