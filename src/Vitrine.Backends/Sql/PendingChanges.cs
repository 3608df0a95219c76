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

    /// <summary>The image is there, as it is recorded or as it was just taken up.</summary>
    public void KeepImage(long image)
    {
        if (container.Held) sql.Execute("DELETE FROM pending_images WHERE image_id = $1", image);
    }

    public void KeepContainer(long child)
    {
        if (container.Held) sql.Execute("DELETE FROM pending_collections WHERE collection_id = $1", child);
    }

    /// <summary>Another original took its place. False: that is noted already.</summary>
    public bool NoteChanged(long image, SourceVersion version)
    {
        var written = sql.Execute(
            """
            INSERT INTO pending_images (image_id, collection_id, library_id, scan_id, size, stamp, inode) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (image_id) DO UPDATE SET size = excluded.size, stamp = excluded.stamp, inode = excluded.inode
            WHERE pending_images.size IS NOT excluded.size OR pending_images.stamp IS NOT excluded.stamp OR pending_images.inode IS NOT excluded.inode
            """, image, container.Id, container.Library, scan, version.Size, version.Stamp, version.Inode);
        if (written > 0) Note();
        else sql.Execute("UPDATE pending_images SET scan_id = $2 WHERE image_id = $1 AND scan_id < $2", image, scan);
        return written > 0;
    }

    /// <summary>Its original is gone. Answers 1, or 0 where that is noted already.</summary>
    public int NoteGone(long image)
    {
        var written = sql.Execute(
            """
            INSERT INTO pending_images (image_id, collection_id, library_id, scan_id) VALUES ($1, $2, $3, $4)
            ON CONFLICT (image_id) DO UPDATE SET size = NULL, stamp = NULL, inode = NULL WHERE pending_images.size IS NOT NULL
            """, image, container.Id, container.Library, scan);
        if (written > 0) Note();
        else sql.Execute("UPDATE pending_images SET scan_id = $2 WHERE image_id = $1 AND scan_id < $2", image, scan);
        return written;
    }

    /// <summary>A directory or archive is gone. Answers how many images are in and below it, or 0 where that is noted already.</summary>
    public int NoteContainerGone(long child)
    {
        var written = sql.Execute(
            "INSERT INTO pending_collections (collection_id, parent_id, library_id, scan_id) VALUES ($1, $2, $3, $4) ON CONFLICT (collection_id) DO NOTHING",
            child, container.Id, container.Library, scan);
        if (written == 0)
        {
            sql.Execute("UPDATE pending_collections SET scan_id = $2 WHERE collection_id = $1 AND scan_id < $2", child, scan);
            return 0;
        }
        Note();
        return (int)sql.Number(
            """
            WITH RECURSIVE gone (id) AS (SELECT $1 UNION ALL SELECT c.id FROM gone JOIN collections c ON c.parent_id = gone.id)
            SELECT coalesce(sum(c.images), 0) FROM gone JOIN collections c ON c.id = gone.id
            """, child)!.Value;
    }

    /// <summary>The container was listed to its end.</summary>
    public void EndListing() => SetHeld(sql, container.Id);

    /// <summary>Whether the container is held follows from its notes.</summary>
    public static void SetHeld(SqlSession sql, long collection) => sql.Execute(
        """
        UPDATE collections SET held = NOT held WHERE id = $1 AND held <> (EXISTS (SELECT 1 FROM pending_images WHERE collection_id = $1)
            OR EXISTS (SELECT 1 FROM pending_collections WHERE parent_id = $1))
        """, collection);

    private void Note()
    {
        if (_noted) return;
        _noted = true;
        sql.Execute("UPDATE collections SET held = 1 WHERE id = $1 AND held = 0", container.Id);
        sql.Execute(
            """
            INSERT INTO brakes (library_id, state, images, percent, scan_id, since) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (library_id) DO UPDATE SET images = excluded.images, percent = excluded.percent
            WHERE brakes.images <> excluded.images OR brakes.percent <> excluded.percent
            """, container.Library, BrakeState.Gathering, limits.Images, limits.Percent, scan, now);
    }
}
