using System.Runtime.CompilerServices;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Decoding;

/// <summary>One item as the decoder ended it, with the bytes that it made.</summary>
/// <param name="Tries">How often it was tried: twice where two decoders died on it.</param>
/// <param name="Known">Its content has its derivatives already: they are linked.</param>
/// <param name="Cost">Processor time of the decoder.</param>
public sealed record DerivedItem(
    WorkItem Item, Outcome Outcome, string? Reason, string? Message, SourceVersion? VersionRead, ImageFacts? Facts,
    IReadOnlyList<DerivedFile> Files, string Decoder, int Tries = 1, bool Known = false, TimeSpan Cost = default);

/// <param name="Bytes">As they came with their frame: whoever is done with them gives them back.</param>
public sealed record DerivedFile(DerivativeBytes Info, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// Takes the items of a lease through decoders, in groups that are committed together, and names who is to blame when a decoder dies:
/// the results of the open group are thrown away; the item in hand runs alone in a fresh decoder and fails when that dies too; else the rest
/// goes on one at a time until one dies alone. A container that kills two decoders with no item in hand fails as a whole. (A sequential container never goes
/// on one at a time, see <see cref="Blame"/>.) What the bundled flavour names and cannot read goes to the system's, where there is one that may.
/// </summary>
public sealed class Derivation(DecoderPools pools, Telemetry telemetry, EngineOptions options, DecodeLimits limits, TimeProvider time) : IDerivation
{
    private const int GroupItems = 64;

    public async IAsyncEnumerable<IReadOnlyList<DerivedItem>> RunAsync(
        Lease lease, DecoderLane lane, LeaseSigns signs, CancellationToken stop, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var blame = new Blame(lease);
        var version = "";
        while (blame.Open.Count > 0 && !stop.IsCancellationRequested)
        {
            var next = blame.Next();
            if (next.Alone && !await signs.BeginAsync(next.Items[0])) yield break;
            var run = new Run(next, next.Large ? DecoderLane.Large : lane, stop) { Decoder = version };
            await foreach (var group in AskAsync(lease, run, signs, cancellation))
            {
                blame.Settled(group);
                yield return group;
            }
            version = run.Decoder;
            if (run.Stopped || run.Lost) yield break;
            foreach (var verdict in blame.Ended(run)) yield return [verdict];
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<DerivedItem>> AskAsync(
        Lease lease, Run run, LeaseSigns signs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var rental = await RentAsync(lease.Root, run, cancellation);
        if (rental is null) yield break;
        var group = new List<DerivedItem>();
        var since = time.GetTimestamp();
        await using var frames = rental.Decoder.AskAsync(Request(lease, run), limits, cancellation).GetAsyncEnumerator(cancellation);
        while (await MoveAsync(frames, run))
        {
            if (Read(frames.Current, lease, run) is not { } ended)
            {
                // Between two items of a sequential container may lie many minutes.
                if (frames.Current.Message is Passed && run.Stopped) break;
                if (!await TellAsync(lease, run, frames.Current.Message, signs)) yield break;
                continue;
            }
            group.Add(ended);
            rental.IsSpent = run.IsSpent;
            if (run.Stopped || (run.IsSpent && !lease.Kind.IsSequential())) break;
            if (group.Count < GroupItems && time.GetElapsedTime(since).TotalMilliseconds < options.CommitMilliseconds) continue;
            yield return group;
            group = [];
            since = time.GetTimestamp();
        }
        if (group.Count > 0 && run.Death is null) yield return group;
    }

    /// <summary>False: the lease is lost.</summary>
    private static async Task<bool> TellAsync(Lease lease, Run run, DecoderMessage message, LeaseSigns signs)
    {
        if (message is Passed) run.Lost = !await signs.PassedAsync();
        if (message is BeginItem && NamesAsItGoes(lease, run)) run.Lost = !await signs.BeginAsync(run.InHand!);
        return !run.Lost;
    }

    /// <summary>Null where the system's flavour does not start: that says nothing against the others. Without the bundled one nothing works.</summary>
    private async Task<DecoderRental?> RentAsync(string root, Run run, CancellationToken cancellation)
    {
        try
        {
            var rental = await pools.RentAsync(run.Lane, run.Next.Flavour, root, cancellation);
            if (run.Next.Flavour == DecoderFlavour.Bundled) run.Decoder = pools.VersionOf(rental.Decoder.Hello);
            return rental;
        }
        catch (DecoderUnavailableException missing) when (run.Next.Flavour == DecoderFlavour.System)
        {
            run.Unavailable = missing.Message;
            return null;
        }
    }

    /// <summary>A sequential container under suspicion is read in one pass all the same: each item is named in the store when the decoder begins it.</summary>
    private static bool NamesAsItGoes(Lease lease, Run run) => lease.OneByOne && lease.Kind.IsSequential() && !run.Next.Alone;

    private async Task<bool> MoveAsync(IAsyncEnumerator<Frame> frames, Run run)
    {
        try
        {
            return await frames.MoveNextAsync();
        }
        catch (DecoderDiedException death)
        {
            telemetry.DecoderDeaths.Add();
            if (death.ForMemory) telemetry.MemoryRefusals.Add();
            run.Death = death;
            return false;
        }
    }

    private DeriveRequest Request(Lease lease, Run run) => new(
        ContainerPlace.ToRead(lease.Root, lease.Path, lease.Kind, lease.ContainerVersion),
        [.. run.Next.Items.Select((item, index) => new DeriveItem(index, item.RawName.Bytes, item.Occurrence, item.Version, item.Presets))],
        limits, run.Next.Large, lease.Known?.Select(facts => facts.ContentHash).ToList(), run.Next.Ahead);

    private DerivedItem? Read(Frame frame, Lease lease, Run run)
    {
        switch (frame.Message)
        {
            case BeginItem begin:
                run.InHand = run.Next.Items[begin.Index];
                run.Files.Clear();
                return null;
            case DerivativeBytes info:
                run.Files.Add(new(info, frame.Body));
                return null;
            case EndItem end:
                return End(end, lease, run);
            case Passed:
                return null;
            case DeriveEnd end:
                telemetry.ContainersOpened.Add(end.Opened);
                run.Refusal = end.Reason;
                return null;
            default:
                throw new InvalidDataException($"A decoder answered a derive request with {frame.Message.GetType().Name}.");
        }
    }

    private DerivedItem? End(EndItem end, Lease lease, Run run)
    {
        telemetry.ImagesDecoded.Add(Math.Min(1, end.Decodes));
        telemetry.LenientDecodes.Add(Math.Max(0, end.Decodes - 1));
        var item = run.Next.Items[end.Index];
        run.InHand = null;
        if (end.NeedsBytes <= limits.LargeChildMemoryBytes && !run.Next.Large)
        {
            run.Large.Add(item);
            return null;
        }
        if (IsForMemory(end)) telemetry.MemoryRefusals.Add();
        run.IsSpent |= end.Reason == Reason.OutOfMemory;
        if (end.Unread is { } format && run.Next.Flavour == DecoderFlavour.Bundled && pools.Library.MayRead(format))
        {
            run.ForSystem.Add(item);
            return null;
        }
        if (end.Known is not { } hash) return new(item, end.Outcome, end.Reason, Advice(end) ?? end.Message, end.VersionRead, end.Facts, [.. run.Files], run.Decoder, Cost: TimeSpan.FromMilliseconds(end.CpuMilliseconds));
        telemetry.ImagesRecognised.Add();
        var known = lease.Known?.FirstOrDefault(facts => facts.ContentHash.AsSpan().SequenceEqual(hash))
            ?? throw new InvalidDataException("A decoder recognised a content that it was not told of.");
        return new(item, end.Outcome, end.Reason, end.Message, end.VersionRead, known, [], run.Decoder, Known: true);
    }

    /// <summary>The decoder had not enough memory, or said beforehand that the largest one has not.</summary>
    private static bool IsForMemory(EndItem end) => end.Reason == Reason.OutOfMemory || (end.Reason == Reason.TooManyPixels && end.NeedsBytes is not null);

    /// <summary>With the name of a format that is not read here: what would change that.</summary>
    private string? Advice(EndItem end) => end.Unread is { } format && FormatTable.Find(format) is { } row
        ? pools.Library.Remedy(row) is { } remedy ? $"{row.Title} is not read here: {remedy}." : $"{row.Title} is not read by Vitrine."
        : null;

    /// <summary>One request, and how it ended.</summary>
    internal sealed class Run(NextItems next, DecoderLane lane, CancellationToken stop)
    {
        public NextItems Next { get; } = next;
        public bool Stopped => stop.IsCancellationRequested && Death is null;
        public DecoderLane Lane { get; } = lane;
        public string Decoder { get; set; } = "";
        public List<DerivedFile> Files { get; } = [];
        public List<WorkItem> Large { get; } = [];

        /// <summary>What the bundled flavour cannot read, and the system's may.</summary>
        public List<WorkItem> ForSystem { get; } = [];

        public WorkItem? InHand { get; set; }
        public DecoderDiedException? Death { get; set; }
        public string? Refusal { get; set; }

        /// <summary>Why no decoder of the flavour started.</summary>
        public string? Unavailable { get; set; }

        /// <summary>
        /// Its memory was used up once, and may be still: the rest goes to another, and the decoder is ended. (In a sequential container with the pass, since another would
        /// begin from its start.)
        /// </summary>
        public bool IsSpent { get; set; }

        /// <summary>The lease is no longer ours.</summary>
        public bool Lost { get; set; }

        public bool IsForAnother(WorkItem item) => Large.Contains(item) || ForSystem.Contains(item);
    }

    /// <param name="Alone">One item, named in the store before it begins.</param>
    /// <param name="Ahead">Nothing is under suspicion: see <see cref="DeriveRequest.Ahead"/>.</param>
    internal sealed record NextItems(IReadOnlyList<WorkItem> Items, bool Alone, bool Large, DecoderFlavour Flavour, bool Ahead);
}
