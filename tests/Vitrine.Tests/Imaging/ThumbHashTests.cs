using Vitrine.Imaging.Presets;

namespace Vitrine.Tests.Imaging;

/// <summary>Against hashes that the reference implementation (thumbhash 0.1.1 for JavaScript) makes of the same pixels.</summary>
public sealed class ThumbHashTests
{
    [Fact]
    public void Landscape() =>
        Assert.Equal("1ff8010d824221451204624345447555ff8aca0823", Hash(100, 75, (x, y) => [(x * x) + (3 * y), (y * y) + (5 * x), (x * y) + x, 255]));

    [Fact]
    public void Portrait() =>
        Assert.Equal("59170a1b1470717777767777b0910ae777", Hash(40, 90, (x, y) => [x * 5, y * 2, x * y, 255]));

    [Fact]
    public void Alpha() =>
        Assert.Equal("a358861d0c37b387b088877878b3b038fb7470778888888878", Hash(64, 64, (x, y) => [x * 4, y * 4, 128, x * 4]));

    [Fact]
    public void As_large_as_they_are_taken() =>
        Assert.Equal("9c2706170860656670677777776777777777061a676f7f06", Hash(100, 100, (x, y) => [x * y, x + y, (x * x) + y, 255]));

    [Theory]
    [InlineData(1, 100, "e2e445c91008877888878777f784870a97"), InlineData(100, 1, "e2e445c9907777778888088874870f89a7")]
    public void A_line_of_pixels(int width, int height, string hash) =>
        Assert.Equal(hash, Hash(width, height, (x, y) => [2 * (x + y), (x + y) * (x + y), 255 - x - y, 255]));

    [Fact]
    public void Nothing_visible() => Assert.Equal("00088205000000000000000000000000000000000000000000", Hash(8, 8, (_, _) => [0, 0, 0, 0]));

    [Fact]
    public void Larger_pictures_are_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Hash(101, 10, (_, _) => [0, 0, 0, 0]));

    private static string Hash(int width, int height, Func<int, int, int[]> pixel)
    {
        var rgba = new byte[width * height * 4];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < 4; c++) rgba[(((y * width) + x) * 4) + c] = unchecked((byte)pixel(x, y)[c]);
        return Convert.ToHexStringLower(ThumbHash.Of(width, height, rgba));
    }
}
