using Microsoft.Extensions.Logging;
using Vitrine.Core.Decoding;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Libraries;

/// <summary>
/// Lists one container in a decoder and hands what it finds to the library store, group by group, under the scan's lease. What has not
/// settled yet is looked at again; the container's outcome is committed when its last step is written.
/// </summary>
public sealed partial class ScanHandler(DecoderPool pool, ILibraryStore libraries, IBatchStore batches, ILedger ledger, ScanSettings settings) : IBatchHandler
{
    internal const int GroupSize = 1000;

    private readonly TreeWalk _walk = new(libraries, settings);

    public async Task RunAsync(HeldLease held, DecoderLane lane)
    {
        var (lease, cancellation) = (held.Lease, held.Lost);
        if (lease.Items.Count == 0)
        {
            await ledger.CommitAsync(lease, [], cancellation);
            return;
        }
        if (!await IsRootHealthyAsync(lease, cancellation))
        {
            LogOffline(settings.Logger, lease.Root);
            await batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token, Hold: settings.Reach.Lose(lease.Library)), cancellation);
            return;
        }
        if (!lease.Force && lease.Kind == ContainerKind.Directory && await IsUnchangedAsync(held, lane))
        {
            await ledger.CommitAsync(lease, [new(lease.Collection.Value, Outcome.Done, Attempts: lease.Items[0].Attempts + 1)], cancellation);
            return;
        }
        var listing = new Listing(lease);
        for (var tries = 0; tries < 2 && listing.End is null; tries++) await ListAsync(listing, lane, cancellation);
        if (!listing.Fenced) await FinishAsync(listing, held, lane);
    }

    /// <summary>The directory lists what it did, and what is below it was looked at. While its lease is not ours any more nothing is written in its name.</summary>
    private async Task<bool> IsUnchangedAsync(HeldLease held, DecoderLane lane)
    {
        await using var rental = await pool.RentAsync(lane, held.Lease.Root, held.Lost);
        return await _walk.IsUnchangedAsync(held, rental) && await _walk.GoAsync(held, rental);
    }

    private async Task ListAsync(Listing listing, DecoderLane lane, CancellationToken cancellation)
    {
        var lease = listing.Lease;
        var request = new ListRequest(new(lease.Root, lease.Path.Bytes, lease.Kind, null), lease.Exclude, settings.Limits, GroupSize);
        await using var rental = await pool.RentAsync(lane, lease.Root, cancellation);
        listing.Decoder = rental.Decoder.Hello.Decoder;
        try
        {
            await foreach (var frame in rental.Decoder.AskAsync(request, settings.Limits, cancellation))
            {
                if (frame.Message is ListEnd end) listing.End = end;
                else if (frame.Message is Listed listed && !await ApplyAsync(listing, listed, cancellation)) return;
            }
        }
        catch (DecoderDiedException death)
        {
            settings.Telemetry.DecoderDeaths.Add();
            if (death.ForMemory) settings.Telemetry.MemoryRefusals.Add();
            listing.Death = death;
        }
    }

    private async Task<bool> ApplyAsync(Listing listing, Listed listed, CancellationToken cancellation)
    {
        var answer = await libraries.ApplyAsync(listing.Lease, Step(listing, listed), cancellation);
        listing.Fenced = !answer.Accepted;
        listing.Images.UnionWith(answer.Images);
        listing.Containers.UnionWith(answer.Containers);
        if (answer.Added + answer.Changed + answer.Containers.Count > 0) settings.Signals.Work.Ring();
        return answer.Accepted;
    }

    private ScanStep Step(Listing listing, Listed listed)
    {
        var collection = listing.Lease.Collection;
        var images = listed.Images
            .Where(image => listing.Settled(settings.Settling.IsSettled(collection, new(image.RawName), image.Version, image.NewestNs)))
            .Select(image => new FoundImage(new(image.RawName), image.Occurrence, image.Name, image.SortKey, image.Version, image.OnlyName));
        var containers = listed.Containers
            .Where(found => found.Kind == ContainerKind.Directory
                || listing.Settled(settings.Settling.IsSettled(collection, new(found.RawName), found.Version, found.NewestNs)))
            .Select(found => new FoundContainer(found.Kind, listing.Lease.Path.Append(new(found.RawName)), found.Name, found.SortKey, found.Version, found.OnlyName));
        listing.Kind = listed.Kind;
        return new(collection, [.. images], [.. containers], SameMount: true, Kind: listed.Kind, Brake: settings.Brake);
    }

    private async Task FinishAsync(Listing listing, HeldLease held, DecoderLane lane)
    {
        var (lease, cancellation) = (held.Lease, held.Lost);
        settings.Telemetry.ContainersListed.Add(listing.End?.Opened ?? 0);
        var reason = listing.Reason;
        if (reason == Reason.SourceLink) settings.Refused.Note(lease.Root, lease.Path.Text, RefusedPaths.Link, lease.Library);

        // A read that failed says nothing about the library while its root is not what it was.
        if (reason is not null && !await IsRootHealthyAsync(lease, cancellation))
        {
            await ComeBackAsync(lease, settings.Reach.Lose(lease.Library), cancellation);
            return;
        }
        if (settings.Retries.PauseAfter(reason, lease.Items[0].Attempts + 1) is not null)
        {
            await ledger.CommitAsync(lease, [settings.Retries.Apply(Result(listing, reason))], cancellation);
            return;
        }
        if (listing.IsUnsettled && settings.Settling.LookAgain(lease.Collection))
        {
            await ComeBackAsync(lease, Holds.None, cancellation);
            return;
        }
        if (listing.IsUnsettled) reason = Reason.NotSettled;
        else settings.Settling.Forget(lease.Collection);
        await CloseAsync(listing, reason, held, lane);
    }

    private async Task ComeBackAsync(Lease lease, Holds hold, CancellationToken cancellation)
    {
        var later = settings.Time.GetUtcNow() + TimeSpan.FromSeconds(Math.Max(1, settings.Options.SettleSeconds));
        await batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token, later, hold), cancellation);
    }

    private async Task CloseAsync(Listing listing, string? reason, HeldLease held, DecoderLane lane)
    {
        var (lease, cancellation) = (held.Lease, held.Lost);
        var last = new ScanStep(
            lease.Collection, [], [], SameMount: true, Last: true, Seen: new(listing.Images, listing.Containers), Version: listing.End?.Version, Reason: reason,
            Decoder: listing.Decoder, Kind: listing.Kind, Listing: listing.End?.Digest, Others: listing.End is { Reason: null } end ? end.Others : null,
            Brake: settings.Brake);
        if (!(await libraries.ApplyAsync(lease, last, cancellation)).Accepted) return;
        if (lease.Kind == ContainerKind.Directory && reason is (null or Reason.NotSettled) && !await GoBelowAsync(held, lane)) return;
        await ledger.CommitAsync(lease, [Result(listing, reason)], cancellation);
        LogListed(settings.Logger, lease.Path.Text, listing.Images.Count, listing.Containers.Count, reason ?? "done");
    }

    private async Task<bool> GoBelowAsync(HeldLease held, DecoderLane lane)
    {
        await using var rental = await pool.RentAsync(lane, held.Lease.Root, held.Lost);
        return await _walk.GoAsync(held, rental);
    }

    private static ItemResult Result(Listing listing, string? reason)
    {
        var outcome = reason switch { null => Outcome.Done, Reason.NotSettled => Outcome.Skipped, _ => Outcome.Failed };
        var refused = listing.End?.Refused ?? new Dictionary<string, int>();
        var message = refused.Count == 0 ? listing.Death?.Message : string.Join(", ", refused.Select(r => $"{r.Value} entries refused: {r.Key}"));
        return new(listing.Lease.Collection.Value, outcome, reason ?? refused.Keys.FirstOrDefault(), message, listing.End?.Version,
            Attempts: listing.Lease.Items[0].Attempts + 1, DecoderVersion: listing.Decoder);
    }

    private async Task<bool> IsRootHealthyAsync(Lease lease, CancellationToken cancellation)
    {
        var state = settings.Roots.Probe(lease.Root);
        var hadContent = state.Empty && (await libraries.ListAsync(cancellation)).Any(l => l.Id == lease.Library && l.Counters.Images > 0);
        return state.IsHealthy(lease.Mount, hadContent);
    }

    /// <summary>What one listing has found so far.</summary>
    private sealed class Listing(Lease lease)
    {
        public Lease Lease { get; } = lease;
        public HashSet<ImageId> Images { get; } = [];
        public HashSet<CollectionId> Containers { get; } = [];
        public ListEnd? End { get; set; }
        public DecoderDiedException? Death { get; set; }
        public string? Decoder { get; set; }
        public bool Fenced { get; set; }

        /// <summary>What it is by its content, once anything of it was listed.</summary>
        public ContainerKind? Kind { get; set; }
        private bool LeftSome { get; set; }

        /// <summary>Why the container could not be read, or null.</summary>
        public string? Reason => End is { } end ? end.Reason : Death is { Reason: not (Jobs.Reason.Crashed or Jobs.Reason.DecoderHung) } death ? death.Reason : Jobs.Reason.ArchiveCrashed;

        /// <summary>It was read, but some of it, or the container itself, is still being written.</summary>
        public bool IsUnsettled => Reason is null && (LeftSome || End?.Version is null);

        public bool Settled(bool settled)
        {
            LeftSome |= !settled;
            return settled;
        }
    }

    [LoggerMessage(140, LogLevel.Warning, "{Root} is not the library root that it was: its work waits until it is back, or goes on elsewhere.")]
    private static partial void LogOffline(ILogger logger, string root);

    [LoggerMessage(141, LogLevel.Debug, "Listed {Path}: {Images} images, {Containers} containers, {End}.")]
    private static partial void LogListed(ILogger logger, string path, int images, int containers, string end);
}

/// <summary>What a scan needs beside its contracts.</summary>
public sealed record ScanSettings(
    IRootProbe Roots, Reach Reach, Settling Settling, RetryPolicy Retries, RefusedPaths Refused, DecodeLimits Limits, EngineOptions Options, Telemetry Telemetry, Signals Signals, TimeProvider Time,
    ILogger<ScanHandler> Logger)
{
    public BrakeLimits Brake { get; } = new(Options.BrakeImages, Options.BrakePercent);
}
