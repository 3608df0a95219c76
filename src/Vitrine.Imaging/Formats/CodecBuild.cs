using Vitrine.Core.Decoding;

namespace Vitrine.Imaging.Formats;

/// <summary>The libvips of this process.</summary>
/// <param name="Formats">That are read here; all others are named and refused.</param>
public sealed record CodecBuild(DecoderFlavour Flavour, string Version, IReadOnlyList<ImageFormat> Formats)
{
    public bool Reads(ImageFormat format) => Formats.Contains(format);
}
