using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>One step of a scan of one container, within its transaction.</summary>
internal sealed class ScanChange(SqlSession sql, Job scan, CollectionRow container, ScanStep step, DateTimeOffset now)
{
    private readonly Counters _counters = new();
    private readonly List<long> _fresh = [];
    private readonly ContainerKind _kind = step.Kind ?? container.Kind;
    private readonly bool _sameMount = step.SameMount && container.IsOfMount;
    private int _added;
    private int _changed;
    private int _removed;

    public ScanAnswer Apply()
    {
        if (_kind != container.Kind) sql.Execute("UPDATE collections SET kind = $2 WHERE id = $1", container.Id, _kind);
        var images = step.Images.Select(Take).ToList();
        var containers = step.Containers.Select(Take).ToList();
        if (step is { Last: true, Reason: null }) RemoveUnseen(images, containers);
        foreach (var below in step.Look ?? []) BatchRows.AddScanItem(sql, scan.Id.Value, container.Library, scan.Class, below.Value);
        var reasonChanged = step.Last && End();
        _counters.Write(sql);

        var cover = SetCover();
        AddToDerive(cover);
        if (_added + _changed + _removed > 0 || reasonChanged) sql.Execute("UPDATE collections SET updated_at = $2 WHERE id = $1", container.Id, now);
        return new(true, [.. images.Select(i => new ImageId(i))], [.. containers.Select(c => new CollectionId(c))], _added, _changed, _removed);
    }

    private long Take(FoundImage found)
    {
        if ((ImageRows.Find(sql, container.Id, found) ?? Restored(found)) is not { } known) return Insert(found);
        if (!known.Version.Matches(found.Version, _sameMount) || WasNotRead(known))
        {
            ImageRows.Renew(sql, known, found.Version, _counters, now);
            _changed++;
            _fresh.Add(known.Id);
        }
        else
        {
            // The root is on another mount now: from here on its inodes count.
            if (known.Version.Inode != found.Version.Inode) sql.Execute("UPDATE images SET inode = $2 WHERE id = $1", known.Id, found.Version.Inode);
            if (known.State == ImageState.New && !ImageRows.IsPlanned(sql, known)) _fresh.Add(known.Id);
        }
        sql.Execute("UPDATE images SET name = $2, sort_key = $3 WHERE id = $1 AND (name <> $2 OR sort_key <> $3)", known.Id, found.Name, found.SortKey);
        return known.Id;
    }

    private ImageRow? Restored(FoundImage found)
    {
        var restored = Trash.Restore(sql, container, found, _counters);
        if (restored is not null) _added++;
        return restored;
    }

    /// <summary>It was gone or in motion when it was read, and is here now: its version alone would not bring it back.</summary>
    private static bool WasNotRead(ImageRow image) => image.Reason is { } reason && ImageRows.NotRead.Contains(reason);

    private long Insert(FoundImage found)
    {
        var id = sql.Number(
            """
            INSERT INTO images (library_id, collection_id, raw_name, occurrence, name, sort_key, size, stamp, inode)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id
            """,
            container.Library, container.Id, found.RawName.Bytes, found.Occurrence, found.Name, found.SortKey,
            found.Version.Size, found.Version.Stamp, found.Version.Inode)!.Value;
        _counters.Image(container.Library, container.Id, null, ImageState.New);
        _added++;
        _fresh.Add(id);
        return id;
    }

    private long Take(FoundContainer found)
    {
        var known = CollectionRows.Find(sql, container.Library, found.Path);
        var id = known?.Id ?? CollectionRows.Insert(sql, container.Library, container.Id, found.Kind, found.Path, found.Name, found.SortKey, now);
        if (known is not null && IsOther(known, found))
        {
            sql.Execute("UPDATE collections SET kind = $2, parent_id = $3, name = $4, search = $5, sort_key = $6 WHERE id = $1",
                id, KindOf(known, found), container.Id, found.Name, CollectionRows.Search(found.Path, found.Name), found.SortKey);
        }
        if (MustScan(known, found)) BatchRows.AddScanItem(sql, scan.Id.Value, container.Library, scan.Class, id);
        return id;
    }

    private bool IsOther(CollectionRow known, FoundContainer found) =>
        known.Kind != KindOf(known, found) || known.Parent != container.Id || known.Name != found.Name || !known.SortKey.AsSpan().SequenceEqual(found.SortKey);

    /// <summary>An archive's name says less than its listing said.</summary>
    private static ContainerKind KindOf(CollectionRow known, FoundContainer found) =>
        known.Kind == ContainerKind.Directory || found.Kind == ContainerKind.Directory ? found.Kind : known.Kind;

