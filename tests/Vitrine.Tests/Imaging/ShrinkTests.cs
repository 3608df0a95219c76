using NetVips;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Imaging;

/// <summary>What a decoder makes of a derivative, beside what it makes of the original.</summary>
public sealed class ShrinkTests
{
    private readonly LoopClient _client = new();

    [Theory]
    [InlineData(3000, 2000, 95), InlineData(3000, 2000, 70), InlineData(1000, 1500, 90)]
    public void It_is_the_picture_that_its_original_gives(int width, int height, int quality)
    {
        var original = _client.DeriveOne(Detailed(width, height, quality), "a.jpg", LoopClient.Usual);

        var (end, made) = Shrink(original[Preset.Display].Bytes, Preset.Thumbnail);

        Assert.Null(end.Reason);
        var (message, bytes) = Assert.Single(made);
        var expected = original[Preset.Thumbnail];
        Assert.Equal(expected.Message, message);
        // From the coarse coefficients of the larger one alone a seventh is missing.
        Assert.InRange(bytes.Length, expected.Bytes.Length * 0.92, expected.Bytes.Length * 1.03);
        using var here = Pictures.Open(bytes);
        using var there = Pictures.Open(expected.Bytes);
        using var difference = (here - there).Abs();
        Assert.InRange(difference.Avg(), 0, 3);
    }

    [Fact]
    public void Several_come_largest_first_from_one_decode()
    {
        var display = _client.DeriveOne(Pictures.Jpeg(3000, 2000), "a.jpg", Preset.Display)[Preset.Display].Bytes;

        var (end, made) = Shrink(display, Preset.Thumbnail, Preset.Medium with { MaxEdge = 900 });

        Assert.Null(end.Reason);
        Assert.Equal([("medium", 900, 600, "image/jpeg"), ("thumbnail", 320, 213, "image/webp")], made.Select(m => (m.Message.Preset, m.Message.Width, m.Message.Height, m.Message.ContentType)));
    }

    [Theory]
    [InlineData(0), InlineData(20), InlineData(2000)]
    public void Bytes_that_are_no_whole_picture_have_a_reason_and_no_picture(int length)
    {
        var display = _client.DeriveOne(Detailed(3000, 2000, 90), "a.jpg", Preset.Display)[Preset.Display].Bytes;

        var (end, made) = Shrink(display[..length], Preset.Thumbnail);

        Assert.Equal(Reason.Corrupt, end.Reason);
        Assert.Empty(made);
    }

    private (ShrinkEnd End, List<(DerivativeBytes Message, byte[] Bytes)> Made) Shrink(byte[] picture, params Preset[] presets)
    {
        var frames = _client.Ask(new Frame(new ShrinkRequest(presets, _client.Limits), picture));
        return (frames.Select(frame => frame.Message).OfType<ShrinkEnd>().Single(),
            [.. frames.Where(frame => frame.Message is DerivativeBytes).Select(frame => ((DerivativeBytes)frame.Message, frame.Body.ToArray()))]);
    }

    /// <summary>Some of all frequencies, as in photographs.</summary>
    private static byte[] Detailed(int width, int height, int quality)
    {
        using var quarters = Pictures.Quarters(width, height);
        using var noise = Pictures.Noise(width / 4, height / 4);
        using var grown = noise.Resize(4);
        using var mixed = ((quarters * 0.7) + (grown * 0.3)).Cast(Enums.BandFormat.Uchar);
        return mixed.JpegsaveBuffer(q: quality);
    }
}
