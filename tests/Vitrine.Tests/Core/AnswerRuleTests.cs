using System.Text;
using CsCheck;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Core;

/// <summary>What a decoder that somebody took over could send: it ends as no answer, and never as a surprise in the server.</summary>
public sealed class AnswerRuleTests
{
    private const int Tries = 3000;

    private static readonly ContainerPlace Folder = new("/pictures", [], ContainerKind.Directory, null);
    private static readonly SourceVersion Version = new(10, 20, 30);
    private static readonly DeriveRequest Derive = new(Folder, [new(0, "a.jpg"u8.ToArray(), 0, Version, [Preset.Thumbnail])], new(), false);
    private static readonly ListRequest List = new(Folder, [], new(), 10);

    private static readonly DecoderMessage[] Answers =
    [
        new Listed(ContainerKind.Directory, [new("a.jpg"u8.ToArray(), 0, "a.jpg", [1], Version, 5)], [new(ContainerKind.Zip, "b.zip"u8.ToArray(), "b", [2], Version, 5)]),
        new ListEnd(null, Version, 5, 1, new Dictionary<string, int> { [Reason.UnsafeName] = 2 }, new byte[32], new Dictionary<string, int> { [".mov"] = 3 }),
        new BeginItem(0), new DerivativeBytes(0, "thumbnail", 320, 200, "image/webp", false), new Passed(), new DeriveEnd(null, 1), new DataBytes(), new ReadEnd(null), new CompareEnd([0, 1]),
        new EndItem(0, Outcome.Done, null, null, Version, new(new byte[32], 4, 3, "jpeg", 1, 1, [1], "a0b0c0", false), null, 1),
        new OriginalBegins("a.jpg"u8.ToArray(), 0, Version), new Hello(Hello.CurrentProtocol, "x", [], []), List, Derive,
        new CompareRequest("/pictures", [new([], new byte[32]), new("a"u8.ToArray(), new byte[32])], [], new()),
        new ReadRequest(Folder, "a.jpg"u8.ToArray(), 0, Version, new()), new SpoolRequest(Folder, "a.jpg"u8.ToArray(), 0, Version, 5, new()),
        new ShrinkRequest([Preset.Thumbnail], new()), new ShrinkEnd(null, 5),
    ];

    /// <summary>Frames of each kind with bytes changed, cut, put in and repeated, to whoever reads them: the server its decoder's, the decoder its server's.</summary>
    [Fact]
    public void A_frame_that_was_tampered_with_is_a_message_or_none() =>
        Gen.Select(Gen.Int[0, Answers.Length - 1], Gen.Select(Gen.Double.Unit, Gen.Byte, Gen.Int[0, 3]).Array[1, 12], Gen.Int[0, Answers.Length - 1]).Sample(
            (answer, changes, request) => ReadAll(Tampered(Written(Answers[answer]), changes), Answers[request]), iter: Tries);

    [Fact]
    public void Any_bytes_are_frames_or_none() => Gen.Byte.Array[0, 64].Sample(bytes => ReadAll(bytes, List), iter: Tries);

    /// <summary>Values that fit the JSON, and not the request.</summary>
    [Theory]
    [InlineData("""{"type":"begin-item","index":-1}"""), InlineData("""{"type":"begin-item","index":2147483647}"""), InlineData("""{"type":"end-item"}"""), InlineData("""{"type":"derivative","index":0}""")]
    [InlineData("""{"type":"listed","kind":"Directory","images":null,"containers":[]}"""), InlineData("""{"type":"listed","kind":"Directory","images":[null],"containers":[]}""")]
    [InlineData("""{"type":"derive-end","reason":"<script>","opened":1}"""), InlineData("""{"type":"list-end","refused":{"anything":1}}"""), InlineData("""{"type":"hello"}""")]
    public void An_answer_that_was_not_asked_for_is_none(string json)
    {
        Assert.Throws<InvalidDataException>(() => Check(json, Derive));
        Assert.Throws<InvalidDataException>(() => Check(json, List));
    }

    [Theory]
    [InlineData("""{"type":"derivative","index":0,"preset":"thumbnail","width":3,"height":2,"contentType":"image/webp","partial":false}""", true)]
    [InlineData("""{"type":"derivative","index":1,"preset":"thumbnail","width":3,"height":2,"contentType":"image/webp","partial":false}""", false)]
    [InlineData("""{"type":"derivative","index":0,"preset":"display","width":3,"height":2,"contentType":"image/webp","partial":false}""", false)]
    [InlineData("""{"type":"shrink-end","reason":null,"cpuMilliseconds":5}""", true), InlineData("""{"type":"shrink-end","reason":"<script>","cpuMilliseconds":5}""", false)]
    [InlineData("""{"type":"shrink-end","reason":null,"cpuMilliseconds":-1}""", false), InlineData("""{"type":"derive-end","reason":null,"opened":0}""", false)]
    public void What_was_shrunk_is_what_was_asked_for(string json, bool right) =>
        Assert.Equal(right, Record.Exception(() => Check(json, new ShrinkRequest([Preset.Thumbnail], new()))) is null);

