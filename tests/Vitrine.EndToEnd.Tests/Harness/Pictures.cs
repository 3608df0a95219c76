using NetVips;

namespace Vitrine.EndToEnd.Harness;

/// <summary>
/// Small valid pictures, each with a number in it: 4 x 4 cells, light or dark, are the bits, the last one makes their count even.
/// The number is read back from any derivative, so that a mixed-up or a torn picture is found.
/// </summary>
internal static class Pictures
{
    private const int Cells = 4;
    private const int Bits = Cells * Cells - 1;
    private static readonly byte[] Light = [232, 226, 205];
    private static readonly byte[] Dark = [24, 38, 74];

    static Pictures()
    {
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
    }

    /// <param name="format">jpg, png, webp or gif.</param>
    /// <param name="number">0 to 32767.</param>
    public static byte[] Make(int number, string format = "jpg", int width = 64, int height = 48)
    {
        using var cells = Image.NewFromMemory(Draw(number), Cells, Cells, 3, Enums.BandFormat.Uchar);
        using var enlarged = cells.Zoom(Math.Max(1, (width + Cells - 1) / Cells), Math.Max(1, (height + Cells - 1) / Cells));
        using var cropped = enlarged.Crop(0, 0, width, height);
        using var picture = cropped.Copy(interpretation: Enums.Interpretation.Srgb);
        return format switch
        {
            "jpg" => picture.JpegsaveBuffer(q: 90),
            "png" => picture.PngsaveBuffer(),
            "webp" => picture.WebpsaveBuffer(q: 90),
            "gif" => picture.GifsaveBuffer(),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of these tests."),
        };
    }

    /// <summary>The number in a picture of any size, decoded to its last byte.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or none of ours.</exception>
    public static int Read(byte[] bytes) => Read(bytes, out _, out _);

    public static int Read(byte[] bytes, out int width, out int height)
    {
        try
        {
            using var stored = Image.NewFromBuffer(bytes, failOn: Enums.FailOn.Truncated, access: Enums.Access.Sequential);
            using var picture = stored.CopyMemory();
            (width, height) = (picture.Width, picture.Height);
            return Decode(picture);
        }
        catch (VipsException damaged)
        {
            throw new InvalidDataException($"The picture ({bytes.Length} bytes) is damaged: {damaged.Message}", damaged);
        }
    }

    private static byte[] Draw(int number)
    {
        var bits = Parity(number) << Bits | number;
        return [.. Enumerable.Range(0, Cells * Cells).SelectMany(cell => (bits >> cell & 1) == 1 ? Light : Dark)];
    }

    private static int Decode(Image picture)
    {
        var bits = 0;
        for (var cell = 0; cell < Cells * Cells; cell++)
        {
            var (x, y) = (cell % Cells * 2 + 1, cell / Cells * 2 + 1);
            var point = picture.Getpoint(x * picture.Width / (2 * Cells), y * picture.Height / (2 * Cells));
            var brightness = point.Length < 3 ? point[0] : (point[0] + point[1] + point[2]) / 3;
            if (brightness is > 90 and < 170) throw new InvalidDataException($"Cell {cell} is neither light nor dark ({brightness:0}): a torn picture, or none of ours.");
            if (brightness > 130) bits |= 1 << cell;
        }
        var number = bits & (1 << Bits) - 1;
        return bits >> Bits == Parity(number) ? number : throw new InvalidDataException("The cells do not fit together: parts of two pictures.");
    }

    private static int Parity(int number) => System.Numerics.BitOperations.PopCount((uint)number) & 1;
}
