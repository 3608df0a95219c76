using NetVips;

namespace Vitrine.Imaging.Presets;

/// <summary>
/// The decoded picture in memory, upright and in sRGB, getting smaller: each size is made from the one before it. An animation
/// is held as its frames below each other, and as its first frame from when a still is asked for.
/// </summary>
internal sealed class Tiers(Image decoded, int frames) : IDisposable
{
    private Image? _frames = frames > 1 ? decoded : null;
    private Image? _still = frames > 1 ? null : decoded;

    /// <summary>The picture with no edge over <paramref name="maxEdge"/>; calls come with falling edges. It belongs to this object.</summary>
    public Image At(int maxEdge, bool keepFrames)
    {
        if (keepFrames && _frames is not null) return Shrunk(ref _frames, maxEdge, frames);
        _still ??= FirstFrame(_frames!);
        return Shrunk(ref _still, maxEdge, 1);
    }

    private static Image Shrunk(ref Image image, int maxEdge, int frames)
    {
        if (Math.Max(image.Width, image.Height / frames) <= maxEdge) return image;
        using var lazy = image.ThumbnailImage(maxEdge, height: maxEdge, size: Enums.Size.Down, noRotate: true);
        var smaller = lazy.CopyMemory();
        image.Dispose();
        image = smaller;
        return smaller;
    }

    private Image FirstFrame(Image strip)
    {
        using var cut = strip.ExtractArea(0, 0, strip.Width, strip.Height / frames);
        using var still = cut.Mutate(m => m.Remove("page-height"));
        return still.CopyMemory();
    }

    public void Dispose()
    {
        _frames?.Dispose();
        _still?.Dispose();
    }
}
