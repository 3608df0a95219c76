using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Imaging;
using Vitrine.Imaging.Sources;

namespace Vitrine.Tests.Imaging;

/// <summary>What came back for one item.</summary>
internal sealed record ItemAnswer(EndItem End, IReadOnlyList<(DerivativeBytes Message, byte[] Bytes)> Derivatives)
{
    public (DerivativeBytes Message, byte[] Bytes) this[Preset preset] => Derivatives.Single(d => d.Message.Preset == preset.Name);

    public ImageFacts Facts => End.Facts!;
}

internal sealed record Listing(ContainerKind? Kind, IReadOnlyList<ListedImage> Images, IReadOnlyList<ListedContainer> Containers, ListEnd End)
{
    public IEnumerable<string> Names => Images.Select(i => i.Name);
}

/// <summary>Asks the decoder's loop in this process, over memory in place of pipes and on a thread of its own.</summary>
internal sealed class LoopClient(IReadHook? hook = null)
{
    public static Preset[] Usual { get; } = [Preset.Thumbnail, Preset.Medium, Preset.Display];

    public DecodeLimits Limits { get; init; } = new();

    public bool Large { get; init; }

    public IReadOnlyList<Frame> Ask(params Frame[] requests)
    {
        using var input = new MemoryStream();
        var writer = new FrameWriter(input);
        foreach (var request in requests) writer.Write(request.Message, request.Body.Span);
        input.Position = 0;
        using var output = new MemoryStream();
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => new DecoderLoop(input, output, hook).Run(Greeting.For(Vitrine.Imaging.Formats.Codec.StartBundled(), []), () => { })));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        output.Position = 0;
        return Frames(output);
    }

    public Listing List(ContainerPlace place, params string[] exclude)
    {
        var answers = Ask(new ListRequest(place, exclude, Limits, 100)).Select(f => f.Message).ToList();
        var groups = answers.OfType<Listed>().ToList();
        return new(groups.FirstOrDefault()?.Kind, [.. groups.SelectMany(g => g.Images)], [.. groups.SelectMany(g => g.Containers)], answers.OfType<ListEnd>().Single());
    }

    public IReadOnlyList<ItemAnswer> Derive(ContainerPlace place, IEnumerable<ListedImage> images, params Preset[] presets)
    {
        var items = images.Select((image, index) => new DeriveItem(index, image.RawName, image.Occurrence, image.Version, presets)).ToList();
        return Answers(Ask(new DeriveRequest(place, items, Limits, Large)), items.Count);
    }

    /// <summary>One picture in a directory of its own.</summary>
    public ItemAnswer DeriveOne(byte[] picture, string name, params Preset[] presets)
    {
        using var root = new TestRoot();
        root.Put(name, picture);
        return Derive(root.Place(), List(root.Place()).Images, presets).Single();
    }

    public static IReadOnlyList<ItemAnswer> Answers(IReadOnlyList<Frame> frames, int count)
    {
        var ends = frames.Select(f => f.Message).OfType<EndItem>().OrderBy(e => e.Index).ToList();
        Assert.Equal(count, ends.Count);
        return [.. ends.Select(end => new ItemAnswer(end, [.. frames.Where(f => f.Message is DerivativeBytes d && d.Index == end.Index).Select(f => ((DerivativeBytes)f.Message, f.Body.ToArray()))]))];
    }

    private static List<Frame> Frames(Stream output)
    {
        var frames = new List<Frame>();
        var reader = new FrameReader(output);
        while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } frame) frames.Add(frame);
        return frames;
    }
}
