using System.Text.Json;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>One accepted commit, within its transaction: results are applied one by one, then <see cref="End"/> writes what they add up to.</summary>
internal sealed class Commit
{
    private readonly SqlSession _sql;
    private readonly Lease _lease;
    private readonly BatchRow _batch;
    private readonly DateTimeOffset _now;
    private readonly Counters _counters = new();
    private readonly BlobRows _blobs;
    private readonly Dictionary<long, WorkItem> _leased;
    private readonly HashSet<long> _open = [];
    private readonly HashSet<string> _settled = [];
    private OutcomeCounts _counts;

    public Commit(SqlSession sql, Lease lease, BatchRow batch, DateTimeOffset now)
    {
        (_sql, _lease, _batch, _now) = (sql, lease, batch, now);
        _blobs = new(sql, lease.Token, _counters, now);
        _leased = lease.Items.ToDictionary(i => i.Item);
    }

    /// <summary>Nothing ended, and yet the batch goes on: much of a sequential container was passed over.</summary>
    public void NoteProgress()
    {
        _sql.Execute("UPDATE batches SET progressed_at = $2 WHERE id = $1", _batch.Id, _now);
        _sql.Execute("UPDATE jobs SET last_progress_at = $2, version = $3 WHERE id = $1", _batch.Job, _now, _sql.Next());
    }

    public void Apply(ItemResult result)
    {
        if (!IsOpen(result.Item)) Refuse(result);
        else if (result.RetryAfter is { } pause && _batch.Job is { } job) BatchRows.SetRetry(_sql, job, result, pause, _now);
        else if (_lease.Handler == Handler.Scan) ApplyContainer(result);
        else ApplyImage(result);
    }

    public CommitAnswer End(Holds holds)
    {
        _counters.Write(_sql);
        if (_batch.Job is { } job) JobRows.Account(_sql, job, _counts, _now);
        if (_counts.Sum > 0) _sql.Execute("UPDATE batches SET deaths = 0, one_by_one = 0, in_hand = NULL, progressed_at = $2 WHERE id = $1", _batch.Id, _now);
        if (_batch.Job is not null) BatchRows.CloseWhenOver(_sql, _batch, _lease.Handler, _now);
        else if (_counts.Sum > 0) EndOnDemand();
        return new(holds == Holds.None ? CommitState.Accepted : CommitState.Held, _blobs.Unused, [.. _open]);
    }

    private bool IsOpen(long item) => _batch.Job is { } job
        ? _sql.Number("SELECT 1 FROM items WHERE job_id = $1 AND item = $2 AND batch_id = $3 AND outcome IS NULL", job, item, _batch.Id) is not null
        : _batch.Image == item && _counts.Sum == 0;

    private void ApplyContainer(ItemResult result)
    {
        if (result.Outcome == Outcome.Failed) CollectionRows.SetReason(_sql, result.Item, result.Reason, result.DecoderVersion, _counters);
        Account(result);
    }

    private void ApplyImage(ItemResult result)
    {
        if (ImageRows.Get(_sql, result.Item) is not { } image)
        {
            Refuse(result);
            Account(result with { Outcome = Outcome.Skipped, Reason = Reason.Removed, Message = null });
            return;
        }
        if (HasChanged(image, result))
        {
            Refuse(result);
            CollectionRows.NoteForRevisit(_sql, image.Collection, _now);
            if (IsAsLeased(image)) ImageRows.SetState(_sql, image, ImageState.Skipped, Reason.SourceChanged, result.DecoderVersion, _counters);
            Account(result with { Outcome = Outcome.Skipped, Reason = Reason.SourceChanged });
            return;
        }
        var made = result.Derivatives ?? [];
        if (made.Any(d => d.File is null && !_blobs.Has(d.Key)))
        {
            Refuse(result);
            _open.Add(result.Item);
            return;
        }
        AlertRows.OriginalRead(_sql, image, result, _now);
        Write(image, result, made);
        Account(result);
    }

    private void Write(ImageRow image, ItemResult result, IReadOnlyList<MadeDerivative> made)
    {
        var cost = result.Cost / Math.Max(1, made.Count(derivative => derivative.File is not null));
        foreach (var derivative in made)
        {
            if (_blobs.Take(derivative, _lease.Force) is { } blob) Links.Set(_sql, image, derivative.Preset, blob, _counters, _now);
            if (derivative.File is not null && cost > TimeSpan.Zero) _counters.Made(image.Library, derivative.Preset.Name, cost);
            _settled.Add(derivative.Preset.Name);
        }
        foreach (var preset in result.NoRoom ?? []) _settled.Add(preset);
        // There was nothing to do, or another job does it: the image stays what it is.
        var reason = result.Outcome == Outcome.Done ? null : result.Reason;
        var after = result is { Outcome: Outcome.Skipped, Reason: Reason.InProgress or Reason.Present }
            ? image
            : image.As(StateAfter(result.Outcome), reason, result.DecoderVersion);
        ImageRows.Set(_sql, image, after, result.Facts, _counters);
    }

    /// <summary>
    /// The inode is left out: a root that moved to another mount keeps its versions otherwise, and within one read the decoder has
    /// compared all three.
    /// </summary>
    private bool HasChanged(ImageRow image, ItemResult result) =>
        result.Reason is Reason.SourceChanged or Reason.SourceLink
        || (result.VersionRead is { } read ? !image.Version.Matches(read, sameMount: false) : !IsAsLeased(image));

    private bool IsAsLeased(ImageRow image) =>
        !_leased.TryGetValue(image.Id, out var leased) || image.Version.Matches(leased.Version, sameMount: false);

    /// <summary>Presets that were asked for after the lease was given are a reason to go on.</summary>
    private void EndOnDemand()
    {
        var leased = _leased.GetValueOrDefault(_batch.Image!.Value)?.Presets.Select(preset => preset.Name) ?? [];
        var present = _sql.Query("SELECT preset FROM derivatives WHERE image_id = $1", row => row.Text(0), _batch.Image);
        var more = JsonSerializer.Deserialize<string[]>(_batch.Presets!)!.Except(leased).Except(present).Except(_settled).Any();
        if (more && _counts.Done > 0) BatchRows.MakeReady(_sql, _batch, _now);
        else BatchRows.Close(_sql, _batch);
    }

    private void Account(ItemResult result)
    {
        if (_batch.Job is { } job) BatchRows.SetOutcome(_sql, job, result, _now);
        _counts = _counts.With(result.Outcome);
    }

    /// <summary>Its files go, but for those that a row names: a result that comes twice brings the files that were taken the first time.</summary>
    private void Refuse(ItemResult result) =>
        _blobs.Unused.AddRange((result.Derivatives ?? []).Select(d => d.File).OfType<BlobFile>().Where(file => !_blobs.IsTaken(file)));

    private static ImageState StateAfter(Outcome outcome) => outcome switch
    {
        Outcome.Done => ImageState.Ready,
        Outcome.Skipped => ImageState.Skipped,
        _ => ImageState.Failed,
    };
}
