using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Libraries;

/// <summary>
/// Goes through directories whose listings are recorded, and finds those where something changed, in one decoder and under one lease: what is unchanged costs
/// its listing and no row. A walk is short: what it does not come to becomes items of the scan, which walk on, also on other nodes.
/// </summary>
internal sealed class TreeWalk(ILibraryStore libraries, ScanSettings settings)
{
    private const int MaxDirectories = 4096;
    private const int StepSize = 500;
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(1);

    /// <summary>Whether the lease's own directory lists what is recorded, with nothing left to do in it.</summary>
    public async Task<bool> IsUnchangedAsync(HeldLease held, DecoderRental rental)
    {
        var known = await libraries.DirectoriesAsync(held.Lease.Collection, held.Lost);
        return known.Count > 0 && await IsUnchangedAsync(held, rental, known[0]);
    }

    /// <summary>Looks at all that is below the lease's directory. False: the lease is no longer ours.</summary>
    public async Task<bool> GoAsync(HeldLease held, DecoderRental rental)
    {
        var began = settings.Time.GetTimestamp();
        var open = new Stack<KnownDirectory>();
        var look = new List<CollectionId>();
        await PushAsync(held.Lease.Collection);
        for (var seen = 0; open.TryPop(out var directory); seen++)
        {
            var goesOn = seen < MaxDirectories && !held.Stop.IsCancellationRequested && settings.Time.GetElapsedTime(began) < MaxTime;
            if (goesOn && await IsUnchangedAsync(held, rental, directory)) await PushAsync(directory.Id);
            else look.Add(directory.Id);
            if (look.Count == StepSize && !await FlushAsync()) return false;
        }
        return look.Count == 0 || await FlushAsync();

        async Task PushAsync(CollectionId parent)
        {
            foreach (var child in (await libraries.DirectoriesAsync(parent, held.Lost)).Skip(1).Reverse()) open.Push(child);
        }

        async Task<bool> FlushAsync()
        {
            var answer = await libraries.ApplyAsync(held.Lease, new(held.Lease.Collection, [], [], SameMount: true, Look: [.. look]), held.Lost);
            look.Clear();
            settings.Signals.Work.Ring();
            return answer.Accepted;
        }
    }

    private async Task<bool> IsUnchangedAsync(HeldLease held, DecoderRental rental, KnownDirectory directory)
    {
        if (held.Lease.Force || directory.Listing is not { } listing || !rental.Decoder.Ready) return false;
        var lease = held.Lease;
        var request = new ListRequest(new(lease.Root, directory.Path.Bytes, ContainerKind.Directory, null), lease.Exclude, settings.Limits, ScanHandler.GroupSize, listing);
        var same = false;
        try
        {
            // A changed one is listed to its end and thrown away: its item lists it again, group by group as it is applied.
            await foreach (var frame in rental.Decoder.AskAsync(request, settings.Limits, held.Lost))
            {
                if (frame.Message is ListEnd end) same = end.Same;
            }
        }
        catch (DecoderDiedException)
        {
            settings.Telemetry.DecoderDeaths.Add();
            return false;
        }
        return same;
    }
}
