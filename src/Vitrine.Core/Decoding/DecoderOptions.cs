namespace Vitrine.Core.Decoding;

/// <summary>Where the decoder program stands.</summary>
public sealed record DecoderOptions
{
    /// <summary>Path of the program; empty for the one that stands beside the server.</summary>
    public string Path { get; init; } = "";

    public string ResolvedPath => Path.Length > 0 ? Path : System.IO.Path.Combine(AppContext.BaseDirectory, "decoder", "Vitrine.Decoder");
}
