using NetVips;

namespace Vitrine.Imaging.Presets;

/// <summary>An alpha channel that is opaque everywhere is no alpha: such a picture stays a JPEG.</summary>
internal static class AlphaStep
{
    private const double Opaque = 255;

    public static bool HasAlpha(Image image)
    {
        if (!image.HasAlpha()) return false;
        using var alpha = image.ExtractBand(image.Bands - 1);
        return alpha.Min() < Opaque;
    }

    /// <summary>The picture without its opaque channel; null where it has none.</summary>
    public static Image? WithoutAlpha(Image image) => image.HasAlpha() ? image.ExtractBand(0, n: image.Bands - 1) : null;
}
