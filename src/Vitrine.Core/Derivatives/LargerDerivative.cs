using Vitrine.Core.Jobs;

namespace Vitrine.Core.Derivatives;

/// <summary>A derivative that stands in a cache folder, and from which smaller ones of the same content are made: its original is not read for them.</summary>
/// <param name="Hash">SHA-256 of its bytes, lower-case hex: other bytes are not taken.</param>
/// <param name="Facts">What is recorded of the original.</param>
public sealed record LargerDerivative(string FolderPath, string FileName, long Size, string Hash, ImageFacts Facts)
{
    /// <summary>More than a derivative for a screen has; an original of that size is read instead.</summary>
    public const long MaxBytes = 8 << 20;

    /// <summary>Several pixels make one, and what encoding did to each is gone in their mean.</summary>
    private const int LeastRatio = 2;

    /// <summary>
    /// The presets whose derivative of this content, where it is there, does as well as the original for all that is wanted, smallest first. It is a JPEG, so without
    /// alpha and frames; no less than twice the size; and of no less quality, so that the quality comes out as from the original, which may have less than any of them.
    /// What becomes small enough to count as a drawing keeps its colours whole if its original was lossless, which only that tells.
    /// </summary>
    public static IEnumerable<Preset> Sources(IReadOnlyList<Preset> wanted, IEnumerable<Preset> all, ImageFacts facts)
    {
        if (wanted.Count == 0 || facts.Frames != 1 || facts.Damaged || wanted.Any(preset => CountsAsDrawing(preset, facts))) return [];
        var (edge, quality) = (wanted.Max(preset => Edge(preset, facts)), wanted.Max(preset => preset.Quality));
        return all.Where(preset => preset.Format == DerivativeFormat.Jpeg && preset.Quality >= quality && Edge(preset, facts) >= LeastRatio * edge)
            .OrderBy(preset => Edge(preset, facts));
    }

    private static int Edge(Preset preset, ImageFacts facts) => Math.Min(preset.MaxEdge ?? int.MaxValue, Math.Max(facts.Width, facts.Height));

    private static bool CountsAsDrawing(Preset preset, ImageFacts facts)
    {
        var scale = (double)Edge(preset, facts) / Math.Max(facts.Width, facts.Height);
        return scale * facts.Width * scale * facts.Height <= Preset.DrawingPixels;
    }
}
