using System.Security.Cryptography;
using NetVips;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Imaging;

public sealed class DeriveTests
{
    private static readonly string[] Secrets = ["SECRETMAKER", "SECRETOWNER", "Exif", "GPS"];

    private readonly LoopClient _client = new();

    [Fact]
    public void Sizes_come_largest_first_in_their_formats()
    {
        var answer = _client.DeriveOne(Pictures.Jpeg(3000, 2000), "a.jpg", LoopClient.Usual);
        Assert.Equal(["display", "medium", "thumbnail"], answer.Derivatives.Select(d => d.Message.Preset));
        Assert.Equal([(1920, 1280), (1080, 720), (320, 213)], answer.Derivatives.Select(d => (d.Message.Width, d.Message.Height)));
        Assert.Equal(["image/jpeg", "image/jpeg", "image/webp"], answer.Derivatives.Select(d => d.Message.ContentType));
        Assert.All(answer.Derivatives, AssertAsSaid);
        Assert.Equal(1, answer.End.Decodes);
    }

    [Fact]
    public void Facts_are_those_of_the_original()
    {
        var picture = Pictures.Jpeg(640, 480);
        var facts = _client.DeriveOne(picture, "a.jpg", Preset.Thumbnail).Facts;
        Assert.Equal(SHA256.HashData(picture), facts.ContentHash);
        Assert.Equal((640, 480, "jpeg", 1, 1, false), (facts.Width, facts.Height, facts.Format, facts.Frames, facts.Orientation, facts.Damaged));
        Assert.InRange(facts.ThumbHash!.Length, 5, 25);
        Assert.Matches("^[0-9a-f]{6}$", facts.Color);
    }

