using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Vitrine.Core.Derivatives;

public enum DerivativeFormat { Jpeg, Webp }

/// <summary>A named recipe for a derivative.</summary>
/// <param name="MaxEdge">Longest edge in pixels; null keeps the picture's own size. A picture is never enlarged.</param>
/// <param name="Format">Where the picture has alpha or stays animated, JPEG is written as WebP q85 instead.</param>
/// <param name="Quality">1 to 100; lowered where the source's own quality is estimated to be less.</param>
/// <param name="KeepFrames">Whether an animated source stays animated; otherwise its first frame is taken.</param>
public sealed record Preset(string Name, int? MaxEdge, DerivativeFormat Format, int Quality, bool KeepFrames)
{
    /// <summary>Raised whenever the deriving code would make another picture from the same recipe.</summary>
    public const int DeriverVersion = 2;

    /// <summary>Up to here a lossless picture is a drawing whose single pixels count, and keeping its colours whole costs next to nothing.</summary>
    public const int DrawingPixels = 128 * 128;

    public static Preset Thumbnail { get; } = new("thumbnail", 320, DerivativeFormat.Webp, 80, false);
    public static Preset Medium { get; } = new("medium", 1080, DerivativeFormat.Jpeg, 85, false);
    public static Preset Display { get; } = new("display", 1920, DerivativeFormat.Jpeg, 85, true);
    public static Preset Full { get; } = new("full", null, DerivativeFormat.Jpeg, 90, true);

    /// <summary>What a new store begins with, smallest first.</summary>
    public static IReadOnlyList<Preset> BuiltIn { get; } = [Thumbnail, Medium, Display, Full];

    /// <summary>The first eight bytes of the SHA-256 of the recipe's parameters, without the sign: which recipe a derivative was made by. Equal recipes have equal numbers.</summary>
    public long Recipe => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Parameters))) & long.MaxValue;

    private string Parameters => $"{MaxEdge}|{Format}|{Quality}|{KeepFrames}";

    /// <summary>SHA-256 of the original's content hash (32 bytes) and every parameter of this recipe: equal keys are interchangeable pictures.</summary>
    public DerivativeKey KeyFor(ReadOnlySpan<byte> contentHash)
    {
        var recipe = Encoding.UTF8.GetBytes($"|{DeriverVersion}|{Parameters}");
        return new(Convert.ToHexStringLower(SHA256.HashData([.. contentHash, .. recipe])));
    }
}

/// <summary>64 lower-case hex digits.</summary>
public readonly record struct DerivativeKey(string Hex)
{
    public override string ToString() => Hex;
}
