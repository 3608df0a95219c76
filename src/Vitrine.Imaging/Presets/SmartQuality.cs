using Vitrine.Core.Derivatives;
using Vitrine.Imaging.Formats;

namespace Vitrine.Imaging.Presets;

/// <summary>
/// A derivative is not written with more quality than its source has: the bytes would hold nothing but the source's own damage.
/// Bytes per pixel tell that of lossy formats only; of a PNG they tell how simple the drawing is.
/// </summary>
internal static class SmartQuality
{
    private const int Lowest = 60;

    public static int For(Preset preset, PictureHeader header, long sourceBytes) =>
        header.Lossless ? preset.Quality : Math.Min(preset.Quality, Estimate(header, sourceBytes));

    /// <summary>A JPEG's own tables know better than its bytes per pixel.</summary>
    public static int Estimate(PictureHeader header, long sourceBytes) =>
        header.Quality is { } quality ? Math.Max(quality, Lowest) : OfDensity((double)sourceBytes / header.Pixels / header.Frames);

    private static int OfDensity(double bytesPerPixel) => bytesPerPixel switch
    {
        >= 2.0 => 95,
        >= 1.0 => 85,
        >= 0.5 => 75,
        _ => Lowest,
    };
}