    [Fact]
    public void A_small_drawing_keeps_the_colour_of_each_pixel()
    {
        using var stripes = Pictures.Stripes(32, 32);
        var answer = _client.DeriveOne(stripes.TiffsaveBuffer(), "icon.tif", Preset.Thumbnail, Preset.Display);
        using var thumbnail = Pictures.Open(answer[Preset.Thumbnail].Bytes);
        Assert.Equal(stripes.WriteToMemory<byte>(), thumbnail.WriteToMemory<byte>());
        using var display = Pictures.Open(answer[Preset.Display].Bytes);
        Assert.All(display.WriteToMemory<byte>().Zip(stripes.WriteToMemory<byte>()), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 12));
    }

    [Theory]
    [InlineData(100, 50)]
    [InlineData(1, 1)]
    [InlineData(319, 319)]
    public void A_picture_is_never_enlarged(int width, int height)
    {
        var answer = _client.DeriveOne(Pictures.Png(width, height), "small.png", [.. LoopClient.Usual, Preset.Full]);
        Assert.All(answer.Derivatives, d => Assert.Equal((width, height), (d.Message.Width, d.Message.Height)));
        Assert.All(answer.Derivatives, AssertAsSaid);
    }

    [Fact]
    public void A_very_long_strip_keeps_at_least_a_pixel()
    {
        var answer = _client.DeriveOne(Pictures.Jpeg(700, 20_000), "webtoon.jpg", LoopClient.Usual);
        Assert.Equal((67, 1920), (answer[Preset.Display].Message.Width, answer[Preset.Display].Message.Height));
        Assert.All(answer.Derivatives, AssertAsSaid);
        var line = _client.DeriveOne(Pictures.Png(20_000, 3), "line.png", LoopClient.Usual);
        Assert.All(line.Derivatives, d => Assert.Equal(1, d.Message.Height));
    }

    [Fact]
    public void A_strip_too_long_for_webp_is_made_to_fit()
    {
        using var colours = Pictures.Quarters(40, 18_000);
        using var clear = colours.Bandjoin(10);
        var tiff = clear.TiffsaveBuffer();
        var message = _client.DeriveOne(tiff, "long.tif", Preset.Full)[Preset.Full].Message;
        Assert.Equal(("image/webp", 16_383), (message.ContentType, message.Height));
    }

    [Fact]
    public void Palette_and_grey_come_out_right()
    {
        using var colours = Pictures.Quarters(700, 500);
        var palette = _client.DeriveOne(colours.PngsaveBuffer(palette: true), "palette.png", Preset.Thumbnail);
        Pictures.AssertNear(Pictures.Blue, Pictures.At(palette[Preset.Thumbnail].Bytes, 0.25, 0.75), 16);
        using var grey = colours.Colourspace(Enums.Interpretation.Bw);
        var answer = _client.DeriveOne(grey.PngsaveBuffer(), "grey.png", LoopClient.Usual);
        Assert.All(answer.Derivatives, AssertAsSaid);
    }

    [Fact]
    public void Nothing_personal_is_in_any_derivative()
    {
        foreach (var (width, orientation) in new[] { (2600, 1), (2600, 6), (700, 1), (700, 8), (200, 1) })
        {
            var camera = Pictures.Camera(width, width / 2, orientation);
            Assert.True(Contains(camera, "SECRETOWNER"));
            var answer = _client.DeriveOne(camera, "camera.jpg", [.. LoopClient.Usual, Preset.Full]);
            Assert.Equal(4, answer.Derivatives.Count);
            foreach (var (_, bytes) in answer.Derivatives)
                Assert.DoesNotContain(Secrets, secret => Contains(bytes, secret));
        }
    }

    [Fact]
    public void A_jpeg_that_fits_is_copied_without_its_metadata()
    {
        var camera = Pictures.Camera(800, 600, 1);
        var (message, bytes) = _client.DeriveOne(camera, "fits.jpg", Preset.Display)[Preset.Display];
        Assert.Equal(("image/jpeg", 800, 600), (message.ContentType, message.Width, message.Height));
        using var before = Pictures.Open(camera);
        using var after = Pictures.Open(bytes);
        using var turned = before.Copy();
        Assert.Equal(0, (turned - after).Abs().Max());
        Assert.True(bytes.Length < camera.Length);
    }

    [Fact]
    public void Png_webp_and_gif_that_fit_are_copied_and_trailing_bytes_are_not()
    {
        using var picture = Pictures.Quarters(300, 200);
        var secret = "SECRETOWNER"u8.ToArray();
        foreach (var (name, bytes) in new[] { ("a.png", picture.PngsaveBuffer()), ("a.webp", picture.WebpsaveBuffer()), ("a.gif", picture.GifsaveBuffer()) })
        {
            var (message, copy) = _client.DeriveOne([.. bytes, .. secret], name, Preset.Medium)[Preset.Medium];
            Assert.Equal($"image/{name[2..]}", message.ContentType);
            Assert.False(Contains(copy, "SECRETOWNER"));
            using var whole = Pictures.Open(copy);
            Pictures.AssertNear(Pictures.Yellow, Pictures.At(copy, 0.75, 0.75));
        }
    }

    [Fact]
    public void A_wide_gamut_picture_that_fits_is_encoded_in_srgb()
    {
        using var srgb = Pictures.Quarters(400, 300);
        using var wide = srgb.IccTransform("p3", inputProfile: "srgb");
        var (_, bytes) = _client.DeriveOne(wide.JpegsaveBuffer(q: 95), "wide.jpg", Preset.Display)[Preset.Display];
        using var image = Pictures.Open(bytes);
        Assert.False(image.Contains("icc-profile-data"));
        Pictures.AssertNear(Pictures.Green, Pictures.At(bytes, 0.75, 0.25));
    }

    [Fact]
    public void Quality_follows_a_poor_jpeg_down_and_leaves_png_alone()
    {
        using var noise = Pictures.Noise(2400, 1800);
        var fine = _client.DeriveOne(noise.JpegsaveBuffer(q: 95), "fine.jpg", Preset.Display)[Preset.Display].Bytes.Length;
        var poor = _client.DeriveOne(noise.JpegsaveBuffer(q: 60), "poor.jpg", Preset.Display)[Preset.Display].Bytes.Length;
        Assert.True(poor < fine * 0.75, $"{poor} of {fine}");
        using var flat = Pictures.Quarters(2400, 1800);
        var header = Quality(flat.PngsaveBuffer());
        Assert.Equal(85, header);
    }

    [Theory]
    [InlineData(30), InlineData(60), InlineData(75), InlineData(90), InlineData(95)]
    public void Quality_is_read_from_a_jpegs_tables(int quality)
    {
        var header = Vitrine.Imaging.Formats.Jpeg.JpegHeader.Parse(Pictures.Jpeg(64, 64, quality));
        Assert.InRange(header.Quality!.Value, quality - 2, quality + 2);
    }

    [Fact]
    public void What_needs_more_than_half_a_childs_memory_names_its_need()
    {
        var limits = new Vitrine.Core.Decoding.DecodeLimits { ChildMemoryBytes = 128 << 20, LargeChildMemoryBytes = 160 << 20 };
        using var large = Image.Black(6000, 4000, bands: 3);
        var png = large.PngsaveBuffer(compression: 1);
        var refused = new LoopClient { Limits = limits }.DeriveOne(png, "large.png", Preset.Thumbnail).End;
        Assert.Equal((Outcome.Failed, Reason.TooManyPixels, 72_000_000L, 0), (refused.Outcome, refused.Reason, refused.NeedsBytes, refused.Decodes));
        var alone = new LoopClient { Limits = limits, Large = true }.DeriveOne(png, "large.png", Preset.Thumbnail).End;
        Assert.Equal(Outcome.Done, alone.Outcome);
        using var larger = Image.Black(9000, 7000, bands: 3);
        var never = new LoopClient { Limits = limits }.DeriveOne(larger.PngsaveBuffer(compression: 1), "larger.png", Preset.Thumbnail).End;
        Assert.Equal((Reason.TooManyPixels, 189_000_000L), (never.Reason, never.NeedsBytes));
        Assert.True(never.NeedsBytes > limits.LargeChildMemoryBytes, "It would be asked again.");
    }

    private static int Quality(byte[] png)
    {
        using var original = new Vitrine.Imaging.Sources.OriginalBytes();
        original.Reserve(png.Length);
        png.CopyTo(original.Room(png.Length));
        original.Advance(png.Length);
        var header = Vitrine.Imaging.Formats.PictureReader.Header(original, new());
        return Vitrine.Imaging.Presets.SmartQuality.For(Preset.Display, header, png.Length);
    }

    private static bool Contains(byte[] bytes, string text) => bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(text)) >= 0;

    private static void AssertAsSaid((Vitrine.Core.Decoding.DerivativeBytes Message, byte[] Bytes) derivative)
    {
        using var image = Pictures.Open(derivative.Bytes);
        Assert.Equal((derivative.Message.Width, derivative.Message.Height), (image.Width, image.Height));
    }
}
