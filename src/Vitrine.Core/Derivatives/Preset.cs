using System.Collections.Frozen;
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

    public static Preset Thumbnail { get; } = new("thumbnail", 320, DerivativeFormat.Webp, 80, false);
    public static Preset Medium { get; } = new("medium", 1080, DerivativeFormat.Jpeg, 85, false);
    public static Preset Display { get; } = new("display", 1920, DerivativeFormat.Jpeg, 85, true);
    public static Preset Full { get; } = new("full", null, DerivativeFormat.Jpeg, 90, true);

    /// <summary>By name, smallest first.</summary>
    public static IReadOnlyList<Preset> All { get; } = [Thumbnail, Medium, Display, Full];

    private static readonly FrozenDictionary<string, Preset> ByName = All.ToFrozenDictionary(p => p.Name);

    public static Preset? Find(string name) => Find(name.AsSpan());

    public static Preset? Find(ReadOnlySpan<char> name) => ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var preset) ? preset : null;

    /// <summary>What is wrong with a list of presets to make, in one line; null where each exists and is named once, and there is at least one.</summary>
    public static string? ProblemOf(IReadOnlyList<string> names)
    {
        // JSON can hold a null where the type says that there is none.
        if (names.Any(name => name is null || Find(name) is null))
            return $"'{names.First(name => name is null || Find(name) is null)}' is no preset: there are {string.Join(", ", All.Select(preset => preset.Name))}.";
        return names.Count == 0 || names.Distinct().Count() < names.Count ? "At least one preset is made, and each is named once." : null;
    }

    /// <summary>SHA-256 of the original's content hash (32 bytes) and every parameter of this recipe: equal keys are interchangeable pictures.</summary>
    public DerivativeKey KeyFor(ReadOnlySpan<byte> contentHash)
    {
        var recipe = Encoding.UTF8.GetBytes($"|{DeriverVersion}|{MaxEdge}|{Format}|{Quality}|{KeepFrames}");
        return new(Convert.ToHexStringLower(SHA256.HashData([.. contentHash, .. recipe])));
    }
}

/// <summary>64 lower-case hex digits.</summary>
public readonly record struct DerivativeKey(string Hex)
{
    public override string ToString() => Hex;
}
