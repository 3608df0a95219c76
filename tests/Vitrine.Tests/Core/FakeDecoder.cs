using System.Runtime.CompilerServices;
using System.Text;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Core;

/// <summary>
/// A model of a decoder whose items behave as their names say: "crash" kills it each time, "crash-together" only when other items are in the request,
/// "killed-alone" the first time that it is asked for alone, "large" needs the large decoder, "bad" is corrupt, "hungry" has not enough memory, "far" is much to pass over, "heic-..." and "jxl-..." are
/// read by the system's flavour only ("heic-crash" kills it, "heic-lacking" it cannot read either); all else ends Done. A container "dies"
/// kills it before the first item, "dies-at-times" before the first item of every other request. Of what is to be shrunk the bytes say it: "crash", "bad", "hungry", and "lacking", of which it makes nothing.
/// </summary>
internal sealed class FakeDecoder(FakeDecoders owner, DecoderLane lane) : IDecoder
{
    public IReadOnlyList<string> Formats { get; init; } = [];

    public Hello Hello => new(Hello.CurrentProtocol, "fake 1", Formats, []);

    public bool Ready { get; private set; } = true;

    public bool Reaches(string root) => !owner.OutOfReach.Contains(root);

    public async IAsyncEnumerable<Frame> AskAsync(Frame request, DecodeLimits limits, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.Yield();
        if (request.Message is ShrinkRequest shrink)
        {
            foreach (var frame in Shrink(shrink, Encoding.UTF8.GetString(request.Body.Span))) yield return frame;
            yield break;
        }
        var derive = (DeriveRequest)request.Message;
        owner.Requests.Add(new(lane, [.. derive.Items.Select(NameOf)], derive.Ahead));
        var container = Encoding.UTF8.GetString(derive.Place.Path);
        if (container == "dies" || (container == "dies-at-times" && owner.Requests.Count % 2 == 1)) throw Die();
        foreach (var item in derive.Items)
        {
            var name = NameOf(item);
            if (name == "far") yield return new Passed();
            yield return new BeginItem(item.Index);
            owner.Begun?.Invoke(name);
            if (Kills(name, derive.Items.Count)) throw Die(name.StartsWith("hung", StringComparison.Ordinal) ? Reason.DecoderHung : Reason.Crashed);
            if (name == "large" && !derive.Large) yield return new EndItem(item.Index, Outcome.Failed, Reason.TooManyPixels, null, null, null, 1L << 30, 0);
            else if (Unread(name) is { } format) yield return new EndItem(item.Index, Outcome.Skipped, Reason.Unsupported, null, null, null, null, 0, Unread: format);
            else yield return End(item, name);
        }
        yield return new DeriveEnd(null, 1);
    }

    public ValueTask DisposeAsync()
    {
        owner.Ended++;
        return ValueTask.CompletedTask;
    }

    private IEnumerable<Frame> Shrink(ShrinkRequest request, string picture)
    {
        owner.Shrunk.Add(picture);
        if (picture == "crash") throw Die();
        if (picture is not ("bad" or "hungry" or "lacking"))
            foreach (var preset in request.Presets) yield return new(new DerivativeBytes(0, preset.Name, 320, 200, "image/webp", false), new byte[] { 1, 2 });
        yield return new ShrinkEnd(picture switch { "bad" => Reason.Corrupt, "hungry" => Reason.OutOfMemory, _ => null }, 5);
    }

    private bool Kills(string name, int items) => name switch
    {
        "crash" or "hung" => true,
        "heic-crash" => owner.Flavour == DecoderFlavour.System,
        "crash-together" => items > 1,
        "hung-once" => owner.Killed.Add(name),
        "killed-alone" => items == 1 && owner.Killed.Add(name),
        _ => false,
    };

    private string? Unread(string name) =>
        name.Split('-') is ["heic" or "jxl", ..] parts && (owner.Flavour == DecoderFlavour.Bundled || name == "heic-lacking") ? parts[0] : null;

    private static EndItem End(DeriveItem item, string name) => name is "bad" or "hungry"
        ? new(item.Index, Outcome.Failed, name == "bad" ? Reason.Corrupt : Reason.OutOfMemory, null, item.Version, null, null, 1)
        : new(item.Index, Outcome.Done, null, null, item.Version, new([1], 1, 1, "png", 1, 1, null, null, false), null, 1);

    private static string NameOf(DeriveItem item) => Encoding.UTF8.GetString(item.RawName);

    private DecoderDiedException Die(string reason = Reason.Crashed)
    {
        Ready = false;
        return new(reason, "the decoder ended with signal 11");
    }
}

/// <summary>Starts fake decoders and remembers what they were asked.</summary>
internal sealed class FakeDecoders(DecoderFlavour flavour = DecoderFlavour.Bundled)
{
    public DecoderFlavour Flavour => flavour;

    /// <summary>None starts.</summary>
    public bool Missing { get; set; }

    public List<(DecoderLane Lane, string[] Items, bool Ahead)> Requests { get; } = [];

    /// <summary>Pictures that were to be shrunk.</summary>
    public List<string> Shrunk { get; } = [];

    /// <summary>Items that a decoder was killed with once.</summary>
    public HashSet<string> Killed { get; } = [];

    /// <summary>Called when an item is in hand.</summary>
    public Action<string>? Begun { get; set; }

    public int Started { get; private set; }

    /// <summary>What each was started for.</summary>
    public List<string?> Roots { get; } = [];

    /// <summary>What those that run may not read.</summary>
    public HashSet<string> OutOfReach { get; } = [];

    public int Ended { get; set; }

    public Task<IDecoder> StartAsync(DecoderLane lane, string? root, CancellationToken cancellation)
    {
        if (Missing) throw new DecoderUnavailableException("no decoder");
        Started++;
        Roots.Add(root);
        return Task.FromResult<IDecoder>(new FakeDecoder(this, lane));
    }

    public static Lease LeaseOf(params string[] names) => LeaseOf(SourcePath.Root, names);

    public static Lease LeaseOf(SourcePath path, params string[] names) => new(
        new(1), new(1), new(1), Handler.Derive, BatchClass.Normal, new(1), "/pictures", new("disk", "ext4"), new(1), ContainerKind.Directory, path, default, [],
        [.. names.Select((name, i) => new WorkItem(i + 1, RawName.FromText(name), 0, name, new(1, 2, 3), [Preset.Thumbnail], 0))], false, false);
}
