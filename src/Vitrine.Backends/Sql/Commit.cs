using System.Text.Json;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>
/// One accepted commit, within its transaction: what all results need to know is read at once, they are applied one by one in memory, then <see cref="End"/> writes
/// what they add up to. So its round trips do not depend on how many they are.
/// </summary>
internal sealed class Commit
{
    private readonly SqlSession _sql;
    private readonly Lease _lease;
    private readonly BatchRow _batch;
    private readonly DateTimeOffset _now;
    private readonly Counters _counters = new();
    private readonly LinkRows _links;
    private readonly LeaseRoom _room;
    private readonly FileTaking _files;
    private readonly Dictionary<long, WorkItem> _leased;
    private readonly List<long> _open = [];
    private readonly HashSet<string> _settled = [];
    private readonly HashSet<long> _revisit = [];
    private readonly List<ItemResult> _ended = [];
    private HashSet<long> _pending = [];
    private Dictionary<long, ImageRow> _images = [];
    private OutcomeCounts _counts;

    public Commit(SqlSession sql, Lease lease, BatchRow batch, DateTimeOffset now)
    {
        (_sql, _lease, _batch, _now) = (sql, lease, batch, now);
        var blobs = new BlobRows(sql, _counters, now);
        _links = new(sql, _counters, blobs);
        _room = new(sql, lease.Token.Value);
        _files = new(sql, blobs, _room);
        _leased = lease.Items.ToDictionary(i => i.Item);
    }

    /// <summary>Nothing ended, and yet the batch goes on: much of a sequential container was passed over.</summary>
    public void NoteProgress()
    {
        _sql.Send("UPDATE batches SET progressed_at = $2 WHERE id = $1", _batch.Id, _now);
        _sql.Send("UPDATE jobs SET last_progress_at = $2, version = $3 WHERE id = $1", _batch.Job, _now, _sql.Next());
    }

    public void Apply(IReadOnlyList<ItemResult> results)
    {
        if (results.Count == 0) return;
        if (_batch.Job is { } job) _pending = BatchRows.OpenOf(_sql, job, _batch.Id, results.Select(result => result.Item));
        if (_lease.Handler != Handler.Scan) Read(results);
        foreach (var result in results) Apply(result);
    }

    public CommitAnswer End(Holds holds)
    {
        _room.Write();
        _links.Write();
        _counters.Write(_sql);
        foreach (var collection in _revisit) CollectionRows.NoteForRevisit(_sql, collection, _now);
        if (_batch.Job is { } job)
        {
            BatchRows.SetOutcomes(_sql, job, _batch.Id, _ended, _now);
            JobRows.Account(_sql, job, _counts, _now);
        }
        if (_counts.Sum > 0) _sql.Send("UPDATE batches SET deaths = 0, one_by_one = 0, in_hand = NULL, progressed_at = $2 WHERE id = $1", _batch.Id, _now);
        if (_batch.Job is not null) BatchRows.CloseWhenOver(_sql, _batch, _lease.Handler, _now);
        else if (_counts.Sum > 0) EndOnDemand();
        return new(holds == Holds.None ? CommitState.Accepted : CommitState.Held, _files.Unused(), _open);
    }

    private void Read(IReadOnlyList<ItemResult> results)
    {
        var open = results.Where(result => IsOpen(result.Item)).ToList();
        if (open.Count == 0) return;
        _images = ImageRows.Get(_sql, open.Select(result => result.Item));
        var made = open.SelectMany(result => result.Derivatives ?? []).ToList();
        _files.Read(made, _lease.Force);
        if (made.Count > 0) _links.Read(_images.Keys);
    }

    private void Apply(ItemResult result)
    {
        if (!IsOpen(result.Item)) Refuse(result);
        else if (result.RetryAfter is { } pause && _batch.Job is { } job) BatchRows.SetRetry(_sql, job, result, pause, _now);
        else if (_lease.Handler == Handler.Scan) ApplyContainer(result);
        else ApplyImage(result);
    }

    private bool IsOpen(long item) => _batch.Job is null ? _batch.Image == item && _counts.Sum == 0 : _pending.Contains(item);

    private void ApplyContainer(ItemResult result)
    {
        if (result.Outcome == Outcome.Failed) CollectionRows.SetReason(_sql, result.Item, result.Reason, result.DecoderVersion, _counters);
        Account(result);
    }

    private void ApplyImage(ItemResult result)
    {
        if (!_images.TryGetValue(result.Item, out var image))
        {
            Refuse(result);
            Account(result with { Outcome = Outcome.Skipped, Reason = Reason.Removed, Message = null });
            return;
        }
        if (HasChanged(image, result))
        {
            Refuse(result);
            _revisit.Add(image.Collection);
            if (IsAsLeased(image)) ImageRows.SetState(_sql, image, ImageState.Skipped, Reason.SourceChanged, result.DecoderVersion, _counters);
            Account(result with { Outcome = Outcome.Skipped, Reason = Reason.SourceChanged });
            return;
        }
        var made = result.Derivatives ?? [];
        if (made.Any(d => d.File is null && !_files.Has(d.Key)))
        {
            Refuse(result);
            if (!_open.Contains(result.Item)) _open.Add(result.Item);
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
            if (_files.Take(derivative, _lease.Force) is { } blob) _links.Set(image, derivative.Preset, blob);
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
        var more = SqlJson.Texts(_batch.Presets!).Except(leased).Except(present).Except(_settled).Any();
        if (more && _counts.Done > 0) BatchRows.MakeReady(_sql, _batch, _now);
        else BatchRows.Close(_sql, _batch);
    }

    private void Account(ItemResult result)
    {
        _pending.Remove(result.Item);
        _ended.Add(result);
        _counts = _counts.With(result.Outcome);
    }

    private void Refuse(ItemResult result) => _files.Refuse(result.Derivatives ?? []);

    private static ImageState StateAfter(Outcome outcome) => outcome switch
    {
        Outcome.Done => ImageState.Ready,
        Outcome.Skipped => ImageState.Skipped,
        _ => ImageState.Failed,
    };
}
