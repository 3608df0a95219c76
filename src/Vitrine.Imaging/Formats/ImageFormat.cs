using Vitrine.Core.Decoding;

namespace Vitrine.Imaging.Formats;

/// <summary>Formats by content: the rows of <see cref="FormatTable"/>, by the same names.</summary>
public enum ImageFormat { Unknown, Jpeg, Png, Webp, Gif, Tiff, Avif, Bmp, Heic, Jxl, Jp2, Svg, Pdf, Psd, Ico, Raw, Pnm, Qoi, Exr, Hdr }

/// <summary>Formats and the table's rows.</summary>
public static class ImageFormats
{
    public static IReadOnlyList<ImageFormat> Of(DecoderFlavour flavour) =>
        [.. Enum.GetValues<ImageFormat>().Where(format => FormatTable.Find(NameOf(format))?.Flavour == flavour)];

    /// <summary>The class of libvips that loads it; null where no loader does: readers of our own take it, or nothing.</summary>
    public static string? LoaderOf(ImageFormat format) => format switch
    {
        ImageFormat.Gif => "VipsForeignLoadNsgif",
        ImageFormat.Avif or ImageFormat.Heic => "VipsForeignLoadHeif",
        ImageFormat.Jp2 => "VipsForeignLoadJp2k",
        ImageFormat.Jpeg or ImageFormat.Png or ImageFormat.Webp or ImageFormat.Tiff or ImageFormat.Jxl or ImageFormat.Svg => $"VipsForeignLoad{format}",
        _ => null,
    };

    /// <summary>As facts and the hello message say it.</summary>
    public static string NameOf(ImageFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>Of a format that browsers show as it is.</summary>
    public static string ContentType(ImageFormat format) => $"image/{NameOf(format)}";
}
