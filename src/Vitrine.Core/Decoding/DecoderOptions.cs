using System.ComponentModel.DataAnnotations;

namespace Vitrine.Core.Decoding;

/// <summary>Where the decoder program stands, what it may read with the machine's own libvips, and what is kept of its work.</summary>
public sealed record DecoderOptions
{
    /// <summary>Path of the program; empty for the one that stands beside the server.</summary>
    public string Path { get; init; } = "";

    /// <summary>
    /// Bytes on disk, in the data folder, for originals that were unpacked from solid or compressed archives: a page that is looked at, and those around it, are
    /// then not unpacked again. 0 turns it off.
    /// </summary>
    [Range(0L, 1L << 44)]
    public long SpoolBytes { get; init; } = 2L << 30;

    /// <summary>Folder with the system's libvips.so.42; empty for the usual ones, "none" to leave it alone.</summary>
    public string SystemLibraries { get; init; } = "";

    /// <summary>Whether JPEG XL is read, with the system's libvips; where nothing is said, it is where the sandbox of decoders holds.</summary>
    public bool? AllowJxl { get; init; }

    /// <summary>Whether JPEG 2000 is read, with the system's libvips; where nothing is said, it is where the sandbox of decoders holds.</summary>
    public bool? AllowJp2 { get; init; }

    /// <summary>Whether SVG is drawn, with the system's libvips.</summary>
    public bool AllowSvg { get; init; }

    public string ResolvedPath => Path.Length > 0 ? Path : System.IO.Path.Combine(AppContext.BaseDirectory, "decoder", "Vitrine.Decoder");

    public bool Allows(FormatRow row) => row.Access switch
    {
        FormatAccess.Allowed => true,
        FormatAccess.Never => false,
        FormatAccess.Confined => Said(row) ?? true,
        _ => Said(row) ?? false,
    };

    /// <summary>Allowed by nobody's word, and so only where the whole sandbox holds.</summary>
    public bool AllowsConfined(FormatRow row) => row.Access == FormatAccess.Confined && Said(row) is null;

    private bool? Said(FormatRow row) => row.Name switch { "jxl" => AllowJxl, "jp2" => AllowJp2, "svg" => AllowSvg, _ => null };
}
