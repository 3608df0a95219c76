using System.Collections.Frozen;
using System.Text;

namespace Vitrine.Imaging.Formats;

/// <summary>
/// What a name's extension says while a container is listed. The content decides later: formats that nothing here decodes are
/// listed too, so that they are seen as Skipped(unsupported) and not overlooked.
/// </summary>
public static class KnownExtensions
{
    private const int MaxLength = 8;

    private static readonly FrozenSet<string> Images = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "jpg", "jpeg", "jpe", "jfif", "jif", "mpo", "png", "apng", "gif", "bmp", "dib", "rle", "webp", "tif", "tiff", "avif", "avifs",
        "heic", "heif", "hif", "jxl", "jp2", "j2k", "jpf", "jpx", "j2c", "jpc", "svg", "svgz", "ico", "psd", "psb", "tga", "qoi", "exr", "hdr",
        "ppm", "pgm", "pbm", "pnm", "pam", "dng", "cr2", "cr3", "crw", "nef", "nrw", "arw", "sr2", "srf", "orf", "rw2", "raf", "pef",
        "srw", "x3f", "raw", "rwl", "3fr", "erf", "kdc", "mrw");

    public static bool IsImage(ReadOnlySpan<byte> name) => Extension(name) is { } extension && Images.Contains(extension);

    private static string? Extension(ReadOnlySpan<byte> name)
    {
        var dot = name.LastIndexOf((byte)'.');
        var extension = name[(dot + 1)..];
        return dot > 0 && extension.Length is > 0 and <= MaxLength && Ascii.IsValid(extension) ? Encoding.ASCII.GetString(extension) : null;
    }
}
