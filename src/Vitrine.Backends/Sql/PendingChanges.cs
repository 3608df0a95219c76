using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>
/// What a scan finds gone or changed in one container. It is noted, and the images stay as they are: when the scan is over, <see cref="Brake"/> sees the
/// whole of it, and applies or holds it. What several scans find is the newest one's, in whose job it is made. A container with notes is held: every scan lists it again, so that what came back takes its note away.
/// </summary>
internal sealed class PendingChanges(SqlSession sql, long scan, CollectionRow container, BrakeLimits limits, DateTimeOffset now)
{
    private bool _noted;

    /// <summary>The images are there, as they are recorded or as they were just taken up.</summary>
    public void KeepImages(IReadOnlyCollection<long> images)
    {
        if (container.Held && images.Count > 0) sql.Send("DELETE FROM pending_images WHERE image_id IN (SELECT value FROM json_each($1))", SqlSession.List(images));
    }

    public void KeepContainers(IReadOnlyCollection<long> children)
    {
        if (container.Held && children.Count > 0) sql.Send("DELETE FROM pending_collections WHERE collection_id IN (SELECT value FROM json_each($1))", SqlSession.List(children));
    }

    /// <summary>Other originals took the places of these images. Answers of how many, but for those of which that is noted already.</summary>
    public int NoteChanged(IReadOnlyDictionary<long, SourceVersion> images) => Note([.. images.Select(image => (image.Key, (SourceVersion?)image.Value))]);

    /// <summary>Their originals are gone. Answers of how many, but for those of which that is noted already.</summary>
    public int NoteGone(IReadOnlyCollection<long> images) => Note([.. images.Select(image => (image, (SourceVersion?)null))]);

    /// <summary>Directories or archives are gone. Answers how many images are in and below those of which that is not noted already.</summary>
    public int NoteContainersGone(IReadOnlyCollection<long> children)
    {
        if (children.Count == 0) return 0;
        var list = SqlSession.List(children);
        var known = sql.Query("SELECT collection_id FROM pending_collections WHERE collection_id IN (SELECT value FROM json_each($1))", row => row.Long(0), list).ToHashSet();
        if (known.Count > 0) sql.Send("UPDATE pending_collections SET scan_id = $2 WHERE collection_id IN (SELECT value FROM json_each($1)) AND scan_id < $2", list, scan);
        var fresh = children.Where(child => !known.Contains(child)).ToList();
        if (fresh.Count == 0) return 0;
        Arguments.SendRows(sql, "INSERT INTO pending_collections (collection_id, parent_id, library_id, scan_id) VALUES {rows}",
            fresh.ConvertAll(child => new object?[] { child, container.Id, container.Library, scan }));
        Note();
        return (int)sql.Number(
            """
            WITH RECURSIVE gone (id) AS (SELECT id FROM collections WHERE id IN (SELECT value FROM json_each($1))
                UNION ALL SELECT c.id FROM gone JOIN collections c ON c.parent_id = gone.id)
            SELECT coalesce(sum(images), 0) FROM collections WHERE id IN (SELECT id FROM gone)
            """, SqlSession.List(fresh))!.Value;
    }

    /// <summary>The container was listed to its end.</summary>
    public void EndListing() => SetHeld(sql, container.Id);

    /// <summary>Whether the container is held follows from its notes.</summary>
    public static void SetHeld(SqlSession sql, long collection) => sql.Send(
        """
        UPDATE collections SET held = 1 - held WHERE id = $1 AND (held = 1) <> (EXISTS (SELECT 1 FROM pending_images WHERE collection_id = $1)
            OR EXISTS (SELECT 1 FROM pending_collections WHERE parent_id = $1))
        """, collection);

    /// <summary>Images with the version that took their place, or null. Answers how many are noted so now and were not.</summary>
    private int Note(List<(long Image, SourceVersion? Version)> images)
    {
        if (images.Count == 0) return 0;
        var known = sql.Query("SELECT image_id, size, stamp, inode FROM pending_images WHERE image_id IN (SELECT value FROM json_each($1))",
            row => (Image: row.Long(0), Version: row.IsNull(1) ? null : (SourceVersion?)row.Version(1)), SqlSession.List(images.Select(image => image.Image)))
            .ToDictionary(note => note.Image, note => note.Version);
        var (same, other) = (new List<long>(), new List<object?[]>());
        foreach (var (image, version) in images)
        {
            if (known.TryGetValue(image, out var noted) && noted == version) same.Add(image);
            else other.Add([image, container.Id, container.Library, scan, version?.Size, version?.Stamp, version?.Inode]);
        }
        if (same.Count > 0) sql.Send("UPDATE pending_images SET scan_id = $2 WHERE image_id IN (SELECT value FROM json_each($1)) AND scan_id < $2", SqlSession.List(same), scan);
        if (other.Count == 0) return 0;
        Arguments.SendRows(
            sql,
            """
            INSERT INTO pending_images (image_id, collection_id, library_id, scan_id, size, stamp, inode) VALUES {rows}
            ON CONFLICT (image_id) DO UPDATE SET size = excluded.size, stamp = excluded.stamp, inode = excluded.inode
            """, other);
        Note();
        return other.Count;
    }

    private void Note()
    {
        if (_noted) return;
        _noted = true;
        sql.Send("UPDATE collections SET held = 1 WHERE id = $1 AND held = 0", container.Id);
        sql.Send(
            """
            INSERT INTO brakes (library_id, state, images, percent, scan_id, since) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (library_id) DO UPDATE SET images = excluded.images, percent = excluded.percent
            WHERE brakes.images <> excluded.images OR brakes.percent <> excluded.percent
            """, container.Library, BrakeState.Gathering, limits.Images, limits.Percent, scan, now);
    }
}
