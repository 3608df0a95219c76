using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation.Model;

internal sealed class LedgerModel(StoreModel model, JobRules jobs, BatchRules rules) : ILedger
{
    public Task<CommitAnswer> CommitAsync(Lease lease, IReadOnlyList<ItemResult> results, CancellationToken cancellation) => Task.FromResult(Commit(lease, results));

    /// <summary>It keeps no counters but those of jobs and folders, and the simulation recounts these.</summary>
    public Task<Audit> AuditAsync(CancellationToken cancellation) =>
        Task.FromResult(new Audit(model.Rows.Images.Count, model.Rows.Links.Count, model.Rows.Blobs.Count, []));

    private CommitAnswer Commit(Lease lease, IReadOnlyList<ItemResult> results)
    {
        var batch = model.Has(Plant.NoFence) ? model.Rows.Batches.GetValueOrDefault(lease.Batch.Value) : rules.OfToken(lease.Token);
        var job = batch is null ? null : model.Rows.Jobs[batch.Job];
        if (batch is null || job is null || batch.Id != lease.Batch.Value || job.IsOver)
            return new(CommitState.Fenced, [.. results.SelectMany(r => r.Derivatives ?? []).Select(d => d.File).OfType<BlobFile>()], []);

        model.Changed();
        var group = new Group(lease, batch, job, model.Rows);
        if (results.Count == 0 && lease.Items.Count > 0) (batch.ProgressedAt, job.LastProgressAt, job.Version) = (model.Now, model.Now, model.Next());
        foreach (var result in results) Apply(group, result);
        jobs.Account(job, group.Done, group.Skipped, group.Failed);
        if (group.Done + group.Skipped + group.Failed > 0)
            (batch.Deaths, batch.OneByOne, batch.InHand, batch.ProgressedAt) = (0, false, null, model.Now);
        rules.CloseWhenOver(batch);
        return new(job.Holds == Holds.None ? CommitState.Accepted : CommitState.Held, group.Unused, group.Open);
    }

    private void Apply(Group group, ItemResult result)
    {
        var item = model.Rows.Items.GetValueOrDefault((group.Job.Id, result.Item));
        if (item is null || item.Batch != group.Batch.Id || (item.Outcome is not null && !model.Has(Plant.CountTwice)))
        {
            group.Refuse(result);
        }
        else if (result.RetryAfter is { } pause)
        {
            (item.Reason, item.Attempts, item.NotBefore) = (result.Reason, result.Attempts, model.Now + pause);
        }
        else if (group.Job.Handler == Handler.Scan)
        {
            if (result.Outcome == Outcome.Failed && model.Rows.Collections.GetValueOrDefault(result.Item) is { } container) container.Reason = result.Reason;
            group.Account(item, result.Outcome, result);
        }
        else
        {
            ApplyImage(group, item, result);
        }
    }

    private void ApplyImage(Group group, SimItem item, ItemResult result)
    {
        if (model.Rows.Images.GetValueOrDefault(result.Item) is not { } image)
        {
            group.Refuse(result);
            group.Account(item, Outcome.Skipped, result with { Reason = Reason.Removed });
            return;
        }
        if (HasChanged(group, image, result) && !model.Has(Plant.AnyVersion))
        {
            group.Refuse(result);
            model.NoteForRevisit(model.Rows.Collections[image.Collection]);
            if (group.IsAsLeased(image)) (image.State, image.Reason) = (ImageState.Skipped, Reason.SourceChanged);
            group.Account(item, Outcome.Skipped, result with { Reason = Reason.SourceChanged });
            return;
        }
        foreach (var made in result.Derivatives ?? []) Link(group, image, made);
        group.Account(item, result.Outcome, result);
        if (result is { Outcome: Outcome.Skipped, Reason: Reason.InProgress or Reason.Present }) return;
        (image.State, image.Reason) = result.Outcome switch
        {
            Outcome.Done => (ImageState.Ready, (string?)null),
            Outcome.Skipped => (ImageState.Skipped, result.Reason),
            _ => (ImageState.Failed, result.Reason),
        };
    }

    private static bool HasChanged(Group group, SimImage image, ItemResult result) =>
        result.Reason == Reason.SourceChanged
        || (result.VersionRead is { } read ? !image.Version.Matches(read, sameMount: false) : !group.IsAsLeased(image));

    private void Link(Group group, SimImage image, MadeDerivative made)
    {
        var file = made.File!;
        var known = model.Rows.Blobs.GetValueOrDefault(made.Key.Hex);
        if (known is not null && (!group.Lease.Force || known.Name == file.Name))
        {
            if (known.Name != file.Name) group.Unused.Add(file);
        }
        else
        {
            if (!TakeRoom(group.Lease.Token, file))
            {
                group.Unused.Add(file);
                return;
            }
            known = known is null ? Insert(made, file) : Replace(group, known, file);
        }
        model.Rows.Links[(image.Id, made.Preset.Name)] = known;
    }

    private bool TakeRoom(LeaseToken lease, BlobFile file)
    {
        var folder = model.Rows.Folders[file.Folder.Value];
        var place = (lease.Value, folder.Id);
        var used = Math.Min(model.Rows.Reservations.GetValueOrDefault(place), file.Size);
        if (used < file.Size && folder.Bytes + folder.Reserved + file.Size - used > folder.Limit) return false;
        if (used > 0) model.Rows.Reservations[place] -= used;
        (folder.Blobs, folder.Bytes, folder.Reserved) = (folder.Blobs + 1, folder.Bytes + file.Size, folder.Reserved - used);
        return true;
    }

    private SimBlob Insert(MadeDerivative made, BlobFile file) =>
        model.Rows.Blobs[made.Key.Hex] = new() { Key = made.Key.Hex, Folder = file.Folder.Value, Name = file.Name, Size = file.Size };

    private SimBlob Replace(Group group, SimBlob known, BlobFile file)
    {
        group.Unused.Add(new(new(known.Folder), known.Name, known.Size, ""));
        var old = model.Rows.Folders[known.Folder];
        (old.Blobs, old.Bytes) = (old.Blobs - 1, old.Bytes - known.Size);
        (known.Folder, known.Name, known.Size) = (file.Folder.Value, file.Name, file.Size);
        return known;
    }

    /// <summary>What one commit adds up to.</summary>
    private sealed class Group(Lease lease, SimBatch batch, SimJob job, Rows rows)
    {
        public Lease Lease => lease;
        public SimBatch Batch => batch;
        public SimJob Job => job;
        public List<BlobFile> Unused { get; } = [];
        public List<long> Open { get; } = [];
        public int Done { get; private set; }
        public int Skipped { get; private set; }
        public int Failed { get; private set; }

        public void Refuse(ItemResult result) => Unused.AddRange((result.Derivatives ?? []).Select(d => d.File).OfType<BlobFile>()
            .Where(file => !rows.Blobs.Values.Any(blob => blob.Folder == file.Folder.Value && blob.Name == file.Name)));

        public bool IsAsLeased(SimImage image) =>
            lease.Items.FirstOrDefault(i => i.Item == image.Id) is not { } leased || image.Version.Matches(leased.Version, sameMount: false);

        public void Account(SimItem item, Outcome outcome, ItemResult result)
        {
            (item.Outcome, item.Reason, item.Attempts, item.NotBefore) = (outcome, result.Reason, result.Attempts, null);
            if (outcome == Outcome.Done) Done++;
            else if (outcome == Outcome.Skipped) Skipped++;
            else Failed++;
        }
    }
}
