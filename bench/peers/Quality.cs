using System.Globalization;
using NetVips;
using Vitrine.Core.Derivatives;
using Vitrine.Imaging.Formats;
using Vitrine.Imaging.Presets;
using Vitrine.Imaging.Sources;

namespace Vitrine.Bench;

/// <summary>
/// Structural similarity (Wang et al. 2004, luma, Gaussian window of sigma 1.5) of each size to the picture decoded in full and reduced
/// with Lanczos in one step; beside it that of the same reduced picture after the same encoder, which is the best that can be had.
/// </summary>
internal static class Quality
{
    private sealed record Measured(string Preset, double Ours, double Best, long OurBytes, long BestBytes);

    /// <summary>What becomes of a thumbnail that is missing alone.</summary>
    private const string Shrunk = "thumbnail-of-display";

    /// <summary>One line for each preset, and one for thumbnails made from display pictures: preset, mean of ours, mean of the best, largest difference of one picture, ratio of bytes.</summary>
    public static void Print(string[] pictures)
    {
        Codec.StartBundled();
        using var original = new OriginalBytes();
        var all = pictures.SelectMany(picture => Measure(original, picture)).GroupBy(m => m.Preset);
        foreach (var preset in all)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{preset.Key} {preset.Average(m => m.Ours):F5} {preset.Average(m => m.Best):F5} {preset.Max(m => m.Best - m.Ours):F5} {(double)preset.Sum(m => m.OurBytes) / preset.Sum(m => m.BestBytes):F4}"));
        }
    }

    private static List<Measured> Measure(OriginalBytes original, string picture)
    {
        var made = new Dictionary<string, byte[]>();
        BareLoop.Derive(original, picture, (preset, bytes) => made[preset] = bytes.ToArray());
        var header = PictureReader.Header(original, new());
        List<Measured> measured = [.. BareLoop.Presets.Select(preset => Compare(original, header, preset, preset.Name, made[preset.Name]))];
        BareLoop.Shrink(made[Preset.Display.Name], Preset.Thumbnail, bytes => made[Shrunk] = bytes.ToArray());
        return [.. measured, Compare(original, header, Preset.Thumbnail, Shrunk, made[Shrunk])];
    }

    private static Measured Compare(OriginalBytes original, PictureHeader header, Preset preset, string name, byte[] ours)
    {
        using var reduced = Reduced(original, header, preset.MaxEdge!.Value);
        var best = EncodeStep.Encode(reduced, preset, preset.Format, SmartQuality.For(preset, header, original.Length), drawing: false);
        return new(name, Similarity(reduced, ours), Similarity(reduced, best), ours.Length, best.Length);
    }

    private static Image Reduced(OriginalBytes original, PictureHeader header, int edge)
    {
        using var whole = PictureReader.Open(original, header.Format, 1, 1, strict: true);
        var foreign = ColourStep.HasForeignProfile(whole);
        using var held = whole.CopyMemory();
        using var upright = held.Autorot();
        using var small = upright.ThumbnailImage(edge, height: edge, size: Enums.Size.Down, noRotate: true);
        var image = small.CopyMemory();
        if (foreign) ColourStep.ToSrgb(ref image);
        return image;
    }

    private static double Similarity(Image reference, byte[] encoded)
    {
        using var decoded = encoded.AsSpan(0, 4).SequenceEqual("RIFF"u8) ? Image.WebploadBuffer(encoded) : Image.JpegloadBuffer(encoded);
        using var x = Luma(reference);
        using var y = Luma(decoded);
        using var meanX = Blur(x);
        using var meanY = Blur(y);
        using var squareX = Blur(x * x);
        using var squareY = Blur(y * y);
        using var product = Blur(x * y);
        const double c1 = 0.01 * 255 * 0.01 * 255, c2 = 0.03 * 255 * 0.03 * 255;
        using var above = ((2 * meanX * meanY) + c1) * ((2 * (product - (meanX * meanY))) + c2);
        using var below = ((meanX * meanX) + (meanY * meanY) + c1) * (squareX - (meanX * meanX) + squareY - (meanY * meanY) + c2);
        return (above / below).Avg();
    }

    private static Image Luma(Image image)
    {
        using var colour = image.Bands == 1 ? image.Bandjoin([image, image]) : image.ExtractBand(0, n: 3);
        using var weights = Image.NewFromArray(new[,] { { 0.299, 0.587, 0.114 } });
        return colour.Cast(Enums.BandFormat.Float).Recomb(weights).CopyMemory();
    }

    private static Image Blur(Image image) => image.Gaussblur(1.5, minAmpl: 0.01, precision: Enums.Precision.Float).CopyMemory();
}
