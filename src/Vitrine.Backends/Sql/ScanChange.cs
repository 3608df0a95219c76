using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>A step of a scan of one container, within its transaction: what it changes is read for all that it found at once, and written so.</summary>
internal sealed record ScanScene(SqlSession Sql, Job Scan, CollectionRow Container, ScanStep Step, DateTimeOffset Now)
{
    public ContainerKind Kind => Step.Kind ?? Container.Kind;

    public bool SameMount => Step.SameMount && Container.IsOfMount;
}

/// <summary>Applies one step of a scan.</summary>
internal sealed class ScanChange
{
    private readonly SqlSession _sql;
    private readonly ScanScene _scene;
    private readonly Counters _counters = new();
    private readonly PendingChanges _pending;
    private readonly ScanImages _images;
    private int _removed;

    public ScanChange(ScanScene scene)
    {
        (_scene, _sql) = (scene, scene.Sql);
        _pending = new(_sql, scene.Scan.Id.Value, scene.Container, scene.Step.Brake ?? BrakeLimits.Off, scene.Now);
        _images = new(scene, _pending, _counters);
    }

    private CollectionRow Container => _scene.Container;

    private ScanStep Step => _scene.Step;

    public ScanAnswer Apply()
    {
        if (!Step.Last && Step.Images.Count + Step.Containers.Count > 0) Begin();
        if (_scene.Kind != Container.Kind) _sql.Send("UPDATE collections SET kind = $2 WHERE id = $1", Container.Id, _scene.Kind);
        var images = _images.Take();
        var containers = new ScanContainers(_scene, _pending).Take();
        if (Step is { Last: true, Reason: null }) NoteUnseen(images, containers);
        BatchRows.AddScanItems(_sql, _scene.Scan.Id.Value, Container.Library, _scene.Scan.Class, [.. (Step.Look ?? []).Select(below => below.Value)]);
        var reasonChanged = Step.Last && End();
        _counters.Write(_sql);

        var cover = CollectionRows.SetCover(_sql, Container);
        AddToDerive(cover);
        if (_images.Added + _images.Changed + _images.Renamed > 0 || reasonChanged) _sql.Send("UPDATE collections SET updated_at = $2 WHERE id = $1", Container.Id, _scene.Now);
        return new(true, [.. images.Select(i => new ImageId(i))], [.. containers.Select(c => new CollectionId(c))], _images.Added, _images.Changed, _removed);
    }

    /// <summary>
    /// By what was recorded of it the container would count as unchanged: no more, until a listing comes to its end. This one may be older than what was recorded, and never end.
    /// </summary>
    private void Begin()
    {
        if (Container.Version is null) return;
        _sql.Send(Container.Kind == ContainerKind.Directory
            ? "UPDATE collections SET listing = NULL WHERE id = $1 AND listing IS NOT NULL"
            : "UPDATE collections SET size = NULL, stamp = NULL, inode = NULL WHERE id = $1", Container.Id);
    }

    private void NoteUnseen(List<long> images, List<long> containers)
    {
        var seenImages = (Step.Seen?.Images ?? new HashSet<ImageId>()).Select(i => i.Value).Concat(images).ToHashSet();
        var recorded = _sql.Query("SELECT id FROM images WHERE collection_id = $1", row => row.Long(0), Container.Id);
        _removed += _pending.NoteGone(recorded.FindAll(image => !seenImages.Contains(image)));

        var seenContainers = (Step.Seen?.Containers ?? new HashSet<CollectionId>()).Select(c => c.Value).Concat(containers).ToHashSet();
        var children = _sql.Query("SELECT id FROM collections WHERE parent_id = $1", row => row.Long(0), Container.Id);
        _removed += _pending.NoteContainersGone(children.FindAll(child => !seenContainers.Contains(child)));
        _pending.EndListing();
    }

    /// <summary>True where the container's reason is another one now.</summary>
    private bool End()
    {
        if (Step.Reason == Reason.NotSettled) CollectionRows.NoteForRevisit(_sql, Container.Id, _scene.Now);
        if (Step.Others is { } others) OtherFileRows.Set(_sql, Container.Library, Container.Id, others);
        var version = Step.Version ?? Container.Version;
        if (version != Container.Version)
        {
            _sql.Send("UPDATE collections SET size = $2, stamp = $3, inode = $4 WHERE id = $1", Container.Id, version?.Size, version?.Stamp, version?.Inode);
        }
        if (Step.Reason is null)
        {
            _sql.Send(
                """
                UPDATE collections SET listing = $2, mount_number = l.mount_number FROM libraries l
                WHERE collections.id = $1 AND l.id = $3 AND (listing IS DISTINCT FROM $2 OR collections.mount_number <> l.mount_number)
                """, Container.Id, Step.Listing, Container.Library);
        }
        return CollectionRows.SetReason(_sql, Container.Id, Step.Reason, Step.Decoder, _counters);
    }

    private List<long> OfWholeContainer() => _scene.Scan.Scope.Force
        ? _sql.Query("SELECT id FROM images WHERE collection_id = $1 AND id NOT IN (SELECT image_id FROM pending_images WHERE collection_id = $1) ORDER BY sort_key, id", row => row.Long(0), Container.Id)
        : ImageRows.ToTakeUp(_sql, Container.Id);

    private void AddToDerive(long? cover)
    {
        var sequential = _scene.Kind.IsSequential();
        if (sequential && !Step.Last) return;
        ScanDerive.Add(_sql, _scene.Scan.Id.Value, Container with { Kind = _scene.Kind }, cover, sequential ? OfWholeContainer() : _images.Fresh, _scene.Now);
    }
}
