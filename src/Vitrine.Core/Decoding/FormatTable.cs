using System.Collections.Frozen;

namespace Vitrine.Core.Decoding;

/// <summary>Which build of libvips a decoder runs with. Each flavour has a pool of its own.</summary>
public enum DecoderFlavour
{
    /// <summary>The build that ships with Vitrine.</summary>
    Bundled,

    /// <summary>The machine's own, where it is installed: it sees only what the bundled one cannot read.</summary>
    System,
}

/// <summary>Whether a format is read where its flavour is there.</summary>
public enum FormatAccess
{
    Allowed,

    /// <summary>Read where the sandbox of decoders holds, since its reader has a record of memory errors; a setting of the machine may allow it elsewhere, or forbid it.</summary>
    Confined,

    /// <summary>Off until a setting of the machine allows it: it is a document more than a picture, and its reader a small browser.</summary>
    OptIn,

    /// <summary>Nothing reads it: it is named, counted and shown.</summary>
    Never,
}

/// <param name="Name">By content, as facts and decoders say it.</param>
/// <param name="Title">For people.</param>
/// <param name="Extensions">That make a scan list a file; its content decides then.</param>
/// <param name="Note">What of it is read, and how; for the documents.</param>
public sealed record FormatRow(string Name, string Title, DecoderFlavour? Flavour, FormatAccess Access, IReadOnlyList<string> Extensions, string Note)
{
    /// <summary>The setting that allows or forbids it, where there is one.</summary>
    public string? Setting => Access is FormatAccess.OptIn or FormatAccess.Confined ? $"Decoder.Allow{char.ToUpperInvariant(Name[0])}{Name[1..]}" : null;
}

/// <summary>
/// Format by flavour by what is allowed: the one table by which scans list, decoders read, requests are sent to a flavour, and documents are written.
/// </summary>
public static class FormatTable
{
    public static IReadOnlyList<FormatRow> Rows { get; } =
    [
        Bundled("jpeg", "JPEG", "shrunk while it loads; of a multi-picture file the first", "jpg", "jpeg", "jpe", "jfif", "jif", "mpo"),
        Bundled("png", "PNG", "APNG too: its first frame, and all of it as a clean copy", "png", "apng"),
        Bundled("webp", "WebP", "animated ones too", "webp"),
        Bundled("gif", "GIF", "animated ones too", "gif"),
        Bundled("tiff", "TIFF", "the first page is the picture, the others are counted; not with LERC, LZMA or Zstandard packing", "tif", "tiff"),
        Bundled("avif", "AVIF", "of a sequence the first picture", "avif", "avifs"),
        Bundled("bmp", "BMP", "by a reader of our own; without JPEG or PNG inside", "bmp", "dib", "rle"),
        Bundled("raw", "camera RAW", "by the largest JPEG preview that the camera put into it, never developed",
            "dng", "cr2", "cr3", "crw", "nef", "nrw", "arw", "sr2", "srf", "orf", "rw2", "raf", "pef", "srw", "x3f", "raw", "rwl", "3fr", "erf", "kdc", "mrw"),
        System("heic", "HEIC", FormatAccess.Allowed, "pictures of phones", "heic", "heif", "hif"),
        System("jxl", "JPEG XL", FormatAccess.Confined, "the first frame", "jxl"),
        System("jp2", "JPEG 2000", FormatAccess.Confined, "", "jp2", "j2k", "jpf", "jpx", "j2c", "jpc"),
        System("svg", "SVG", FormatAccess.OptIn, "drawn as a picture, never served as a document", "svg", "svgz"),
        Unread("pdf", "PDF", "documents are not listed, only recognized by content"),
        Unread("psd", "Photoshop", "", "psd", "psb"),
        Unread("ico", "icon", "", "ico"),
        Unread("pnm", "PNM", "", "ppm", "pgm", "pbm", "pnm", "pam"),
        Unread("qoi", "QOI", "", "qoi"),
        Unread("exr", "OpenEXR", "", "exr"),
        Unread("hdr", "Radiance HDR", "", "hdr"),
        Unread("tga", "Targa", "told by its name only: its content says nothing", "tga"),
    ];

    private static readonly FrozenDictionary<string, FormatRow> ByName = Rows.ToFrozenDictionary(row => row.Name);

    /// <summary>Null where the table does not know it.</summary>
    public static FormatRow? Find(string name) => ByName.GetValueOrDefault(name);

    private static FormatRow Bundled(string name, string title, string note, params string[] extensions) =>
        new(name, title, DecoderFlavour.Bundled, FormatAccess.Allowed, extensions, note);

    private static FormatRow System(string name, string title, FormatAccess access, string note, params string[] extensions) =>
        new(name, title, DecoderFlavour.System, access, extensions, note);

    private static FormatRow Unread(string name, string title, string note, params string[] extensions) =>
        new(name, title, null, FormatAccess.Never, extensions, note);
}
