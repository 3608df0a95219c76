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
        if (IsReadByUs(format)) return true;
        if (!HasLoader(format)) return false;
        Codec.Allow([format]);
        return format != ImageFormat.Heic || Decodes("hevc.heic");
    }

    /// <summary>Bitmaps by a reader of our own, camera files by the JPEG within.</summary>
    private static bool IsReadByUs(ImageFormat format) => format is ImageFormat.Bmp or ImageFormat.Raw;

    private static bool HasLoader(ImageFormat format) => NetVips.NetVips.TypeFind("VipsOperation", OperationOf(format)) != 0;

    private static string OperationOf(ImageFormat format) => format switch
    {
        ImageFormat.Avif or ImageFormat.Heic => "heifload_source",
        ImageFormat.Jp2 => "jp2kload_source",
        _ => ImageFormats.NameOf(format) + "load_source",
    };

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
