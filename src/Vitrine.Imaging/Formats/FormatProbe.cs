using NetVips;

namespace Vitrine.Imaging.Formats;

/// <summary>
/// Whether this libvips really reads a format. That its loader is there says so of all but HEIC, whose loader may have no decoder for what is within:
/// a small picture tells.
/// </summary>
internal static class FormatProbe
{
    public static bool Reads(ImageFormat format)
    {
        if (ImageFormats.LoaderOf(format) is not { } loader || !HasLoader(loader)) return false;
        Codec.Allow([format]);
        return format != ImageFormat.Heic || Decodes("hevc.heic");
    }

    /// <summary>By its name as an operation: <c>VipsForeignLoadJxl</c> is the parent of <c>jxlload_source</c>.</summary>
    private static bool HasLoader(string loader) =>
        NetVips.NetVips.TypeFind("VipsOperation", loader["VipsForeignLoad".Length..].ToLowerInvariant() + "load_source") != 0;

    private static bool Decodes(string probe)
    {
        using var resource = typeof(FormatProbe).Assembly.GetManifestResourceStream(probe)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        try
        {
            using var image = Image.HeifloadBuffer(bytes);
            return image.Avg() >= 0;
        }
        catch (VipsException)
        {
            Codec.ForgetErrors();
            return false;
        }
    }
}
