namespace Vitrine.Imaging.Formats;

/// <summary>Formats by content. Those after <see cref="Bmp"/> are known and not read here.</summary>
public enum ImageFormat { Unknown, Jpeg, Png, Webp, Gif, Tiff, Avif, Bmp, Heic, Jxl, Jp2, Svg, Pdf, Psd, Ico, Raw, Pnm, Qoi, Exr, Hdr }

/// <summary>The bundled flavour's table: what it reads, by content.</summary>
public static class ImageFormats
{
    public static IReadOnlyList<ImageFormat> Readable { get; } =
        [ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.Webp, ImageFormat.Gif, ImageFormat.Tiff, ImageFormat.Avif, ImageFormat.Bmp];

    /// <summary>As facts and the hello message say it.</summary>
    public static string NameOf(ImageFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>Of a format that browsers show as it is.</summary>
    public static string ContentType(ImageFormat format) => $"image/{NameOf(format)}";
}
