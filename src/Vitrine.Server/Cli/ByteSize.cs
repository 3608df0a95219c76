using System.Globalization;

namespace Vitrine.Server.Cli;

/// <summary>Sizes as people write them: <c>200MB</c>, <c>1.5TB</c>, <c>10GiB</c>, <c>4096</c>.</summary>
internal static class ByteSize
{
    private static readonly (string Unit, double Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1),
    ];

    /// <summary>Null where it is none.</summary>
    public static long? Parse(string text)
    {
        var unit = Units.FirstOrDefault(unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        var number = unit.Unit is null ? text : text[..^unit.Unit.Length];
        var bytes = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value * (unit.Unit is null ? 1 : unit.Bytes) : -1;
        return bytes is >= 0 and < long.MaxValue ? (long)bytes : null;
    }

    public static string Problem(string text) => $"'{text}' is no size: write a number with a unit, as 200MB, 1.5TB or 10GiB.";
}
