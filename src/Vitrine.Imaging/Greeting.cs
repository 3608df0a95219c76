using Vitrine.Core.Decoding;
using Vitrine.Imaging.Formats;
using Vitrine.Imaging.Native;

namespace Vitrine.Imaging;

/// <summary>The first message of a decoder: what it is and what it reads.</summary>
public static class Greeting
{
    /// <param name="limits">What holds in this process.</param>
    public static Hello For(CodecBuild build, IReadOnlyList<string> limits)
    {
        var version = typeof(Greeting).Assembly.GetName().Version!.ToString(3);
        return new(Hello.CurrentProtocol, $"{version} {build.Flavour.ToString().ToLowerInvariant()} libvips {build.Version}", [.. build.Formats.Select(ImageFormats.NameOf)], limits, Lzma.Version);
    }
}
