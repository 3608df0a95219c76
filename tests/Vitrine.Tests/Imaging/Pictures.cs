using NetVips;
using Vitrine.Imaging.Formats;

namespace Vitrine.Tests.Imaging;

/// <summary>Pictures that tests make for themselves: four quarters of known colours, or smooth ones.</summary>
internal static class Pictures
{
    public static readonly double[] Red = [220, 30, 30], Green = [30, 180, 60], Blue = [40, 60, 210], Yellow = [230, 220, 40];

    static Pictures() => Codec.StartBundled();

    /// <summary>Red, green above blue, yellow.</summary>
    public static Image Quarters(int width, int height)
    {
        using var black = Image.Black(width, height, bands: 3);
        using var sum = black + Red;
        using var all = sum.Copy(interpretation: Enums.Interpretation.Srgb).Cast(Enums.BandFormat.Uchar);
        return all.Mutate(m =>
        {
            m.DrawRect(Green, width / 2, 0, width - (width / 2), height / 2, fill: true);
            m.DrawRect(Blue, 0, height / 2, width / 2, height - (height / 2), fill: true);
            m.DrawRect(Yellow, width / 2, height / 2, width - (width / 2), height - (height / 2), fill: true);
        });
    }

    /// <summary>Columns of pure red and pure blue, each a pixel wide.</summary>
    public static Image Stripes(int width, int height)
    {
        byte[] row = [.. Enumerable.Range(0, width).SelectMany(x => x % 2 == 0 ? new byte[] { 255, 0, 0 } : [0, 0, 255])];
        using var line = Image.NewFromMemoryCopy(row, width, 1, 3, Enums.BandFormat.Uchar);
        using var all = line.Embed(0, 0, width, height, extend: Enums.Extend.Copy);
        return all.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    public static byte[] Jpeg(int width, int height, int quality = 90)
    {
        using var image = Quarters(width, height);
        return image.JpegsaveBuffer(q: quality);
    }

    public static byte[] Png(int width, int height)
    {
        using var image = Quarters(width, height);
        return image.PngsaveBuffer();
    }

    /// <summary>Noise: bytes that a truncation cuts somewhere in the picture.</summary>
    public static Image Noise(int width, int height)
    {
        using var noise = Image.Gaussnoise(width, height, mean: 128, sigma: 40, seed: 7);
        return noise.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw).Colourspace(Enums.Interpretation.Srgb);
    }

    /// <summary>A JPEG as a camera writes it: orientation, a place, a maker, a comment of its owner.</summary>
    public static byte[] Camera(int width, int height, int orientation)
    {
        using var image = Stored(width, height, orientation);
        using var tagged = image.Mutate(m =>
        {
            m.Set(GValue.GIntType, "orientation", orientation);
            m.Set(GValue.GStrType, "exif-ifd0-Orientation", $"{orientation}");
            m.Set(GValue.GStrType, "exif-ifd0-Make", "SECRETMAKER");
            m.Set(GValue.GStrType, "exif-ifd0-Artist", "SECRETOWNER");
            m.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "51/1 30/1 12/1");
        });
        return tagged.JpegsaveBuffer(q: 92);
    }

    /// <summary>The picture stored so that, turned as the orientation says, it is <see cref="Quarters"/> of this size.</summary>
    private static Image Stored(int width, int height, int orientation)
    {
        using var upright = Quarters(width, height);
        return orientation switch
        {
            2 => upright.FlipHor(),
            3 => upright.Rot180(),
            4 => upright.FlipVer(),
            5 => Chain(upright.Rot90(), i => i.FlipHor()),
            6 => upright.Rot270(),
            7 => Chain(upright.Rot90(), i => i.FlipVer()),
            8 => upright.Rot90(),
            _ => upright.Copy(),
        };
    }

    /// <summary>Frames of these colours, as GIF or WebP.</summary>
    public static byte[] Animation(int width, int height, bool gif, params double[][] colours)
    {
        var frames = colours.Select(c => (Image.Black(width, height, bands: 3) + c).Cast(Enums.BandFormat.Uchar)).ToArray();
        using var strip = Image.Arrayjoin(frames, across: 1).Copy(interpretation: Enums.Interpretation.Srgb);
        using var animated = strip.Mutate(m =>
        {
            m.Set(GValue.GIntType, "page-height", height);
            m.Set(GValue.ArrayIntType, "delay", colours.Select(_ => 70).ToArray());
            m.Set(GValue.GIntType, "loop", 0);
        });
        foreach (var frame in frames) frame.Dispose();
        return gif ? animated.GifsaveBuffer() : animated.WebpsaveBuffer(q: 90);
    }

    public static Image Open(byte[] bytes) => Image.NewFromBuffer(bytes);

    /// <summary>The colour at a place given in parts of the edges.</summary>
    public static double[] At(byte[] bytes, double x, double y)
    {
        using var image = Open(bytes);
        return image.Getpoint((int)(x * (image.Width - 1)), (int)(y * (image.Height - 1)));
    }

    public static void AssertNear(double[] expected, double[] actual, double tolerance = 12)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"expected {string.Join(',', expected)}, got {string.Join(',', actual)}");
    }

    private static Image Chain(Image first, Func<Image, Image> then)
    {
        using (first) return then(first);
    }
}
