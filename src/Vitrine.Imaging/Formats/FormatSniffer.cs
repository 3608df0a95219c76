using System.Buffers.Binary;
using Vitrine.Imaging.Formats.Raw;

namespace Vitrine.Imaging.Formats;

/// <summary>Tells a format by its first bytes, whatever its name says.</summary>
public static class FormatSniffer
{
    private const int BrandsAtMost = 32;

    /// <summary>Formats that are named in the answer and not read.</summary>
    private static readonly (int At, byte[] Signature, ImageFormat Format)[] Others =
    [
        (0, [0xff, 0x0a], ImageFormat.Jxl), (4, [.. "JXL "u8], ImageFormat.Jxl), (4, [.. "jP  "u8], ImageFormat.Jp2), (0, [0xff, 0x4f, 0xff, 0x51], ImageFormat.Jp2),
        (0, [.. "%PDF"u8], ImageFormat.Pdf), (0, [.. "8BPS"u8], ImageFormat.Psd), (0, [0, 0, 1, 0], ImageFormat.Ico), (0, [.. "qoif"u8], ImageFormat.Qoi),
        (0, [0x76, 0x2f, 0x31, 0x01], ImageFormat.Exr), (0, [.. "#?RADIANCE"u8], ImageFormat.Hdr), (0, [.. "#?RGBE"u8], ImageFormat.Hdr),
        (0, [.. "FUJIFILMCCD-RAW"u8], ImageFormat.Raw), (0, [.. "IIRO"u8], ImageFormat.Raw), (0, [.. "IIRS"u8], ImageFormat.Raw), (0, [.. "MMOR"u8], ImageFormat.Raw), (0, [.. "FOVb"u8], ImageFormat.Raw), (0, [.. "IIU\0"u8], ImageFormat.Raw), (0, [0x1f, 0x8b], ImageFormat.Svg),
    ];

    public static ImageFormat Sniff(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff])) return ImageFormat.Jpeg;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n'])) return ImageFormat.Png;
        if (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8)) return ImageFormat.Gif;
        if (bytes.StartsWith("RIFF"u8) && At(bytes, 8, "WEBP"u8)) return ImageFormat.Webp;
        if (bytes.StartsWith("BM"u8) && bytes.Length >= 26) return ImageFormat.Bmp;
        if (At(bytes, 4, "ftyp"u8)) return OfBrands(bytes);
        if (IsTiff(bytes)) return RawPreview.IsRaw(bytes) && !IsPlainTiff(bytes) ? ImageFormat.Raw : ImageFormat.Tiff;
        return OfOthers(bytes);
    }

    /// <summary>A RAW file without a preview, whose first directory is a picture that a TIFF's reader can show.</summary>
    private static bool IsPlainTiff(ReadOnlySpan<byte> bytes) =>
        RawPreview.Find(bytes) is null && TiffDirectories.Of(bytes)[0] is { Photometric: 1 or 2 or 6 };

    private static bool IsTiff(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8) || bytes.StartsWith("II+\0"u8) || bytes.StartsWith("MM\0+"u8);

    private static ImageFormat OfOthers(ReadOnlySpan<byte> bytes)
    {
        foreach (var (at, signature, format) in Others)
            if (At(bytes, at, signature)) return format;
        if (bytes.Length > 2 && bytes[0] == 'P' && bytes[1] is >= (byte)'1' and <= (byte)'7' && bytes[2] is (10 or 13 or 32)) return ImageFormat.Pnm;
        return bytes[..Math.Min(bytes.Length, 1024)].IndexOf("<svg"u8) >= 0 ? ImageFormat.Svg : ImageFormat.Unknown;
    }

    /// <summary>AVIF and HEIC share a container; the brands say which codec is within.</summary>
    private static ImageFormat OfBrands(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 16) return ImageFormat.Unknown;
        var size = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(bytes), 16 + (4u * BrandsAtMost));
        var brands = bytes[8..(int)Math.Max(12, Math.Min(size, (uint)bytes.Length))];
        var heic = false;
        for (; brands.Length >= 4; brands = brands[4..])
        {
            var brand = brands[..4];
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8)) return ImageFormat.Avif;
            heic |= brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8);
        }
        return heic ? ImageFormat.Heic : bytes[8..].StartsWith("crx"u8) ? ImageFormat.Raw : ImageFormat.Unknown;
    }

    private static bool At(ReadOnlySpan<byte> bytes, int at, ReadOnlySpan<byte> wanted) => bytes.Length >= at + wanted.Length && bytes[at..].StartsWith(wanted);
}
