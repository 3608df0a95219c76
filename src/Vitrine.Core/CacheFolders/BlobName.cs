using System.Buffers;
using System.Globalization;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// The name of a blob within its folder: <c>ab/cd/KEY-TOKEN-N.PRESET.EXT</c>, the key's first digits as directories. A file whose name is none is not ours.
/// </summary>
/// <param name="Lease">Of the lease that made it.</param>
/// <param name="Number">Counted up within the lease, so that no name is issued twice.</param>
/// <param name="Preset">What it was made as; null in names of former versions, which do not say. A blob serves every preset of the same recipe.</param>
/// <param name="Extension">With its dot.</param>
public readonly record struct BlobName(DerivativeKey Key, LeaseToken Lease, long Number, string? Preset, string Extension)
{
    private const int KeyLength = 64;
    private const int MaxPreset = 40;

    /// <summary><c>ab/cd/</c>.</summary>
    private const int ShardLength = 6;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> PresetLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Key.Hex.AsSpan(0, 2)}/{Key.Hex.AsSpan(2, 2)}/{Key.Hex}-{Lease}-{Number}{(Preset is null ? "" : ".")}{Preset}{Extension}");

    /// <summary>A preset whose name does not fit into a file's is left out of it.</summary>
    public static BlobName Of(DerivativeKey key, LeaseToken lease, long number, string preset, string contentType) =>
        new(key, lease, number, IsPreset(preset) ? preset : null, ExtensionOf(contentType));

    public static BlobName? Parse(string name)
    {
        var text = name.AsSpan();
        if (text.Length < ShardLength + KeyLength || !HasKey(text)) return null;
        var rest = text[(ShardLength + KeyLength)..];
        if (!TakeNumber(ref rest, out var lease) || !TakeNumber(ref rest, out var number)) return null;
        var dot = rest.LastIndexOf('.');
        if (dot < 0 || ExtensionIn(rest[dot..]) is not { } extension) return null;
        var preset = rest[..dot];
        if (preset.Length > 0 && (preset[0] != '.' || !IsPreset(preset[1..]))) return null;
        return new(new(name.Substring(ShardLength, KeyLength)), new(lease), number, preset.Length > 0 ? preset[1..].ToString() : null, extension);
    }

    private static string ExtensionOf(string contentType) => contentType switch
    {
        "image/jpeg" => ".jpg",
        "image/webp" => ".webp",
        "image/png" => ".png",
        "image/gif" => ".gif",
        _ => throw new InvalidDataException($"A decoder sent a derivative of type {contentType}."),
    };

    private static string? ExtensionIn(ReadOnlySpan<char> text) => text switch
    {
        ".jpg" => ".jpg",
        ".webp" => ".webp",
        ".png" => ".png",
        ".gif" => ".gif",
        _ => null,
    };

    /// <summary>The shards are the beginning of the key.</summary>
    private static bool HasKey(ReadOnlySpan<char> text)
    {
        var key = text.Slice(ShardLength, KeyLength);
        return text[2] == '/' && text[5] == '/' && text[..2].SequenceEqual(key[..2]) && text[3..5].SequenceEqual(key[2..4])
            && !key.ContainsAnyExcept(Digits);
    }

    /// <summary>A dash and digits.</summary>
    private static bool TakeNumber(ref ReadOnlySpan<char> rest, out long number)
    {
        number = 0;
        if (rest.IsEmpty || rest[0] != '-') return false;
        var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !long.TryParse(rest.Slice(1, digits), NumberStyles.None, CultureInfo.InvariantCulture, out number)) return false;
        rest = rest[(1 + digits)..];
        return true;
    }

    private static bool IsPreset(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxPreset && !name.ContainsAnyExcept(PresetLetters);
}
