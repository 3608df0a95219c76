using SkiaSharp;

namespace Vitrine.Bench;

/// <summary>As thumbnails are often made in .NET: decoded in full for each size, then scaled and encoded. It does not turn pictures.</summary>
internal static class SkiaPerSize
{
    private static readonly SKSamplingOptions Sampling = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    public static void Make(string picture, Action<string, ReadOnlySpan<byte>> made)
    {
        Make(picture, "thumbnail", 320, SKEncodedImageFormat.Webp, 80, made);
        Make(picture, "medium", 1080, SKEncodedImageFormat.Jpeg, 85, made);
        Make(picture, "display", 1920, SKEncodedImageFormat.Jpeg, 85, made);
    }

    private static void Make(string picture, string size, int edge, SKEncodedImageFormat format, int quality, Action<string, ReadOnlySpan<byte>> made)
    {
        using var whole = SKBitmap.Decode(picture) ?? throw new InvalidDataException($"{picture} is not decoded.");
        var scale = Math.Min(1, (double)edge / Math.Max(whole.Width, whole.Height));
        using var small = whole.Resize(new SKSizeI((int)Math.Round(whole.Width * scale), (int)Math.Round(whole.Height * scale)), Sampling);
        using var bytes = small.Encode(format, quality);
        made(size, bytes.AsSpan());
    }
}
