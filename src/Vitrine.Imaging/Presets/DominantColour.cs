namespace Vitrine.Imaging.Presets;

/// <summary>The colour that most of a picture has: the mean of the fullest of 512 boxes.</summary>
internal static class DominantColour
{
    private const int Opaque = 128;

    /// <returns>rrggbb; null where nothing is opaque.</returns>
    public static string? Of(ReadOnlySpan<byte> rgba)
    {
        Span<int> boxes = stackalloc int[512 * 4];
        var fullest = 0;
        for (var i = 0; i + 3 < rgba.Length; i += 4)
        {
            if (rgba[i + 3] < Opaque) continue;
            var box = 4 * (((rgba[i] >> 5) << 6) | ((rgba[i + 1] >> 5) << 3) | (rgba[i + 2] >> 5));
            boxes[box]++;
            for (var c = 0; c < 3; c++) boxes[box + 1 + c] += rgba[i + c];
            if (boxes[box] > boxes[fullest]) fullest = box;
        }
        var count = boxes[fullest];
        return count == 0 ? null : $"{boxes[fullest + 1] / count:x2}{boxes[fullest + 2] / count:x2}{boxes[fullest + 3] / count:x2}";
    }
}
