using NetVips;
using Vitrine.Imaging.Formats;
using Vitrine.Imaging.Sources;

namespace Vitrine.Imaging.Presets;

/// <summary>A picture after its one decode: no larger than asked, in sRGB or grey with 8 bits, upright.</summary>
/// <param name="Orientation">1 to 8, as the original says; it is applied already.</param>
/// <param name="IsBrowserColour">The original has no profile, or an sRGB one, and is no CMYK.</param>
internal sealed record Decoded(Image Image, int Frames, int Orientation, bool IsBrowserColour)
{
    public int FrameHeight => Image.Height / Frames;
}

/// <summary>
/// Decodes once, shrinking while loading where the format can, and puts colours and orientation right on the small picture: both
/// cost by the pixel, and a picture that streams in cannot be turned.
/// </summary>
internal static class DecodeStep
{
    /// <summary>Stands for "as large as it is": libvips' own limit of a coordinate.</summary>
    public const int Unlimited = 10_000_000;

    /// <summary>The largest shrink of a JPEG's loader that leaves at least the asked edge.</summary>
    public static int ShrinkFor(PictureHeader header, int maxEdge)
    {
        if (!header.IsJpegCoded) return 1;
        var ratio = (double)Math.Max(header.Width, header.Height) / maxEdge;
        return ratio >= 8 ? 8 : ratio >= 4 ? 4 : ratio >= 2 ? 2 : 1;
    }

    /// <param name="loadedEdge">What the loader's own shrink has to leave, where that is more than <paramref name="maxEdge"/>.</param>
    /// <exception cref="VipsException">The bytes do not decode; strict: they end early.</exception>
    public static Decoded Decode(OriginalBytes original, PictureHeader header, int maxEdge, int frames, bool strict, int? loadedEdge = null)
    {
        using var opened = PictureReader.Open(original, header.Format, ShrinkFor(header, loadedEdge ?? maxEdge), frames, strict);
        var orientation = opened.Contains("orientation") && opened.Get("orientation") is int o and >= 1 and <= 8 ? o : 1;
        var isCmyk = opened.Interpretation == Enums.Interpretation.Cmyk;
        var foreign = ColourStep.HasForeignProfile(opened);
        using var lazy = opened.ThumbnailImage(maxEdge, height: maxEdge, size: Enums.Size.Down, noRotate: true);
        var image = lazy.CopyMemory();
        var kept = false;
        try
        {
            if (foreign && !isCmyk) ColourStep.ToSrgb(ref image);
            if (orientation > 1 && frames == 1) Turn(ref image);
            kept = true;
            return new(image, frames, orientation, !isCmyk && !foreign);
        }
        finally
        {
            if (!kept) image.Dispose();
        }
    }

    private static void Turn(ref Image image)
    {
        using var turned = image.Autorot();
        var upright = turned.CopyMemory();
        image.Dispose();
        image = upright;
    }
}
