using CsCheck;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Tests.Imaging.Archives;

namespace Vitrine.Tests.Imaging;

/// <summary>Names of archive entries, of any bytes: listed and read by their bytes or left out, and nothing is ever written anywhere.</summary>
public sealed class EntryNameTests : IDisposable
{
    private static readonly string[] Parts = ["../", "..\\", "/", "\\", "C:", "\0", "a", ".", "\u202e", "\r\n", "corpus-pwned", "ä", " "];

    private static readonly byte[] Page = Pictures.Jpeg(8, 8);

    /// <summary>Any bytes, and those that lead somewhere: steps up, roots, drives, ends of strings, control and other characters.</summary>
    private static readonly Gen<byte[]> Name = Gen.OneOf(
        Gen.Byte.Array[0, 24],
        Gen.Int[0, Parts.Length - 1].Array[1, 6].Select(parts => System.Text.Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => Parts[part])))));

    private readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_zip_with_any_names_is_listed_by_the_rules_and_read() => Name.Array[1, 6].Sample(
        names => Check("a.zip", ContainerKind.Zip, names.Aggregate(new ZipBuilder(), (zip, name) => zip.Add([.. name, .. ".jpg"u8], Page)).Build()), iter: 150, threads: 1);

    [Fact]
    public void A_tar_with_any_names_is_listed_by_the_rules_and_read() => Name.Array[1, 6].Sample(
        names => Check("a.tar", ContainerKind.Tar, names.Aggregate(new TarBuilder(), (tar, name) => tar.Add([.. name, .. ".jpg"u8], Page)).Build()), iter: 150, threads: 1);

    private void Check(string file, ContainerKind kind, byte[] archive)
    {
        _root.Put(file, archive);
        var place = _root.Place(file, kind);
        var request = new ListRequest(place, [], new(), 100);
        var rules = new AnswerRules(request);
        var frames = new LoopClient().Ask(request).Where(frame => frame.Message is not Hello).ToList();
        foreach (var frame in frames) rules.Check(frame.Message);
        var images = frames.Select(frame => frame.Message).OfType<Listed>().SelectMany(group => group.Images).ToList();
        Assert.All(images, image => Assert.False(LeadsOut(image.RawName)));
        var answers = new LoopClient().Derive(place, images, Preset.Thumbnail);
        Assert.All(answers, answer => Assert.Equal(Outcome.Done, answer.End.Outcome));
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(_root.Path).Select(Path.GetFileName));
    }

    private static bool LeadsOut(byte[] name)
    {
        var text = System.Text.Encoding.Latin1.GetString(name);
        return text.StartsWith('/') || text.Split('/', '\\').Contains("..");
    }
}