    [Theory]
    [InlineData("[0]", true), InlineData("[0,1]", true), InlineData("[]", true), InlineData("[1,0]", false), InlineData("[0,0]", false), InlineData("[2]", false), InlineData("[-1]", false)]
    public void A_comparison_names_directories_that_were_asked_for(string same, bool right)
    {
        var asked = new CompareRequest("/pictures", [new([], new byte[32]), new("a"u8.ToArray(), new byte[32])], [], new());
        var failure = Record.Exception(() => Check($$"""{"type":"compare-end","same":{{same}}}""", asked));
        Assert.Equal(right, failure is null);
    }

    [Theory]
    [InlineData("../../etc/passwd"), InlineData("/etc/passwd"), InlineData(".."), InlineData("."), InlineData(""), InlineData("a/b"), InlineData("a\0b")]
    public void A_name_in_a_directory_leads_nowhere_else(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        Assert.Throws<InvalidDataException>(() => new AnswerRules(List).Check(new Listed(ContainerKind.Directory, [new(bytes, 0, "a", [1], Version, 0)], [])));
        Assert.Throws<InvalidDataException>(() => new AnswerRules(List).Check(new Listed(ContainerKind.Directory, [], [new(ContainerKind.Zip, bytes, "a", [1], Version, 0)])));
    }

    /// <summary>Whatever its bytes: a name of a directory that is let through stays in it, joined to its path as the server joins them.</summary>
    [Fact]
    public void A_name_that_is_let_through_stays_beneath_its_directory() => Gen.OneOf(Gen.Byte.Array[0, 12], Gen.Int[0, 3].Select(part => "./\0a"u8[part]).Array[0, 8]).Sample(
        bytes =>
        {
            try
            {
                new AnswerRules(List).Check(new Listed(ContainerKind.Directory, [new(bytes, 0, "a", [1], Version, 0)], []));
            }
            catch (InvalidDataException)
            {
                return true;
            }
            var name = new RawName(bytes);
            return Path.GetDirectoryName(Path.GetFullPath(Path.Combine("/root", name.ToString()))) == "/root" && SourcePath.Root.Append(name).Bytes.SequenceEqual(bytes);
        },
        iter: Tries);

    [Fact]
    public void An_item_is_begun_once_and_ended_once_and_has_what_was_asked_for()
    {
        var rules = new AnswerRules(Derive);
        foreach (var answer in Answers.OfType<BeginItem>().Cast<DecoderMessage>().Concat(Answers.OfType<DerivativeBytes>()).Concat(Answers.OfType<EndItem>()).Concat(Answers.OfType<DeriveEnd>())) rules.Check(answer);
        Assert.Throws<InvalidDataException>(() => rules.Check(new BeginItem(0)));
        Assert.Throws<InvalidDataException>(() => rules.Check(Answers.OfType<EndItem>().Single()));
        var second = new AnswerRules(Derive);
        second.Check(new BeginItem(0));
        Assert.Throws<InvalidDataException>(() => second.Check(new DerivativeBytes(0, "display", 1, 1, "image/webp", false)));
        Assert.Throws<InvalidDataException>(() => second.Check(new DerivativeBytes(0, "thumbnail", 1, 1, "text/html", false)));
        Assert.Throws<InvalidDataException>(() => second.Check(new DerivativeBytes(0, "thumbnail", -1, 1, "image/webp", false)));
    }

    private static byte[] Written(DecoderMessage message)
    {
        using var stream = new MemoryStream();
        new FrameWriter(stream).Write(message, [1, 2, 3]);
        return stream.ToArray();
    }

    private static byte[] Tampered(byte[] frame, (double Where, byte Value, int How)[] changes)
    {
        var bytes = frame.ToList();
        foreach (var (where, value, how) in changes)
        {
            if (bytes.Count == 0) break;
            var at = (int)(where * (bytes.Count - 1));
            if (how == 0) bytes[at] = value;
            else if (how == 1) bytes.Insert(at, value);
            else if (how == 2) bytes.RemoveAt(at);
            else bytes.RemoveRange(at, bytes.Count - at);
        }
        return [.. bytes];
    }

    /// <summary>All that the reader and the rules may throw is what their promises name.</summary>
    private static void ReadAll(byte[] bytes, DecoderMessage request)
    {
        var reader = new FrameReader(new MemoryStream(bytes));
        var rules = new AnswerRules(request);
        try
        {
            while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } frame) rules.Check(frame.Message);
        }
        catch (Exception expected) when (expected is InvalidDataException or EndOfStreamException)
        {
            // The decoder is ended, and its item is looked at by another one.
        }
    }

    private static void Check(string json, DecoderMessage request)
    {
        var header = Encoding.UTF8.GetBytes(json);
        byte[] frame = [.. BitConverter.GetBytes(header.Length), 0, 0, 0, 0, .. header];
        var read = new FrameReader(new MemoryStream(frame)).ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        new AnswerRules(request).Check(read!.Value.Message);
    }
}