    /// <summary>A directory says nothing of what is below it: it is listed where its listing is not known, else whoever scans this one looks at it. An archive only where it can have changed.</summary>
    private bool MustScan(CollectionRow? known, FoundContainer found) =>
        found.Kind == ContainerKind.Directory ? known is null || !DirectoryRows.IsKnown(sql, known.Id) : known?.Version is not { } version || known.Kind != KindOf(known, found) || known.Revisit
        || !version.Matches(found.Version, _sameMount) || (known.Reason is { } reason && Reason.Of(reason).Retryable)
        || (known.HasUnmade && ImageRows.AnyToTakeUp(sql, known.Id));

    private void RemoveUnseen(List<long> images, List<long> containers)
    {
        var seenImages = (step.Seen?.Images ?? new HashSet<ImageId>()).Select(i => i.Value).Concat(images).ToHashSet();
        foreach (var image in sql.Query("SELECT id FROM images WHERE collection_id = $1", row => row.Long(0), container.Id))
        {
            if (seenImages.Contains(image)) continue;
            ImageRows.PutAway(sql, image, _counters, now);
            _removed++;
        }
        var seenContainers = (step.Seen?.Containers ?? new HashSet<CollectionId>()).Select(c => c.Value).Concat(containers).ToHashSet();
        foreach (var child in sql.Query("SELECT id FROM collections WHERE parent_id = $1", row => row.Long(0), container.Id))
        {
            if (!seenContainers.Contains(child)) _removed += CollectionRows.Remove(sql, child, now);
        }
    }

    /// <summary>True where the container's reason is another one now.</summary>
    private bool End()
    {
        if (step.Reason == Reason.NotSettled) CollectionRows.NoteForRevisit(sql, container.Id, now);
        if (step.Others is { } others) OtherFileRows.Set(sql, container.Library, container.Id, others);
        var version = step.Version ?? container.Version;
        if (version != container.Version)
        {
            sql.Execute("UPDATE collections SET size = $2, stamp = $3, inode = $4 WHERE id = $1",
                container.Id, version?.Size, version?.Stamp, version?.Inode);
        }
        if (step.Reason is null)
        {
            sql.Execute(
                """
                UPDATE collections SET listing = $2, mount_number = l.mount_number FROM libraries l
                WHERE collections.id = $1 AND l.id = $3 AND (listing IS NOT $2 OR collections.mount_number <> l.mount_number)
                """, container.Id, step.Listing, container.Library);
        }
        return CollectionRows.SetReason(sql, container.Id, step.Reason, step.Decoder, _counters);
    }

    private long? SetCover()
    {
        var cover = sql.Number("SELECT id FROM images WHERE collection_id = $1 ORDER BY sort_key, id LIMIT 1", container.Id);
        if (cover != container.Cover) sql.Execute("UPDATE collections SET cover_id = $2 WHERE id = $1", container.Id, cover);
        return cover;
    }

    private void AddToDerive(long? cover)
    {
        if (_kind.IsSequential() && !step.Last) return;
        var fresh = _kind.IsSequential() ? ImageRows.ToTakeUp(sql, container.Id) : _fresh;
        if (fresh.Count == 0 || JobRows.Child(sql, scan.Id.Value) is not { } child || JobRows.Get(sql, child) is not { IsOver: false } derive) return;
        if (derive.Scope.Presets.Count == 0) return;
        var planned = fresh.Select(id => new PlannedItem(
            id, new(container.Id), sql.Number("SELECT size FROM images WHERE id = $1", id) ?? 0, Cover: id == cover, _kind.IsSequential())).ToList();
        var added = BatchPlan.Cut(planned, derive.Class).Sum(batch => BatchRows.Insert(sql, child, container.Library, batch));
        if (added < planned.Count) NoteChangedAgain(child, planned);
        if (added > 0) sql.Execute("UPDATE jobs SET total = total + $2, version = $3 WHERE id = $1", child, added, sql.Next());
    }

    /// <summary>An image that this job has made already, and that changed since: the next scan's job makes it.</summary>
    private void NoteChangedAgain(long child, List<PlannedItem> planned)
    {
        if (!planned.Exists(p => sql.Number("SELECT 1 FROM items WHERE job_id = $1 AND item = $2 AND outcome IS NOT NULL", child, p.Item) is not null)) return;
        CollectionRows.NoteForRevisit(sql, container.Id, now);
    }
}
