using System.ComponentModel.DataAnnotations;

namespace Vitrine.Core.Decoding;

/// <summary>Where the decoder program stands, and what is kept of its work.</summary>
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

    public string ResolvedPath => Path.Length > 0 ? Path : System.IO.Path.Combine(AppContext.BaseDirectory, "decoder", "Vitrine.Decoder");
}
