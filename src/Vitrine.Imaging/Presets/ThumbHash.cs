using System.Runtime.Intrinsics;

namespace Vitrine.Imaging.Presets;

/// <summary>
/// The placeholder of at most 25 bytes by Evan Wallace (https://evanw.github.io/thumbhash/): the lowest frequencies of luminance,
/// two colour differences and alpha, in as many bits as they are worth.
/// </summary>
public static class ThumbHash
{
    public const int MaxEdge = 100;

    /// <summary>Of the frequencies in each direction at most seven are wanted.</summary>
    private const int Lanes = 8;

    /// <param name="rgba">Not premultiplied, no edge over <see cref="MaxEdge"/>.</param>
    public static byte[] Of(int width, int height, ReadOnlySpan<byte> rgba)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(width, height), MaxEdge);
        var pixels = width * height;
        var average = Average(rgba, pixels);
        var hasAlpha = average[3] < pixels;
        var most = hasAlpha ? 5 : 7;
        var longest = Math.Max(width, height);
        var lx = Math.Max(1, Round((double)most * width / longest));
        var ly = Math.Max(1, Round((double)most * height / longest));
        var planes = Planes(rgba, pixels, average);
        var along = Enumerable.Range(0, Lanes).Select(cx => Enumerable.Range(0, width).Select(x => Cosine(width, cx, x)).ToArray()).ToArray();
        var down = Enumerable.Range(0, height).Select(y => Vector512.Create([.. Enumerable.Range(0, Lanes).Select(cy => Cosine(height, cy, y))])).ToArray();
        var l = Encode(planes[0], along, down, Math.Max(3, lx), Math.Max(3, ly));
        var p = Encode(planes[1], along, down, 3, 3);
        var q = Encode(planes[2], along, down, 3, 3);
        var a = hasAlpha ? Encode(planes[3], along, down, 5, 5) : default;
        var isLandscape = width > height;
        var head24 = Round(63 * l.Dc) | (Round(31.5 + (31.5 * p.Dc)) << 6) | (Round(31.5 + (31.5 * q.Dc)) << 12) | (Round(31 * l.Scale) << 18) | (hasAlpha ? 1 << 23 : 0);
        var head16 = (isLandscape ? ly : lx) | (Round(63 * p.Scale) << 3) | (Round(63 * q.Scale) << 9) | (isLandscape ? 1 << 15 : 0);
        List<byte> hash = [(byte)head24, (byte)(head24 >> 8), (byte)(head24 >> 16), (byte)head16, (byte)(head16 >> 8)];
        if (hasAlpha) hash.Add((byte)(Round(15 * a.Dc) | (Round(15 * a.Scale) << 4)));
        var nibbles = l.Ac.Concat(p.Ac).Concat(q.Ac).Concat(hasAlpha ? a.Ac : []).Select(f => Round(15 * f)).ToList();
        for (var i = 0; i < nibbles.Count; i += 2) hash.Add((byte)(nibbles[i] | (i + 1 < nibbles.Count ? nibbles[i + 1] << 4 : 0)));
        return [.. hash];
    }

    /// <summary>JavaScript's Math.round, which the reference uses.</summary>
    private static int Round(double value) => (int)Math.Floor(value + 0.5);

    private static double[] Average(ReadOnlySpan<byte> rgba, int pixels)
    {
        var sum = new double[4];
        for (var i = 0; i < pixels; i++)
        {
            var alpha = rgba[(i * 4) + 3] / 255.0;
            for (var c = 0; c < 3; c++) sum[c] += alpha / 255 * rgba[(i * 4) + c];
            sum[3] += alpha;
        }
        if (sum[3] > 0)
            for (var c = 0; c < 3; c++) sum[c] /= sum[3];
        return sum;
    }

    /// <summary>Luminance, yellow - blue, red - green and alpha, over the average colour.</summary>
    private static double[][] Planes(ReadOnlySpan<byte> rgba, int pixels, double[] average)
    {
        double[][] planes = [new double[pixels], new double[pixels], new double[pixels], new double[pixels]];
        for (var i = 0; i < pixels; i++)
        {
            var alpha = rgba[(i * 4) + 3] / 255.0;
            var r = (average[0] * (1 - alpha)) + (alpha / 255 * rgba[i * 4]);
            var g = (average[1] * (1 - alpha)) + (alpha / 255 * rgba[(i * 4) + 1]);
            var b = (average[2] * (1 - alpha)) + (alpha / 255 * rgba[(i * 4) + 2]);
            planes[0][i] = (r + g + b) / 3;
            planes[1][i] = ((r + g) / 2) - b;
            planes[2][i] = r - g;
            planes[3][i] = alpha;
        }
        return planes;
    }

    /// <summary>A cosine transform. Each sum takes the pixels in the reference's order, since its rounding is seen in the hash.</summary>
    /// <param name="along">Cosines by frequency, of each place in a row.</param>
    /// <param name="down">Of each row, those of all frequencies.</param>
    private static (double Dc, List<double> Ac, double Scale) Encode(double[] plane, double[][] along, Vector512<double>[] down, int nx, int ny)
    {
        double dc = 0, scale = 0;
        var ac = new List<double>();
        var sums = along.Take(nx).Select(fx => Sums(plane, fx, down)).ToList();
        for (var cy = 0; cy < ny; cy++)
        {
            for (var cx = 0; cx * ny < nx * (ny - cy); cx++)
            {
                var f = sums[cx][cy] / plane.Length;
                if (cx == 0 && cy == 0) dc = f;
                else ac.Add(f);
                if (cx > 0 || cy > 0) scale = Math.Max(scale, Math.Abs(f));
            }
        }
        if (scale > 0)
            for (var i = 0; i < ac.Count; i++) ac[i] = 0.5 + (0.5 / scale * ac[i]);
        return (dc, ac, scale);
    }

    private static double Cosine(int length, int frequency, int at) => Math.Cos(Math.PI / length * frequency * (at + 0.5));

    /// <summary>With one frequency along x, of all along y side by side: each waits for itself alone.</summary>
    private static Vector512<double> Sums(ReadOnlySpan<double> plane, double[] fx, Vector512<double>[] down)
    {
        var sums = Vector512<double>.Zero;
        foreach (var fy in down)
        {
            for (var x = 0; x < fx.Length; x++) sums += Vector512.Create(plane[x] * fx[x]) * fy;
            plane = plane[fx.Length..];
        }
        return sums;
    }
}
