using Vitrine.Core.Decoding;
using Vitrine.Imaging.Formats;

namespace Vitrine.Imaging;

/// <summary>The first message of a decoder: what it is and what it reads.</summary>
public static class Greeting
{
    /// <param name="limits">What holds in this process.</param>
    public static Hello For(IReadOnlyList<string> limits)
    {
        var version = typeof(Greeting).Assembly.GetName().Version!.ToString(3);
        return new(Hello.CurrentProtocol, $"{version} bundled libvips {Codec.Start()}", [.. ImageFormats.Readable.Select(ImageFormats.NameOf)], limits);
    }
}
