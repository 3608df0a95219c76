using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>The measuring stick is tested first: what is drawn is read back, and a damaged picture is not.</summary>
public sealed class PicturesTests
{
    [Theory]
    [InlineData("jpg")]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("gif")]
    public void ANumberIsReadBack(string format)
    {
        foreach (var number in new[] { 0, 1, 2, 77, 4095, 12345, 32767 }) Assert.Equal(number, Pictures.Read(Pictures.Make(number, format, 50, 37)));
    }

    [Theory]
    [InlineData("jpg")]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("gif")]
    public void ATornPictureIsFound(string format)
    {
        var whole = Pictures.Make(21845, format, 320, 240);
        Assert.Throws<InvalidDataException>(() => Pictures.Read(whole[..(whole.Length * 2 / 3)]));
    }
}
