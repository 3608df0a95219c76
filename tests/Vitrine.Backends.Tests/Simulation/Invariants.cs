using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>What always holds, seen in the rows after each step that changed some.</summary>
internal sealed class Invariants(Witness witness, World world, Disks disks)
{
    private readonly Dictionary<long, (Seen Job, long Version)> _jobs = [];
    private readonly Dictionary<(long Job, long Item), Outcome> _outcomes = [];

    public void Check(Rows rows, bool whole)
    {
        foreach (var job in rows.Jobs.Values) CheckJob(rows, job);
        CheckLeases(rows);
        CheckFolders(rows, whole);
        if (!whole) return;
        CheckItems(rows);
        CheckPictures(rows);
    }

    /// <summary>What holds beside these once faults have stopped and everything has ended.</summary>
    public void CheckEnd(Rows rows)
    {
        witness.Check(rows.Jobs.Values.All(job => job.IsOver), "A job is not over at the end.");
        witness.Check(!rows.Batches.Values.Any(batch => batch.State == BatchState.Leased), "A batch is leased at the end.");
        witness.Check(rows.Reservations.Values.Sum() == 0, "Room is reserved at the end.");
        witness.Check(!rows.Locks.Values.Any(held => held.Owner.StartsWith("job/", StringComparison.Ordinal)), "A job that is over holds a lock.");
    }

    private void CheckJob(Rows rows, SimJob job)
    {
        witness.Check(job.Accounted <= job.Total, $"Job {job.Id} accounted {job.Accounted} of {job.Total}.");
        if (job.IsOver) witness.Check(job.Accounted == job.Total, $"Job {job.Id} is {job.Status} with {job.Accounted} of {job.Total}.");
        if (job.Status == JobStatus.Completed) witness.Check(IsPlanned(rows, job), $"Job {job.Id} is Completed before it was planned.");

        var now = new Seen(job.Status, job.Holds, job.Class, job.Planned, job.Total, job.Completed, job.Skipped, job.Failed, job.Cancelled);
        if (_jobs.TryGetValue(job.Id, out var last) && last.Job != now)
        {
            var before = last.Job;
            witness.Check(job.Version > last.Version, $"Job {job.Id} changed, and its version did not grow.");
            witness.Check(before.Status < JobStatus.Completed, $"Job {job.Id} changed from {before} to {now} after it was over.");
            witness.Check(job.Status >= before.Status, $"Job {job.Id} went from {before.Status} to {job.Status}.");
        }
        _jobs[job.Id] = (now, job.Version);
    }

    private bool IsPlanned(Rows rows, SimJob job) => job switch
    {
        { Handler: Handler.Scan } => true,
        { OfScan: true, Parent: { } scan } => rows.Jobs[scan].IsOver,
        _ => job.Planned && witness.Planned.Contains(job.Id),
    };

    private void CheckLeases(Rows rows)
    {
        var tokens = new HashSet<long>();
        foreach (var batch in rows.Batches.Values)
        {
            witness.Check(batch.State == BatchState.Leased == (batch.Token is not null), $"Batch {batch.Id} is {batch.State} with token {batch.Token}.");
            if (batch.Token is { } token) witness.Check(tokens.Add(token), $"Token {token} is that of two batches.");
        }
        foreach (var ((token, _), bytes) in rows.Reservations) witness.Check(bytes == 0 || tokens.Contains(token), $"Room is reserved for the old token {token}.");
    }

    private void CheckFolders(Rows rows, bool whole)
    {
        foreach (var folder in rows.Folders.Values)
        {
            var reserved = rows.Reservations.Where(r => r.Key.Folder == folder.Id).Sum(r => r.Value);
            witness.Check(folder.Reserved == reserved, $"Folder {folder.Id}: {folder.Reserved} bytes reserved, counted {reserved}.");
            if (!whole) continue;
            var (blobs, bytes) = (0, 0L);
            foreach (var blob in rows.Blobs.Values.Where(blob => blob.Folder == folder.Id)) (blobs, bytes) = (blobs + 1, bytes + blob.Size);
            witness.Check(folder.Blobs == blobs && folder.Bytes == bytes, $"Folder {folder.Id}: {folder.Blobs} blobs, {folder.Bytes} bytes; counted {blobs}, {bytes}.");
        }
    }

    private void CheckItems(Rows rows)
    {
        var counts = rows.Jobs.Keys.ToDictionary(id => id, _ => new int[4]);
        foreach (var (key, item) in rows.Items)
        {
            counts[key.Job][item.Outcome is { } outcome ? (int)outcome : 3]++;
            if (_outcomes.TryGetValue(key, out var written)) witness.Check(item.Outcome == written, $"Item {key} was {written} and is {item.Outcome}.");
            else if (item.Outcome is { } first) _outcomes.Add(key, first);
            if (item.Outcome is not null || rows.Jobs[key.Job].IsOver) continue;
            witness.Check(rows.Batches.TryGetValue(item.Batch, out var batch) && batch.State < BatchState.Done, $"Item {key} is open, and its batch {item.Batch} is not.");
        }
        foreach (var job in rows.Jobs.Values)
        {
            var (done, skipped, failed, open) = (counts[job.Id][0], counts[job.Id][1], counts[job.Id][2], counts[job.Id][3]);
            if (job.Status == JobStatus.Failed) failed += open;
            var equal = job.Completed == done && job.Skipped == skipped && job.Failed == failed && job.Total == counts[job.Id].Sum()
                && job.Cancelled == (job.Status == JobStatus.Cancelled ? open : 0);
            witness.Check(equal, $"Job {job.Id} says {job.Completed}/{job.Skipped}/{job.Failed}/{job.Cancelled} of {job.Total}; its rows {done}/{skipped}/{failed}/{open}.");
        }
    }

    /// <summary>What an image is linked to was made of the version that is recorded, and lies on a disk as the row says.</summary>
    private void CheckPictures(Rows rows)
    {
        foreach (var ((id, preset), blob) in rows.Links)
        {
            var there = rows.Images.TryGetValue(id, out var image) && rows.Blobs.ContainsKey(blob.Key);
            witness.Check(there, $"A link of image {id} leads nowhere.");
            if (!there) continue;
            witness.Check(blob.Key == Contents.KeyOf(world.ContentOf(image!.Version), preset), $"Image {id} shows a stale {preset}.");
        }
        foreach (var blob in rows.Blobs.Values)
        {
            var stored = disks.Folders[rows.Folders[blob.Folder].Path].Blobs.GetValueOrDefault(blob.Name);
            witness.Check(stored is not null, $"Blob {blob.Name} has a row and no file.");
            witness.Check(stored is null || stored.Length == blob.Size, $"Blob {blob.Name} has {blob.Size} bytes in its row, and {stored?.Length} in its file.");
        }
    }

    private readonly record struct Seen(
        JobStatus Status, Holds Holds, BatchClass Class, bool Planned, long Total, long Completed, long Skipped, long Failed, long Cancelled);
}
