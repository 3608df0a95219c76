namespace Vitrine.Imaging.Formats;

/// <summary>A picture's header, before its pixels are decoded.</summary>
/// <param name="Width">As stored, before orientation.</param>
/// <param name="BytesPerPixel">Of the decoded picture: bands x bytes of a sample.</param>
/// <param name="Frames">Frames of an animation, or pages.</param>
/// <param name="Streams">Baseline JPEG: shrunk while it loads, so that its own limit counts.</param>
/// <param name="HoldsCoefficients">Progressive JPEG: two bytes for each sample beside the pixels.</param>
/// <param name="Lossless">Its bytes per pixel tell nothing of its quality.</param>
/// <param name="Quality">That it was written with, where the format tells.</param>
public sealed record PictureHeader(
    ImageFormat Format, int Width, int Height, int BytesPerPixel, int Frames, bool Streams, bool HoldsCoefficients, bool Lossless, int? Quality)
{
    /// <summary>Its pixels are a JPEG's: shrunk while they load.</summary>
    public bool IsJpegCoded => Format is ImageFormat.Jpeg or ImageFormat.Raw;

    public long Pixels => (long)Width * Height;

    public bool IsAnimated => Frames > 1 && Format is (ImageFormat.Gif or ImageFormat.Webp);
}
