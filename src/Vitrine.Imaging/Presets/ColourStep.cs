using NetVips;

namespace Vitrine.Imaging.Presets;

/// <summary>
/// Colours to sRGB, only where a profile says that they are something else. libvips would convert untagged pictures too, at four
/// times the cost of all the rest, for no change.
/// </summary>
internal static class ColourStep
{
    private const string Profile = "icc-profile-data";

    /// <summary>Where a profile's description stands: within its first bytes in all profiles seen.</summary>
    private const int DescriptionBytes = 4096;

    /// <summary>Whether the picture carries a profile that is not one of the many sRGB ones.</summary>
    public static bool HasForeignProfile(Image image)
    {
        if (!image.Contains(Profile) || image.Get(Profile) is not byte[] profile) return false;
        var head = profile.AsSpan(0, Math.Min(profile.Length, DescriptionBytes));
        return head.IndexOf("sRGB"u8) < 0 && head.IndexOf("s\0R\0G\0B"u8) < 0;
    }

    /// <summary>Converts a small picture. A profile that cannot be used is as good as none: the colours stay as they are.</summary>
    public static void ToSrgb(ref Image image)
    {
        try
        {
            using var lazy = image.IccTransform("srgb", embedded: true, intent: Enums.Intent.Relative, depth: 8);
            var converted = lazy.CopyMemory();
            image.Dispose();
            image = converted;
        }
        catch (VipsException)
        {
            Formats.Codec.ForgetErrors();
        }
    }
}
