using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Images whose originals are gone. They are rows of their own, so that no reader and no counter has to leave them out; they keep their ids and their hold on
/// blobs until they are forgotten, and come back as they were when an original is found at their place.
/// </summary>
internal static class Trash
{
    private const string Kept =
        "raw_name, occurrence, name, size, stamp, inode, state, reason, decoder, ignored, width, height, format, frames, orientation, content_hash, thumb_hash, color, damaged";

    /// <summary>The images are no longer of their libraries; their blobs are not unreferenced.</summary>
    public static void Put(SqlSession sql, IReadOnlyCollection<ImageRow> images, Counters counters, DateTimeOffset now)
    {
        var list = SqlSession.List(images.Select(image => image.Id));
        ForgetPlaces(sql, list, counters, now);
        sql.Send(
            $"""
            INSERT INTO removed_images (id, library_id, path, {Kept}, removed_at)
            SELECT i.id, i.library_id, (SELECT c.path FROM collections c WHERE c.id = i.collection_id), {Kept}, $2 FROM images i
            WHERE i.id IN (SELECT value FROM json_each($1))
            """, list, now);
        Links.PutAway(sql, images, counters);
        sql.Send("DELETE FROM images WHERE id IN (SELECT value FROM json_each($1))", list);
    }

    /// <summary>What waits at a collection's places of these names, whatever its occurrence.</summary>
    public static List<(long Id, (RawName Name, int Occurrence) Place)> At(SqlSession sql, long collection, IEnumerable<RawName> names) => Arguments.QueryList(
        sql,
        """
        SELECT r.id, r.raw_name, r.occurrence FROM removed_images r JOIN collections c ON c.library_id = r.library_id AND c.path = r.path
        WHERE c.id = $1 AND r.raw_name IN ({list})
        """, row => (row.Long(0), ((RawName, int))(new(row.Bytes(1)), row.Int(2))), names.Distinct().Select(name => name.Bytes), collection);

    /// <summary>An image that waits, in its collection again with all that was made of it.</summary>
    public static ImageRow Restore(SqlSession sql, long id, CollectionRow container, FoundImage found, Counters counters)
    {
        sql.Send(
            $"""
            INSERT INTO images (id, library_id, collection_id, sort_key, {Kept}) SELECT id, library_id, $2, $3, {Kept} FROM removed_images WHERE id = $1
            """, id, container.Id, found.SortKey);
        var image = ImageRows.Get(sql, id)!;
        Links.Restore(sql, image, counters);
        sql.Send("DELETE FROM removed_images WHERE id = $1", id);
        ImageRows.Count(null, image, counters);
        return image;
    }

    /// <summary>Forgets up to <paramref name="limit"/> of what was removed before a time: what only they were linked to is unreferenced. Answers how many.</summary>
    public static int Forget(SqlSession sql, DateTimeOffset before, int limit, DateTimeOffset now)
    {
        var old = sql.Query("SELECT id FROM removed_images WHERE removed_at < $1 ORDER BY removed_at, id LIMIT $2", row => row.Long(0), before, limit);
        Forget(sql, old, now);
        var collections = sql.Execute(
            """
            DELETE FROM removed_collections
            WHERE (library_id, path) IN (SELECT library_id, path FROM removed_collections WHERE removed_at < $1 ORDER BY removed_at LIMIT $2)
            """, before, limit);
        return old.Count + collections + KnownContents.Forget(sql, before, limit);
    }

    public static List<RemovedImage> List(SqlSession sql, long library, long after, int limit) => sql.Query(
        "SELECT id, path, name, size, removed_at FROM removed_images WHERE library_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        row => new RemovedImage(new(row.Long(0)), SourcePath.FromBytes(row.Bytes(1)), row.Text(2), row.Long(3), row.Time(4)), library, after, limit);

    /// <summary>Forgets up to <paramref name="limit"/> images of a library. Answers how many; 0: nothing of it is left.</summary>
    public static int ForgetLibrary(SqlSession sql, long library, int limit, DateTimeOffset now)
    {
        var images = sql.Query("SELECT id FROM removed_images WHERE library_id = $1 ORDER BY id LIMIT $2", row => row.Long(0), library, limit);
        Forget(sql, images, now);
        if (images.Count < limit) sql.Execute("DELETE FROM removed_collections WHERE library_id = $1", library);
        return images.Count;
    }

    public static void PutCollection(SqlSession sql, long collection, DateTimeOffset now) => sql.Send(
        """
        INSERT INTO removed_collections (library_id, path, id, removed_at) SELECT library_id, path, id, $2 FROM collections WHERE id = $1
        ON CONFLICT (library_id, path) DO UPDATE SET id = excluded.id, removed_at = excluded.removed_at
        """, collection, now);

    /// <summary>The ids that the collections of these places had, where they are remembered; they are not any more.</summary>
    public static Dictionary<SourcePath, long> TakeCollections(SqlSession sql, long library, IEnumerable<SourcePath> paths)
    {
        var found = Arguments.QueryList(sql, "SELECT path, id FROM removed_collections WHERE library_id = $1 AND path IN ({list})",
            row => (Path: SourcePath.FromBytes(row.Bytes(0)), Id: row.Long(1)), paths.Select(path => path.Bytes), library).ToDictionary(place => place.Path, place => place.Id);
        foreach (var path in found.Keys) sql.Send("DELETE FROM removed_collections WHERE library_id = $1 AND path = $2", library, path.Bytes);
        return found;
    }

    /// <summary>Others that wait at the places of these images, which is nearly never.</summary>
    private static void ForgetPlaces(SqlSession sql, string images, Counters counters, DateTimeOffset now)
    {
        var others = sql.Query(
            """
            SELECT r.id FROM images i JOIN collections c ON c.id = i.collection_id
            JOIN removed_images r ON r.library_id = i.library_id AND r.path = c.path AND r.raw_name = i.raw_name AND r.occurrence = i.occurrence
            WHERE i.id IN (SELECT value FROM json_each($1))
            """, row => row.Long(0), images);
        foreach (var other in others) Forget(sql, other, counters, now);
    }

    private static void Forget(SqlSession sql, List<long> removed, DateTimeOffset now)
    {
        var counters = new Counters();
        foreach (var id in removed) Forget(sql, id, counters, now);
        counters.Write(sql);
    }

    private static void Forget(SqlSession sql, long id, Counters counters, DateTimeOffset now)
    {
        Links.Forget(sql, id, counters, now);
        sql.Send("DELETE FROM removed_images WHERE id = $1", id);
    }
}
