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

    /// <summary>Directories in one question to the decoder and to the store.</summary>
    private const int GroupSize = 64;

    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(1);

    /// <summary>Whether the lease's own directory lists what is recorded, with nothing left to do in it.</summary>
    public async Task<bool> IsUnchangedAsync(HeldLease held, DecoderRental rental) =>
        (await UnchangedAsync(held, rental, await libraries.DirectoriesAsync([held.Lease.Collection], below: false, held.Lost))).Count > 0;

    /// <summary>Looks at all that is below the lease's directory. False: the lease is no longer ours.</summary>
    public async Task<bool> GoAsync(HeldLease held, DecoderRental rental)
    {
        var began = settings.Time.GetTimestamp();
        var open = new Stack<KnownDirectory>();
        var look = new List<CollectionId>();
        await PushAsync([held.Lease.Collection]);
        for (var seen = 0; open.Count > 0;)
        {
            var group = new List<KnownDirectory>();
            while (group.Count < GroupSize && open.TryPop(out var directory)) group.Add(directory);
            var goesOn = seen < MaxDirectories && !held.Stop.IsCancellationRequested && settings.Time.GetElapsedTime(began) < MaxTime;
            seen += group.Count;
            var unchanged = goesOn ? await UnchangedAsync(held, rental, group) : [];
            look.AddRange(group.Select(directory => directory.Id).Except(unchanged));
            if (look.Count >= StepSize && !await FlushAsync()) return false;
            if (unchanged.Count > 0) await PushAsync(unchanged);
        }
        return look.Count == 0 || await FlushAsync();

        async Task PushAsync(IReadOnlyCollection<CollectionId> parents)
        {
            foreach (var child in (await libraries.DirectoriesAsync(parents, below: true, held.Lost)).Reverse()) open.Push(child);
        }

        async Task<bool> FlushAsync()
        {
            var answer = await libraries.ApplyAsync(held.Lease, new(held.Lease.Collection, [], [], SameMount: true, Look: [.. look]), held.Lost);
            look.Clear();
            settings.Signals.Work.Ring();
            return answer.Accepted;
        }
    }

    /// <summary>Those of the directories that list what is recorded. One that does not is its own item's to list, group by group as it is applied.</summary>
    private async Task<IReadOnlyList<CollectionId>> UnchangedAsync(HeldLease held, DecoderRental rental, IReadOnlyList<KnownDirectory> directories)
    {
        var lease = held.Lease;
        var listed = directories.Where(directory => directory.Listing is not null).ToList();
        if (lease.Force || listed.Count == 0 || !rental.Decoder.Ready) return [];
        var request = new CompareRequest(lease.Root, listed.ConvertAll(directory => new RecordedListing(directory.Path.Bytes, directory.Listing!)), lease.Exclude, settings.Limits);
        try
        {
            await foreach (var frame in rental.Decoder.AskAsync(request, settings.Limits, held.Lost))
            {
                if (frame.Message is CompareEnd end) return [.. end.Same.Select(at => listed[at].Id)];
            }
        }
        catch (DecoderDiedException)
        {
            settings.Telemetry.DecoderDeaths.Add();
        }
        return [];
    }
}
