using System.Globalization;
using NetVips;

namespace Vitrine.Tests.Imaging;

/// <summary>The mean colours of a picture's 4 x 4 cells, row by row, in sRGB over white.</summary>
internal sealed class ColourGrid
{
    private const int Edge = 64;
    private const int Cell = Edge / 4;

    private readonly double[] _channels;

    private ColourGrid(double[] channels) => _channels = channels;

    /// <param name="colours">16 times rrggbb.</param>
    public ColourGrid(IReadOnlyList<string> colours)
        : this([.. colours.SelectMany(c => new[] { c[..2], c[2..4], c[4..] }).Select(c => (double)int.Parse(c, NumberStyles.HexNumber, CultureInfo.InvariantCulture))])
    {
    }

    public static ColourGrid Of(byte[] picture)
    {
        using var image = Pictures.Open(picture);
        using var small = image.ThumbnailImage(Edge, height: Edge, size: Enums.Size.Force);
        using var colour = small.Colourspace(Enums.Interpretation.Srgb);
        using var flat = colour.HasAlpha() ? colour.Flatten(background: [255, 255, 255]) : colour.Copy();
        var pixels = flat.WriteToMemory<byte>();
        return new([.. from cell in Enumerable.Range(0, 16) from channel in Enumerable.Range(0, 3) select Mean(pixels, cell % 4, cell / 4, channel)]);
    }

    /// <summary>The largest of a channel.</summary>
    public double DifferenceFrom(ColourGrid other) => _channels.Zip(other._channels, (one, two) => Math.Abs(one - two)).Max();

    private static double Mean(byte[] pixels, int column, int row, int channel)
    {
        var sum = 0.0;
        for (var y = row * Cell; y < (row + 1) * Cell; y++)
            for (var x = column * Cell; x < (column + 1) * Cell; x++) sum += pixels[(((y * Edge) + x) * 3) + channel];
        return sum / (Cell * Cell);
    }
}
