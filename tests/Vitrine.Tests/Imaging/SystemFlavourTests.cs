using System.Diagnostics;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Imaging;

public sealed class SystemFlavourTests : IDisposable
{
    private readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task It_reads_what_it_is_asked_to_and_really_can_and_nothing_of_the_bundled_ones()
    {
        var library = SystemFlavour.Need(new());
        using var child = await ChildDecoder.StartAsync("Vitrine.Decoder", "--libraries", library.Folder!, "--formats", "heic,jpeg,psd");
        Assert.Contains("system libvips 8.", child.Hello.Decoder);
        Assert.Subset(new HashSet<string> { "heic" }, child.Hello.Formats.ToHashSet());
        var answer = await DeriveAsync(child, "picture.jpg", Pictures.Jpeg(64, 48));
        Assert.Equal((Outcome.Skipped, Reason.Unsupported, "jpeg"), (answer.End.Outcome, answer.End.Reason, answer.End.Unread));
    }

    [Theory]
    [InlineData("heic", "heic"), InlineData("jxl", "jxl"), InlineData("jp2", "jp2")]
    public async Task It_makes_presets_of_what_the_bundled_one_cannot_read(string format, string extension)
    {
        var library = SystemFlavour.Need(SystemFlavour.AllAllowed);
        using var child = await ChildDecoder.StartAsync("Vitrine.Decoder", "--libraries", library.Folder!, "--formats", format);
        Assert.SkipWhen(child.Hello.Formats.Count == 0, $"The system's libvips does not read {format}.");
        var answer = await DeriveAsync(child, "picture." + extension, Made(extension));
        Assert.Equal((Outcome.Done, 600, 400, format), (answer.End.Outcome, answer.Facts.Width, answer.Facts.Height, answer.Facts.Format));
        var thumbnail = answer[Preset.Thumbnail].Bytes;
        Assert.InRange(Pictures.At(thumbnail, 0.25, 0.25)[0], 190, 250);
        Assert.InRange(Pictures.At(thumbnail, 0.25, 0.75)[2], 180, 240);
    }

    [Fact]
    public async Task A_drawing_is_made_a_picture_where_that_is_allowed_and_reads_no_file()
    {
        var library = SystemFlavour.Need(SystemFlavour.AllAllowed);
        using var child = await ChildDecoder.StartAsync("Vitrine.Decoder", "--libraries", library.Folder!, "--formats", "svg");
        Assert.SkipWhen(child.Hello.Formats.Count == 0, "The system's libvips draws no SVG.");
        var secret = _root.Put("secret.png", Pictures.Png(100, 100));
        var drawing = $"<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='100' height='100'><rect width='100' height='100' fill='#00f'/><image width='100' height='100' xlink:href='file://{secret}'/></svg>";
        var answer = await DeriveAsync(child, "drawing.svg", System.Text.Encoding.UTF8.GetBytes(drawing));
        Assert.Equal((Outcome.Done, "svg", "image/webp"), (answer.End.Outcome, answer.Facts.Format, answer[Preset.Thumbnail].Message.ContentType));
        Assert.InRange(Pictures.At(answer[Preset.Thumbnail].Bytes, 0.25, 0.25)[0], 0, 20);
    }

    private async Task<ItemAnswer> DeriveAsync(ChildDecoder child, string name, byte[] picture)
    {
        _root.Put(name, picture);
        var image = new LoopClient().List(_root.Place()).Images.Single(i => i.Name == name);
        var (frames, died) = await child.AskAsync<DeriveEnd>(new DeriveRequest(_root.Place(), [new(0, image.RawName, 0, image.Version, [Preset.Thumbnail])], new(), false));
        Assert.False(died);
        return LoopClient.Answers(frames, 1)[0];
    }

    /// <summary>The bundled libvips cannot write these formats; the system's own tool can, where its encoders are installed.</summary>
    private byte[] Made(string extension)
    {
        using var picture = Pictures.Quarters(600, 400);
        var from = _root.Put("from.png", picture.PngsaveBuffer());
        var to = Path.Combine(Path.GetDirectoryName(from)!, "made." + extension);
        try
        {
            var start = new ProcessStartInfo("vips", ["copy", from, to]) { RedirectStandardError = true };
            using var tool = Process.Start(start)!;
            tool.StandardError.ReadToEnd();
            tool.WaitForExit();
            Assert.SkipWhen(tool.ExitCode != 0, $"The system's vips writes no {extension}.");
            var bytes = File.ReadAllBytes(to);
            File.Delete(to);
            return bytes;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no vips (package libvips-tools) to make a picture with.");
            throw;
        }
        finally
        {
            File.Delete(from);
        }
    }
}
