using NetVips;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Imaging.Formats;
using Vitrine.Imaging.Presets;
using Vitrine.Imaging.Sources;

namespace Vitrine.Tests.Imaging;

/// <summary>One test for each trap of the codec that was met before the first line was written.</summary>
public sealed class TrapTests
{
    private readonly LoopClient _client = new();

    [Fact]
    public void T1_only_a_foreign_profile_is_converted()
    {
        using var untagged = Pictures.Quarters(64, 64);
        using var tagged = Tagged(untagged, "srgb");
        using var wide = Tagged(untagged, "p3");
        Assert.False(ColourStep.HasForeignProfile(untagged));
        Assert.False(ColourStep.HasForeignProfile(tagged));
        Assert.True(ColourStep.HasForeignProfile(wide));
    }

    [Theory]
    [InlineData("jpg")]
    [InlineData("png")]
    public void T2_a_truncated_picture_is_damaged_and_its_derivatives_partial(string extension)
    {
        using var noise = Pictures.Noise(900, 700);
        var whole = extension == "jpg" ? noise.JpegsaveBuffer() : noise.PngsaveBuffer();
        var answer = _client.DeriveOne(whole[..(whole.Length / 2)], $"cut.{extension}", LoopClient.Usual);
        Assert.Equal(Outcome.Done, answer.End.Outcome);
        Assert.True(answer.Facts.Damaged);
        Assert.All(answer.Derivatives, d => Assert.True(d.Message.Partial));
        Assert.Equal(3, answer.Derivatives.Count);
        Assert.Equal(2, answer.End.Decodes);
    }

    /// <summary>A lenient decoder makes black (PNG) or grey (JPEG) of what it cannot read: that stands for no picture.</summary>
    [Theory]
    [InlineData("jpg")]
    [InlineData("png")]
    public void T2_a_picture_of_which_only_one_shade_comes_is_corrupt(string extension)
    {
        using var shade = NetVips.Image.Black(900, 700, bands: 3) + (extension == "jpg" ? 128 : 0);
        using var coloured = shade.Cast(NetVips.Enums.BandFormat.Uchar).Copy(interpretation: NetVips.Enums.Interpretation.Srgb);
        var whole = extension == "jpg" ? coloured.JpegsaveBuffer() : coloured.PngsaveBuffer();
        var answer = _client.DeriveOne(whole[..(whole.Length / 2)], $"cut.{extension}", LoopClient.Usual);
        Assert.Equal((Outcome.Failed, Reason.Corrupt), (answer.End.Outcome, answer.End.Reason));
        Assert.Empty(answer.Derivatives);
        Assert.Equal(Outcome.Done, _client.DeriveOne(whole, $"whole.{extension}", LoopClient.Usual).End.Outcome);
    }

