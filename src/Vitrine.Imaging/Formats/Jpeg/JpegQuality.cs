namespace Vitrine.Imaging.Formats.Jpeg;

/// <summary>
/// The quality that a JPEG was written with, told by its luminance table: the scale of the table in Annex K of the standard that
/// comes closest, as the IJG's library makes tables from a quality. Other writers' tables get the nearest.
/// </summary>
internal static class JpegQuality
{
    /// <summary>Sum of the 64 entries of the standard luminance table.</summary>
    private const int StandardSum = 3688;

    public static int? OfTables(ReadOnlySpan<byte> body)
    {
        while (body.Length >= 65)
        {
            var wide = body[0] >> 4 != 0;
            var bytes = wide ? 128 : 64;
            if (body.Length < 1 + bytes) return null;
            if ((body[0] & 15) == 0) return OfSum(Sum(body.Slice(1, bytes), wide));
            body = body[(1 + bytes)..];
        }
        return null;
    }

    /// <summary>IJG: scale in percent = 5000 / q below 50, 200 - 2q from there.</summary>
    private static int OfSum(int sum)
    {
        var scale = 100.0 * sum / StandardSum;
        var quality = scale > 100 ? 5000 / scale : (200 - scale) / 2;
        return Math.Clamp((int)Math.Round(quality), 1, 100);
    }

    private static int Sum(ReadOnlySpan<byte> table, bool wide)
    {
        var sum = 0;
        for (var i = 0; i < table.Length; i++) sum += wide && i % 2 == 0 ? table[i] << 8 : table[i];
        return sum;
    }
}
