using NetVips;
using Vitrine.Core.Derivatives;
using Vitrine.Imaging.Formats;

namespace Vitrine.Imaging.Presets;

/// <summary>Encodes one size. No metadata is kept: neither places and names, nor a profile, since the colours are sRGB.</summary>
internal static class EncodeStep
{
    /// <summary>A larger picture is made smaller to fit: the format cannot hold it.</summary>
    public const int MaxWebpEdge = 16_383;
    public const int MaxJpegEdge = 65_500;

    /// <summary>Above 2, each step doubles the time for a hundredth of the bytes.</summary>
    private const int WebpEffort = 2;

    /// <summary>Of a picture that is WebP only because JPEG has neither alpha nor frames.</summary>
    private const int WebpInsteadQuality = 85;

    /// <summary>Whether colours are kept as they are (see <see cref="Preset.DrawingPixels"/>): halved, as JPEG and WebP do with them, those of an icon run into one another.</summary>
    public static bool IsDrawing(PictureHeader header, Image image) => header.Lossless && (long)image.Width * image.Height <= Preset.DrawingPixels;

    /// <summary>What the preset's format becomes for this picture.</summary>
    public static DerivativeFormat FormatFor(Preset preset, bool hasAlpha, bool isAnimated) =>
        hasAlpha || isAnimated ? DerivativeFormat.Webp : preset.Format;

    public static int MaxEdge(Preset preset, DerivativeFormat format) =>
        Math.Min(preset.MaxEdge ?? DecodeStep.Unlimited, format == DerivativeFormat.Webp ? MaxWebpEdge : MaxJpegEdge);

    /// <param name="quality">Of the preset, lowered to what the source has.</param>
    /// <param name="drawing">See <see cref="IsDrawing"/>.</param>
    public static byte[] Encode(Image image, Preset preset, DerivativeFormat format, int quality, bool drawing)
    {
        if (format == DerivativeFormat.Jpeg)
        {
            var halved = drawing ? Enums.ForeignSubsample.Off : Enums.ForeignSubsample.On;
            return image.JpegsaveBuffer(q: quality, subsampleMode: halved, optimizeCoding: false, keep: Enums.ForeignKeep.None);
        }
        var q = preset.Format == DerivativeFormat.Webp ? quality : Math.Min(quality, WebpInsteadQuality);
        return image.WebpsaveBuffer(q: q, lossless: drawing, effort: WebpEffort, keep: Enums.ForeignKeep.None);
    }
}
