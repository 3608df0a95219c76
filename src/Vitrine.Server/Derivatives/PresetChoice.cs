using Vitrine.Core.Derivatives;

namespace Vitrine.Server.Derivatives;

/// <summary>Which preset satisfies a width.</summary>
internal static class PresetChoice
{
    /// <summary>
    /// The smallest preset whose picture is at least <paramref name="wanted"/> wide, or as wide as the original, for nothing is enlarged. While
    /// the original's size is not known (0), it is taken for a square without end.
    /// </summary>
    public static Preset ForWidth(PresetSet presets, int width, int height, int wanted) =>
        presets.All.FirstOrDefault(preset => WidthIn(preset, width, height) >= (width > 0 ? Math.Min(wanted, width) : wanted)) ?? presets.All[^1];

    private static double WidthIn(Preset preset, int width, int height) => (preset.MaxEdge, width) switch
    {
        (null, 0) => double.PositiveInfinity,
        (null, _) => width,
        ({ } edge, 0) => edge,
        ({ } edge, _) => width * Math.Min(1, edge / (double)Math.Max(width, height)),
    };
}
