using NetVips;

namespace Vitrine.Imaging.Presets;

/// <summary>What is shown before a picture has come: ThumbHash and colour, from its smallest size.</summary>
internal static class PlaceholderStep
{
    public static (byte[] ThumbHash, string? Color) Make(Image smallest)
    {
        using var tiny = smallest.ThumbnailImage(ThumbHash.MaxEdge, height: ThumbHash.MaxEdge, size: Enums.Size.Down, noRotate: true);
        using var colour = tiny.Bands < 3 ? tiny.Colourspace(Enums.Interpretation.Srgb) : tiny.Copy();
        using var rgba = colour.HasAlpha() ? colour.Copy() : colour.Bandjoin(255);
        var bytes = rgba.WriteToMemory<byte>();
        return (ThumbHash.Of(rgba.Width, rgba.Height, bytes), DominantColour.Of(bytes));
    }
}
