using System.Diagnostics.Metrics;

namespace Vitrine.Core;

/// <summary>What this node counted since its start: shown by the status route, and published as metrics of the meter <c>Vitrine</c>.</summary>
public sealed class Telemetry : IDisposable
{
    private readonly Meter _meter = new("Vitrine");
    private readonly Dictionary<string, Count> _counts = [];

    public Telemetry()
    {
        ContainersListed = Add("containersListed", "Containers opened for a listing.");
        ContainersOpened = Add("containersOpened", "Containers opened to make derivatives.");
        BatchesLeased = Add("batchesLeased", "Leases taken by this node.");
        ImagesDecoded = Add("imagesDecoded", "Originals whose pixels were decoded.");
        ImagesRecognised = Add("imagesRecognised", "Originals whose content had its derivatives already: read, linked and not decoded.");
        ImagesShrunk = Add("imagesShrunk", "Images whose missing derivatives were made from a larger one: their originals were not read.");
        ShrinksFailed = Add("shrinksFailed", "Larger derivatives that were gone, were not what was written, or did not decode: their images were made from their originals.");
        LenientDecodes = Add("lenientDecodes", "Second decodes, of damaged originals.");
        ItemsDone = Add("itemsDone", "Items committed as Done.");
        ItemsSkipped = Add("itemsSkipped", "Items committed as Skipped.");
        ItemsFailed = Add("itemsFailed", "Items committed as Failed.");
        ItemsRetried = Add("itemsRetried", "Tries that failed and are repeated after a pause.");
        CommitsFenced = Add("commitsFenced", "Commits refused because of an old token.");
        DecoderDeaths = Add("decoderDeaths", "Decoders that died or were ended.");
        MemoryRefusals = Add("memoryRefusals", "Items refused for want of memory, and decoders ended for it.");
        QueueRejections = Add("queueRejections", "Offers refused because the queue was full.");
        DerivativesOnDemand = Add("derivativesOnDemand", "Derivatives asked for before they were there.");
        DerivativesAhead = Add("derivativesAhead", "Derivatives made because somebody looks at an image before them.");
        PathsRefused = Add("pathsRefused", "Paths refused because they lead out of their root, or through a link.");
        RequestsLimited = Add("requestsLimited", "Requests refused because they came too often, or too many at a time.");
        SpoolPasses = Add("spoolPasses", "Passes over sequential containers that filled the spool.");
        SpoolWrites = Add("spoolWrites", "Originals written to the spool.");
        SpoolReads = Add("spoolReads", "Originals read from the spool instead of a pass over their container.");
        SpoolEvictions = Add("spoolEvictions", "Originals that left the spool for newer ones.");
    }

    public Count ContainersListed { get; }
    public Count ContainersOpened { get; }
    public Count BatchesLeased { get; }
    public Count ImagesDecoded { get; }
    public Count ImagesRecognised { get; }
    public Count ImagesShrunk { get; }
    public Count ShrinksFailed { get; }
    public Count LenientDecodes { get; }
    public Count ItemsDone { get; }
    public Count ItemsSkipped { get; }
    public Count ItemsFailed { get; }
    public Count ItemsRetried { get; }
    public Count CommitsFenced { get; }
    public Count DecoderDeaths { get; }
    public Count MemoryRefusals { get; }
    public Count QueueRejections { get; }
    public Count DerivativesOnDemand { get; }
    public Count DerivativesAhead { get; }
    public Count PathsRefused { get; }
    public Count RequestsLimited { get; }
    public Count SpoolPasses { get; }
    public Count SpoolWrites { get; }
    public Count SpoolReads { get; }
    public Count SpoolEvictions { get; }

    /// <summary>All counts by name.</summary>
    public IReadOnlyDictionary<string, long> Snapshot() => _counts.ToDictionary(c => c.Key, c => c.Value.Value);

    public void Dispose() => _meter.Dispose();

    private Count Add(string name, string description)
    {
        var count = new Count();
        _counts.Add(name, count);
        _meter.CreateObservableCounter($"vitrine.{name}", () => count.Value, description: description);
        return count;
    }

    /// <summary>A count that only grows; safe from any thread.</summary>
    public sealed class Count
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Add(long amount = 1) => Interlocked.Add(ref _value, amount);
    }
}
