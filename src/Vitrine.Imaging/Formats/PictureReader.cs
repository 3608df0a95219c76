using NetVips;
using Vitrine.Core.Decoding;
using Vitrine.Imaging.Formats.Jpeg;
using Vitrine.Imaging.Formats.Raw;
using Vitrine.Imaging.Sources;

namespace Vitrine.Imaging.Formats;

/// <summary>Opens an original's bytes as a libvips image: its header at once, its pixels as they are asked for.</summary>
internal static class PictureReader
{
    /// <exception cref="RefusedException">The format is not read here, or the header cannot be.</exception>
    public static PictureHeader Header(OriginalBytes original, DecodeLimits limits)
    {
        var format = FormatSniffer.Sniff(original.Span);
        Admission.CheckClaim(format, original.Span, limits);
        return format switch
        {
            ImageFormat.Jpeg when Codec.Build.Reads(format) => OfJpeg(format, JpegHeader.Parse(original.Span)),
            ImageFormat.Raw when Codec.Build.Reads(format) => OfJpeg(format, RawPreview.Of(original.Span).Header),
            ImageFormat.Bmp when Codec.Build.Reads(format) => Bmp.BmpHeader.Parse(original.Span).ToPictureHeader(),
            ImageFormat.Unknown => throw RefusedException.Corrupt("The bytes are of no picture that is known here."),
            _ when !Codec.Build.Reads(format) => throw RefusedException.Unread(ImageFormats.NameOf(format)),
            _ => OfImage(original, format),
        };
    }

    /// <summary>Opens the pixels. They are read from the original's memory, which must stay until the image is disposed.</summary>
    /// <param name="shrink">1, 2, 4 or 8; of a JPEG only.</param>
    /// <param name="frames">1, or all frames of an animation.</param>
    /// <param name="strict">Whether a picture that ends early fails, or comes out in part.</param>
    public static Image Open(OriginalBytes original, ImageFormat format, int shrink, int frames, bool strict)
    {
        if (format == ImageFormat.Tiff && TiffCompression.IsMissing(original.Span))
            throw RefusedException.Unsupported("This packing of a TIFF is not read here.");
        if (format == ImageFormat.Raw) return OpenPreview(original, RawPreview.Of(original.Span), shrink, strict);
        if (format == ImageFormat.Bmp) return Bmp.BmpReader.Read(original.Span, strict);
        using var source = Codec.Over(original.Start, original.Length);
        var fail = strict ? Enums.FailOn.Truncated : Enums.FailOn.None;
        var pages = frames > 1 ? -1 : 1;
        const Enums.Access InOrder = Enums.Access.Sequential;
        return format switch
        {
            ImageFormat.Jpeg => Image.JpegloadSource(source, shrink: shrink, access: InOrder, failOn: fail),
            ImageFormat.Png => Image.PngloadSource(source, access: InOrder, failOn: fail),
            ImageFormat.Webp => Image.WebploadSource(source, n: pages, access: InOrder, failOn: fail),
            ImageFormat.Gif => Image.GifloadSource(source, n: pages, access: InOrder, failOn: fail),
            // A strip of a compression that is not built in is no truncation to libvips, and comes out black.
            ImageFormat.Tiff => Image.TiffloadSource(source, access: InOrder, failOn: strict ? Enums.FailOn.Error : fail),
            ImageFormat.Avif or ImageFormat.Heic => Image.HeifloadSource(source, access: InOrder, failOn: fail),
            ImageFormat.Jxl => Image.JxlloadSource(source, access: InOrder, failOn: fail),
            ImageFormat.Jp2 => Image.Jp2kloadSource(source, access: InOrder, failOn: fail),
            ImageFormat.Svg => Image.SvgloadSource(source, access: InOrder, failOn: fail),
            _ => throw RefusedException.Unread(ImageFormats.NameOf(format)),
        };
    }

    /// <summary>Upright by the RAW file's own word, where it has one.</summary>
    private static Image OpenPreview(OriginalBytes original, RawPreview preview, int shrink, bool strict)
    {
        using var source = Codec.Over(original.Start + preview.At, original.Length - preview.At);
        var image = Image.JpegloadSource(source, shrink: shrink, access: Enums.Access.Sequential, failOn: strict ? Enums.FailOn.Truncated : Enums.FailOn.None);
        if (preview.Orientation == 0) return image;
        using (image) return image.Mutate(header => header.Set("orientation", preview.Orientation));
    }

    private static PictureHeader OfJpeg(ImageFormat format, JpegHeader jpeg) =>
        new(format, jpeg.Width, jpeg.Height, Math.Max((int)jpeg.Components, 1), 1, !jpeg.Progressive, jpeg.Progressive, Lossless: false, jpeg.Quality);

    private static PictureHeader OfImage(OriginalBytes original, ImageFormat format)
    {
        try
        {
            using var image = Open(original, format, 1, 1, strict: false);
            var frames = image.Contains("n-pages") && image.Get("n-pages") is int pages ? Math.Max(pages, 1) : 1;
            var bytes = image.Bands * SampleBytes(image.Format);
            return new(format, image.Width, image.Height, bytes, frames, Streams: false, HoldsCoefficients: false, IsLossless(format, original.Span), null);
        }
        catch (VipsException failure) when (!Codec.IsOutOfMemory(failure))
        {
            throw RefusedException.Corrupt($"The {ImageFormats.NameOf(format)} header cannot be read.");
        }
    }

    /// <summary>WebP says it in its first chunk; an extended file is taken as lossy unless a lossless chunk comes early.</summary>
    private static bool IsLossless(ImageFormat format, ReadOnlySpan<byte> bytes) => format switch
    {
        ImageFormat.Webp => bytes[..Math.Min(bytes.Length, 256)].IndexOf("VP8L"u8) >= 0,
        ImageFormat.Avif or ImageFormat.Heic or ImageFormat.Jxl or ImageFormat.Jp2 => false,
        _ => true,
    };

    private static int SampleBytes(Enums.BandFormat format) => format switch
    {
        Enums.BandFormat.Uchar or Enums.BandFormat.Char => 1,
        Enums.BandFormat.Ushort or Enums.BandFormat.Short => 2,
        Enums.BandFormat.Uint or Enums.BandFormat.Int or Enums.BandFormat.Float => 4,
        Enums.BandFormat.Double or Enums.BandFormat.Complex => 8,
        _ => 16,
    };
}
