using System.Runtime.CompilerServices;
using System.Text;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>Reads the world slowly, frame by frame, and dies where the seed or a picture has it.</summary>
internal sealed class SimulatedDecoder(World world, Process process, Faults faults, Chance chance) : IDecoder
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(new DecodeLimits().SilenceSeconds);

    public Hello Hello { get; } = new(Hello.CurrentProtocol, "simulated", [], []);

    public bool Ready { get; private set; } = true;

    public bool Reaches(string root) => true;

    public async IAsyncEnumerable<Frame> AskAsync(Frame request, DecodeLimits limits, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Ready = false;
        await WorkAsync(cancellation);
        var answers = request.Message is ListRequest list ? List(list) : Derive((DeriveRequest)request.Message);
        await foreach (var (message, body) in answers)
        {
            await WorkAsync(cancellation);
            yield return new(message, body);
        }
        Ready = true;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task WorkAsync(CancellationToken cancellation)
    {
        if (faults.On && chance.Is(faults.Decoder)) throw new DecoderDiedException(Reason.Crashed, "it was killed");
        if (!faults.On || !chance.Is(faults.Hang))
        {
            if (chance.Is(0.5)) await Task.Delay(chance.Time(0.001, 0.08), process.Time, cancellation);
            return;
        }
        // It hangs while its node lives: the stale clock of its job frees the lease long before the limit of silence ends it.
        await Task.Delay(Silence, process.Time, cancellation);
        throw new DecoderDiedException(Reason.SourceSlow, "it was silent");
    }

    private async IAsyncEnumerable<(DecoderMessage, byte[])> List(ListRequest request)
    {
        var path = Encoding.UTF8.GetString(request.Place.Path);
        var root = world.Roots[request.Place.Root];
        if (root.Gone || !root.Containers.TryGetValue(path, out var container))
        {
            yield return (new ListEnd(Reason.SourceMissing, null, 0, 0, new Dictionary<string, int>()), []);
            yield break;
        }
        var before = container.Version;
        var images = container.Originals.Values.Select(o => new ListedImage(
            Encoding.UTF8.GetBytes(o.Name), 0, o.Name, Encoding.UTF8.GetBytes(o.Name), o.Version, container.Kind == ContainerKind.Zip ? 0 : o.NewestNs)).ToList();
        var group = chance.Between(1, 8);
        foreach (var part in images.Chunk(group)) yield return (new Listed(container.Kind, part, []), []);
        if (path.Length == 0) yield return (new Listed(container.Kind, [], [.. root.Containers.Where(c => c.Key.Length > 0).Select(c => Found(c.Key, c.Value))]), []);
        await Task.Delay(chance.Time(0, 0.02), process.Time);
        var same = !root.Gone && root.Containers.GetValueOrDefault(path)?.Version == before;
        yield return (new ListEnd(root.Gone ? Reason.SourceUnreadable : null, same ? before : null, 0, 1, new Dictionary<string, int>()), []);
    }

    private static ListedContainer Found(string name, Container container) =>
        new(container.Kind, Encoding.UTF8.GetBytes(name), name, Encoding.UTF8.GetBytes(name), container.Version, 0, OnlyName: container.Kind == ContainerKind.Directory);

    private async IAsyncEnumerable<(DecoderMessage, byte[])> Derive(DeriveRequest request)
    {
        var path = Encoding.UTF8.GetString(request.Place.Path);
        foreach (var item in request.Items)
        {
            yield return (new BeginItem(item.Index), []);
            await Task.Delay(chance.Time(0, 0.05), process.Time);
            if (Find(request.Place.Root, path, item) is not { } original)
            {
                yield return (End(item, Outcome.Failed, Reason.SourceMissing), []);
                continue;
            }
            if (original.Nature == Nature.Deadly) throw new DecoderDiedException(Reason.Crashed, "signal 11");
            if (original.Version != item.Version)
            {
                yield return (End(item, Outcome.Skipped, Reason.SourceChanged, original.Version), []);
                continue;
            }
            if (original.Nature == Nature.Corrupt || (original.Nature == Nature.SlowAtTimes && chance.Is(0.5)))
            {
                yield return (End(item, Outcome.Failed, original.Nature == Nature.Corrupt ? Reason.Corrupt : Reason.SourceSlow, original.Version), []);
                continue;
            }
            foreach (var frame in IsKnown(request, original, out var hash) ? [(Known(item, original, hash), [])] : Made(item, original)) yield return frame;
        }
        yield return (new DeriveEnd(null, 1), []);
    }

    private bool IsKnown(DeriveRequest request, Original original, out byte[] hash)
    {
        hash = Contents.HashOf(world.ContentOf(original.Version));
        return request.Known?.Contains(hash, new SameBytes()) == true;
    }

    private static EndItem Known(DeriveItem item, Original original, byte[] hash) =>
        new EndItem(item.Index, Outcome.Done, null, null, original.Version, null, null, 0, hash);

    private IEnumerable<(DecoderMessage, byte[])> Made(DeriveItem item, Original original)
    {
        var content = world.ContentOf(original.Version);
        foreach (var preset in item.Presets.Reverse())
            yield return (new DerivativeBytes(item.Index, preset.Name, 10, 10, "image/webp", false), Contents.Make(content, preset.Name));
        var facts = new ImageFacts(Contents.HashOf(content), 100, 100, "jpeg", 1, 1, null, null, false);
        yield return (new EndItem(item.Index, Outcome.Done, null, null, original.Version, facts, null, 1), []);
    }

    private Original? Find(string root, string path, DeriveItem item) =>
        world.Roots[root] is { Gone: false } there ? there.Containers.GetValueOrDefault(path)?.Originals.GetValueOrDefault(Encoding.UTF8.GetString(item.RawName)) : null;

    private static EndItem End(DeriveItem item, Outcome outcome, string reason, SourceVersion? version = null) =>
        new(item.Index, outcome, reason, null, version, null, null, 0);

    private sealed class SameBytes : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);
        public int GetHashCode(byte[] obj) => BitConverter.ToInt32(obj);
    }
}
