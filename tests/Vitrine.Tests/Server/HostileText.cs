using System.Globalization;
using CsCheck;

namespace Vitrine.Tests.Server;

/// <summary>Text as somebody hostile would write it: pieces of what parsers look for, in any order, and anything at all.</summary>
internal static class HostileText
{
    private static readonly string[] Pieces =
    [
        "", "0", "1", "-", "+", "01", "9223372036854775807", "9223372036854775808", ".", ",", ";", ":", "=", "/", "\\", "..", "%", "%00", "'", "\"", "*", "W/", "\"a\"", "bytes=", "a", "Z", "e9",
        "KiB", "1.5", "NaN", "null", "true", "{", "}", "[", "]", " ", "\t", "mon", "12:00", "24:00", "http://", "@", "#", "?", "&", "[::1]", "localhost", "--", "-h", "é", "１", "ſ", "\u202e", "\u0000", "\ud800",
    ];

    /// <summary><c>VITRINE_FUZZ=20</c> tries twenty times as much, <c>VITRINE_LONG=1</c> a hundred times.</summary>
    public static int Times(int few) => few * (
        int.TryParse(Environment.GetEnvironmentVariable("VITRINE_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var times) ? times
        : Environment.GetEnvironmentVariable("VITRINE_LONG") == "1" ? 100 : 1);

    public static Gen<string> Any { get; } = Gen.OneOf(Gen.OneOf(Pieces).Array[0, 6].Select(string.Concat), Gen.String[0, 60]);

    /// <summary>What a client can put into a header.</summary>
    public static Gen<string> OfHeader { get; } = Any.Select(text => string.Concat(text.Where(c => c is >= ' ' and <= '~')));

    /// <summary>What the system can hand to a program.</summary>
    public static Gen<string> Argument { get; } = Any.Select(text => text.Replace("\0", "", StringComparison.Ordinal));

    public static Gen<string> OfQuery { get; } = Any.Select(text => Uri.EscapeDataString(string.Concat(text.Where(c => !char.IsSurrogate(c)))));

    /// <summary>JSON whose members have names that routes know and values of any type, whole or cut off.</summary>
    public static Gen<string> JsonWith(string[] names)
    {
        var text = Any.Select(value => System.Text.Json.JsonSerializer.Serialize(value));
        var value = Gen.OneOf(text, Gen.OneOf("null", "true", "0", "-1", "1e400", "9223372036854775807", "[]", "{}", "[[[]]]", "[\"1\", \"x\"]", "\"1\""), text.Array[0, 3].Select(all => $"[{string.Join(',', all)}]"));
        var whole = Gen.Select(Gen.OneOf(names), value).Array[0, 5].Select(members => $"{{{string.Join(',', members.Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}");
        return Gen.OneOf(whole, whole, Gen.Select(whole, Gen.Int[0, 40], (body, cut) => body[..Math.Min(cut, body.Length)]), Any);
    }
}
