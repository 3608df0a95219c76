using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Imaging.Formats;

namespace Vitrine.Tests.Imaging;

public sealed class RawTests
{
    private readonly LoopClient _client = new();

    public static TheoryData<string, byte[]> Shapes => new()
    {
        { "picture.dng", RawFiles.Dng(Pictures.Jpeg(1600, 1200)) },
        { "picture.cr2", RawFiles.Dng(Pictures.Jpeg(1600, 1200)) },
        { "picture.orf", RawFiles.Dng(Pictures.Jpeg(1600, 1200), start: [.. "IIRO"u8]) },
        { "picture.rw2", RawFiles.Dng(Pictures.Jpeg(1600, 1200), start: [.. "IIU\0"u8]) },
        { "picture.raf", RawFiles.Raf(Pictures.Jpeg(1600, 1200)) },
        { "picture.cr3", RawFiles.Cr3(Pictures.Jpeg(160, 120), Pictures.Jpeg(1600, 1200), 1) },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_raw_file_is_shown_by_its_largest_preview(string name, byte[] file)
    {
        var answer = _client.DeriveOne(file, name, Preset.Thumbnail);
        Assert.Equal((Outcome.Done, 1600, 1200, "raw"), (answer.End.Outcome, answer.Facts.Width, answer.Facts.Height, answer.Facts.Format));
        Assert.Equal(1, answer.End.Decodes);
        Assert.Equal(320, answer[Preset.Thumbnail].Message.Width);
        Assert.InRange(Pictures.At(answer[Preset.Thumbnail].Bytes, 0.25, 0.25)[0], 200, 255);
    }

    [Theory]
    [InlineData(6), InlineData(8)]
    public void It_is_upright_by_the_raw_files_own_word(int orientation)
    {
        foreach (var file in (byte[][])[RawFiles.Dng(Pictures.Jpeg(1600, 1200), orientation), RawFiles.Cr3(Pictures.Jpeg(160, 120), Pictures.Jpeg(1600, 1200), orientation)])
        {
            var answer = _client.DeriveOne(file, "picture.dng", Preset.Thumbnail);
            Assert.Equal((1200, 1600, orientation), (answer.Facts.Width, answer.Facts.Height, answer.Facts.Orientation));
            Assert.Equal((240, 320), (answer[Preset.Thumbnail].Message.Width, answer[Preset.Thumbnail].Message.Height));
        }
    }

    [Fact]
    public void A_small_preview_never_passes_its_metadata_on()
    {
        var answer = _client.DeriveOne(RawFiles.Dng(Pictures.Jpeg(200, 150)), "picture.dng", Preset.Display);
        Assert.Equal((200, 150), (answer[Preset.Display].Message.Width, answer[Preset.Display].Message.Height));
        Assert.True(answer[Preset.Display].Bytes.Length < RawFiles.Dng(Pictures.Jpeg(200, 150)).Length);
    }

    [Fact]
    public void Sensor_data_without_a_preview_is_unsupported_and_loops_end()
    {
        var answer = _client.DeriveOne(RawFiles.Loop(), "picture.dng", Preset.Thumbnail);
        Assert.Equal((Outcome.Skipped, Reason.Unsupported), (answer.End.Outcome, answer.End.Reason));
    }

    [Fact]
    public void Whatever_stands_in_it_the_walk_ends()
    {
        var random = new Random(7);
        var good = RawFiles.Dng(Pictures.Jpeg(64, 48));
        for (var turn = 0; turn < 2000; turn++)
        {
            var bad = good.AsSpan(0, random.Next(9, good.Length)).ToArray();
            for (var flips = random.Next(1, 8); flips > 0; flips--) bad[random.Next(4, Math.Min(bad.Length, 260))] = (byte)random.Next(256);
            Assert.NotEqual(ImageFormat.Unknown, FormatSniffer.Sniff(bad));
        }
    }

    [Fact]
    public void A_tiff_stays_a_tiff_and_shows_its_first_page()
    {
        using var first = Pictures.Quarters(64, 48);
        using var second = Pictures.Stripes(64, 48);
        using var both = NetVips.Image.Arrayjoin([first, second], across: 1).Mutate(m => m.Set(NetVips.GValue.GIntType, "page-height", 48));
        var answer = _client.DeriveOne(both.TiffsaveBuffer(), "pages.tif", Preset.Thumbnail);
        Assert.Equal((Outcome.Done, "tiff", 64, 48, 2), (answer.End.Outcome, answer.Facts.Format, answer.Facts.Width, answer.Facts.Height, answer.Facts.Frames));
        Assert.InRange(Pictures.At(answer[Preset.Thumbnail].Bytes, 0.25, 0.25)[0], 200, 255);
    }
}
