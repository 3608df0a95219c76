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
    private readonly PendingChanges _pending = new(sql, scan.Id.Value, container, step.Brake ?? BrakeLimits.Off, now);
    private int _added;
    private int _changed;
    private int _removed;

    public ScanAnswer Apply()
    {
        if (_kind != container.Kind) sql.Execute("UPDATE collections SET kind = $2 WHERE id = $1", container.Id, _kind);
        var images = step.Images.Select(Take).ToList();
        var containers = step.Containers.Select(Take).ToList();
        if (step is { Last: true, Reason: null }) NoteUnseen(images, containers);
        foreach (var below in step.Look ?? []) BatchRows.AddScanItem(sql, scan.Id.Value, container.Library, scan.Class, below.Value);
        var reasonChanged = step.Last && End();
        _counters.Write(sql);

        var cover = CollectionRows.SetCover(sql, container);
        AddToDerive(cover);
        if (_added + _changed > 0 || reasonChanged) sql.Execute("UPDATE collections SET updated_at = $2 WHERE id = $1", container.Id, now);
        return new(true, [.. images.Select(i => new ImageId(i))], [.. containers.Select(c => new CollectionId(c))], _added, _changed, _removed);
    }

    private long Take(FoundImage found)
    {
        if ((ImageRows.Find(sql, container.Id, found) ?? Restored(found)) is not { } known) return Insert(found);
        if (known.Version.Matches(found.Version, _sameMount) && !WasNotRead(known)) TakeUnchanged(known, found);
        else if (!IsRedo(known, found.Version)) Renew(known, found);
        else if (_pending.NoteChanged(known.Id, found.Version)) _changed++;
        sql.Execute("UPDATE images SET name = $2, sort_key = $3 WHERE id = $1 AND (name <> $2 OR sort_key <> $3)", known.Id, found.Name, found.SortKey);
        return known.Id;
    }

    private void TakeUnchanged(ImageRow known, FoundImage found)
    {
        _pending.KeepImage(known.Id);
        // The root is on another mount now: from here on its inodes count.
        if (known.Version.Inode != found.Version.Inode) sql.Execute("UPDATE images SET inode = $2 WHERE id = $1", known.Id, found.Version.Inode);
        if (scan.Scope.Force || (known.State == ImageState.New && !ImageRows.IsPlanned(sql, known))) _fresh.Add(known.Id);
    }

    private void Renew(ImageRow known, FoundImage found)
    {
        _pending.KeepImage(known.Id);
        ImageRows.Renew(sql, known, found.Version, _counters, now);
        _changed++;
        _fresh.Add(known.Id);
    }

    /// <summary>
    /// Whether what was made of it is lost for sure: another size, or for an entry another CRC. A file of the same size may only have been touched; it is read,
    /// and linked where it is what it was.
    /// </summary>
    private bool IsRedo(ImageRow known, SourceVersion found) =>
        known.State == ImageState.Ready && (known.Version.Size != found.Size || (_kind != ContainerKind.Directory && known.Version.Stamp != found.Stamp));

    private ImageRow? Restored(FoundImage found)
    {
        if (Trash.Restore(sql, container, found, _counters) is not { } restored) return null;
        sql.Execute("INSERT INTO returned_images (image_id, library_id, scan_id) VALUES ($1, $2, $3)", restored.Id, container.Library, scan.Id.Value);
        _added++;
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
        var known = CollectionRows.Find(sql, container.Library, found.Path) ?? (_sameMount ? MovedDirectories.Take(sql, container, found, now) : null);
        var id = known?.Id ?? CollectionRows.Insert(sql, container.Library, container.Id, found.Kind, found.Path, found.Name, found.SortKey, now);
        if (known is not null && IsOther(known, found))
        {
            sql.Execute("UPDATE collections SET kind = $2, parent_id = $3, name = $4, search = $5, sort_key = $6 WHERE id = $1",
                id, KindOf(known, found), container.Id, found.Name, CollectionRows.Search(found.Path, found.Name), found.SortKey);
        }
        _pending.KeepContainer(id);
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
        scan.Scope.Force || (found.Kind == ContainerKind.Directory ? known is null || !DirectoryRows.IsKnown(sql, known.Id) : known?.Version is not { } version || known.Kind != KindOf(known, found) || known.Revisit || known.Held
        || !version.Matches(found.Version, _sameMount) || (known.Reason is { } reason && Reason.Of(reason).Retryable)
        || (known.HasUnmade && ImageRows.AnyToTakeUp(sql, known.Id)));

    private void NoteUnseen(List<long> images, List<long> containers)
    {
        var seenImages = (step.Seen?.Images ?? new HashSet<ImageId>()).Select(i => i.Value).Concat(images).ToHashSet();
        foreach (var image in sql.Query("SELECT id FROM images WHERE collection_id = $1", row => row.Long(0), container.Id))
        {
            if (!seenImages.Contains(image)) _removed += _pending.NoteGone(image);
        }
        var seenContainers = (step.Seen?.Containers ?? new HashSet<CollectionId>()).Select(c => c.Value).Concat(containers).ToHashSet();
        foreach (var child in sql.Query("SELECT id FROM collections WHERE parent_id = $1", row => row.Long(0), container.Id))
        {
            if (!seenContainers.Contains(child)) _removed += _pending.NoteContainerGone(child);
        }
        _pending.EndListing();
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

    private List<long> OfWholeContainer() => scan.Scope.Force
        ? sql.Query("SELECT id FROM images WHERE collection_id = $1 AND id NOT IN (SELECT image_id FROM pending_images WHERE collection_id = $1) ORDER BY sort_key, id", row => row.Long(0), container.Id)
        : ImageRows.ToTakeUp(sql, container.Id);

    private void AddToDerive(long? cover)
    {
        if (_kind.IsSequential() && !step.Last) return;
        ScanDerive.Add(sql, scan.Id.Value, container with { Kind = _kind }, cover, _kind.IsSequential() ? OfWholeContainer() : _fresh, now);
    }
}
