using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Formats;
using Vitrine.Imaging.Presets;
using Vitrine.Imaging.Sources;

namespace Vitrine.Bench;

/// <summary>The product's own pipeline, hash included, in one process and without all that an import does around it.</summary>
internal static class BareLoop
{
    public static readonly Preset[] Presets = [Preset.Thumbnail, Preset.Medium, Preset.Display];

    public static MakeSizes Start()
    {
        Codec.StartBundled();
        var original = new OriginalBytes();
        return (picture, made) => Derive(original, picture, made);
    }

    public static void Derive(OriginalBytes original, string picture, Action<string, ReadOnlySpan<byte>> made)
    {
        Read(original, picture);
        var item = new DeriveItem(0, [], 0, new SourceVersion(original.Length, 0, 0), Presets);
        new Deriver(original, item, new DecodeLimits(), large: false).Derive((message, bytes) => made(message.Preset, bytes));
    }

    /// <summary>One smaller size of a picture that was made.</summary>
    public static void Shrink(byte[] made, Preset preset, Action<ReadOnlySpan<byte>> smaller)
    {
        using var larger = new OriginalBytes();
        larger.Take(made);
        new Deriver(larger, new(0, [], 0, default, [preset]), new DecodeLimits(), large: false).Shrink((_, bytes) => smaller(bytes));
    }

    private static void Read(OriginalBytes original, string picture)
    {
        using var file = File.OpenRead(picture);
        original.Clear();
        original.Reserve(file.Length);
        while (original.Length < file.Length)
        {
            var room = original.Room((int)file.Length - original.Length);
            original.Advance(file.Read(room));
        }
    }
}