    [Fact]
    public void T3_no_text_of_the_codec_leaves_and_none_leaks_into_the_next_item()
    {
        using var root = new TestRoot();
        var jpeg = Pictures.Jpeg(400, 300);
        root.Put("1.jpg", jpeg[..200]);
        root.Put("2.png", Pictures.Png(50, 50)[..60]);
        root.Put("3.webp", [.. "RIFF\x10\0\0\0WEBPVP8 "u8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
        root.Put("4.jpg", jpeg);
        var answers = _client.Derive(root.Place(), _client.List(root.Place()).Images, Preset.Thumbnail);
        foreach (var answer in answers.Take(3).Where(a => a.End.Outcome == Outcome.Failed))
            Assert.DoesNotMatch("vips|Vips|libjpeg|libpng|load|premature", answer.End.Message!);
        Assert.Equal(Outcome.Done, answers[3].End.Outcome);
        Assert.Null(answers[3].End.Message);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void T4_every_orientation_comes_out_upright(int orientation)
    {
        var answer = _client.DeriveOne(Pictures.Camera(2400, 1600, orientation), "turned.jpg", LoopClient.Usual);
        Assert.Equal((2400, 1600, orientation), (answer.Facts.Width, answer.Facts.Height, answer.Facts.Orientation));
        foreach (var (message, bytes) in answer.Derivatives)
        {
            Assert.True(message.Width > message.Height);
            Pictures.AssertNear(Pictures.Red, Pictures.At(bytes, 0.25, 0.25));
            Pictures.AssertNear(Pictures.Green, Pictures.At(bytes, 0.75, 0.25));
            Pictures.AssertNear(Pictures.Blue, Pictures.At(bytes, 0.25, 0.75));
        }
    }

    [Fact]
    public void T5_a_small_file_of_many_pixels_is_refused_before_it_is_decoded()
    {
        var bomb = Pictures.Png(16, 16);
        // The size stands in IHDR at 16; its checksum no longer fits, which must not matter.
        (bomb[16], bomb[17], bomb[20], bomb[21]) = (0, 1, 0, 1);
        var answer = _client.DeriveOne(bomb, "bomb.png", Preset.Thumbnail);
        Assert.Equal((Outcome.Failed, Reason.TooManyPixels, 0), (answer.End.Outcome, answer.End.Reason, answer.End.Decodes));
        Assert.Null(answer.End.NeedsBytes);
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>", "unsupported")]
    [InlineData("1,2,3\n4,5,6\n", "corrupt")]
    public void T6_what_is_no_picture_is_not_rendered_whatever_its_name(string content, string reason)
    {
        var answer = _client.DeriveOne(System.Text.Encoding.UTF8.GetBytes(content), "picture.jpg", Preset.Thumbnail);
        Assert.Equal(reason, answer.End.Reason);
        Assert.Empty(answer.Derivatives);
    }

    [Fact]
    public void T7_heic_is_skipped_as_unsupported()
    {
        byte[] heic = [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8, .. new byte[64]];
        var answer = _client.DeriveOne(heic, "phone.heic", Preset.Thumbnail);
        Assert.Equal((Outcome.Skipped, Reason.Unsupported), (answer.End.Outcome, answer.End.Reason));
    }

    [Fact]
    public void T8_alpha_is_kept_and_never_flattened_on_black()
    {
        using var colours = Pictures.Quarters(2200, 900);
        using var clear = colours.Bandjoin(0);
        var answer = _client.DeriveOne(clear.PngsaveBuffer(), "clear.png", LoopClient.Usual);
        Assert.All(answer.Derivatives, d => Assert.Equal("image/webp", d.Message.ContentType));
        Assert.All(answer.Derivatives, d => Assert.Equal(0, Pictures.At(d.Bytes, 0.5, 0.5)[3]));
        using var opaque = colours.Bandjoin(255);
        Assert.Equal("image/jpeg", _client.DeriveOne(opaque.PngsaveBuffer(), "opaque.png", Preset.Display)[Preset.Display].Message.ContentType);
    }

    [Fact]
    public void T9_cmyk_becomes_srgb()
    {
        using var rgb = Pictures.Quarters(600, 400);
        using var cmyk = rgb.IccTransform("cmyk", inputProfile: "srgb");
        var answer = _client.DeriveOne(cmyk.JpegsaveBuffer(q: 95), "print.jpg", LoopClient.Usual);
        foreach (var (_, bytes) in answer.Derivatives)
        {
            using var image = Pictures.Open(bytes);
            Assert.Equal(3, image.Bands);
            Pictures.AssertNear(Pictures.Yellow, Pictures.At(bytes, 0.75, 0.75), 40);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void T10_an_animation_is_neither_a_strip_nor_free_of_the_pixel_limit(bool gif)
    {
        var animation = Pictures.Animation(400, 300, gif, Pictures.Red, Pictures.Green, Pictures.Blue);
        var preset = new Preset("small", 200, DerivativeFormat.Jpeg, 85, KeepFrames: true);
        var answer = _client.DeriveOne(animation, gif ? "a.gif" : "a.webp", Preset.Thumbnail, preset);
        Assert.Equal(3, answer.Facts.Frames);
        var (message, bytes) = answer[preset];
        Assert.Equal((200, 150, "image/webp"), (message.Width, message.Height, message.ContentType));
        using var frames = Image.NewFromBuffer(bytes, "[n=-1]");
        Assert.Equal((3, 450), (frames.Get("n-pages"), frames.Height));
        using var still = Image.NewFromBuffer(answer[Preset.Thumbnail].Bytes, "[n=-1]");
        Assert.Equal((320, 240), (still.Width, still.Height));
        Pictures.AssertNear(Pictures.Red, Pictures.At(answer[Preset.Thumbnail].Bytes, 0.5, 0.5));

        var limited = new LoopClient { Limits = new() { MaxFramePixels = 300_000 } }.DeriveOne(animation, gif ? "a.gif" : "a.webp", preset);
        using var first = Image.NewFromBuffer(limited[preset].Bytes);
        Assert.Equal((200, 150), (first.Width, first.Height));
    }

    [Fact]
    public void T11_the_operation_cache_is_off_and_memory_stays()
    {
        Codec.StartBundled();
        Assert.Equal((0, 0UL, 0), (Cache.Max, (ulong)Cache.MaxMem, Cache.MaxFiles));
        using var root = new TestRoot();
        for (var i = 0; i < 20; i++) root.Put($"{i}.jpg", Pictures.Jpeg(1200, 900));
        var images = _client.List(root.Place()).Images;
        _client.Derive(root.Place(), images, LoopClient.Usual);
        var before = Environment.WorkingSet;
        for (var i = 0; i < 3; i++) _client.Derive(root.Place(), images, LoopClient.Usual);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 100L << 20);
    }

    [Fact]
    public void T12_pictures_are_not_decoded_on_the_thread_pool()
    {
        var hook = new ThreadHook();
        new LoopClient(hook).DeriveOne(Pictures.Jpeg(100, 100), "a.jpg", Preset.Thumbnail);
        Assert.False(hook.WasPool);
    }

    [Fact]
    public void T13_sixteen_bits_become_eight()
    {
        using var eight = Pictures.Quarters(500, 400);
        using var sixteen = eight.Colourspace(Enums.Interpretation.Rgb16);
        var answer = _client.DeriveOne(sixteen.PngsaveBuffer(bitdepth: 16), "deep.png", Preset.Thumbnail);
        using var image = Pictures.Open(answer[Preset.Thumbnail].Bytes);
        Assert.Equal(Enums.BandFormat.Uchar, image.Format);
        Pictures.AssertNear(Pictures.Green, Pictures.At(answer[Preset.Thumbnail].Bytes, 0.75, 0.25));
    }

    [Fact]
    public void T14_a_converted_picture_carries_no_profile()
    {
        using var srgb = Pictures.Quarters(2400, 1200);
        using var wide = srgb.IccTransform("p3", inputProfile: "srgb");
        var answer = _client.DeriveOne(wide.JpegsaveBuffer(q: 92), "wide.jpg", LoopClient.Usual);
        foreach (var (_, bytes) in answer.Derivatives)
        {
            using var image = Pictures.Open(bytes);
            Assert.False(image.Contains("icc-profile-data"));
            Pictures.AssertNear(Pictures.Red, Pictures.At(bytes, 0.25, 0.25));
        }
    }

    private static Image Tagged(Image image, string profile) => image.IccTransform(profile, inputProfile: "srgb");

    private sealed class ThreadHook : IReadHook
    {
        public bool WasPool { get; private set; }
        public void OnBytes(ReadOnlySpan<byte> soFar) => WasPool |= Thread.CurrentThread.IsThreadPoolThread;
    }
}
