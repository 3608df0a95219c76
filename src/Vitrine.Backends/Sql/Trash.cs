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

    /// <summary>The image is no longer one of its library; its blobs are not unreferenced.</summary>
    public static void Put(SqlSession sql, ImageRow image, Counters counters, DateTimeOffset now)
    {
        ForgetPlace(sql, image, counters, now);
        sql.Execute(
            $"""
            INSERT INTO removed_images (id, library_id, path, {Kept}, removed_at)
            SELECT i.id, i.library_id, (SELECT c.path FROM collections c WHERE c.id = i.collection_id), {Kept}, $2 FROM images i WHERE i.id = $1
            """, image.Id, now);
        Links.PutAway(sql, image, counters);
        sql.Execute("DELETE FROM images WHERE id = $1", image.Id);
    }

    /// <summary>The image of this place, in its collection again with all that was made of it; null where none of it waits.</summary>
    public static ImageRow? Restore(SqlSession sql, CollectionRow container, FoundImage found, Counters counters)
    {
        var id = sql.Number(
            """
            SELECT r.id FROM removed_images r JOIN collections c ON c.library_id = r.library_id AND c.path = r.path
            WHERE c.id = $1 AND r.raw_name = $2 AND r.occurrence = $3
            """, container.Id, found.RawName.Bytes, found.Occurrence);
        if (id is null) return null;
        sql.Execute(
            $"""
            INSERT INTO images (id, library_id, collection_id, sort_key, {Kept}) SELECT id, library_id, $2, $3, {Kept} FROM removed_images WHERE id = $1
            """, id, container.Id, found.SortKey);
        var image = ImageRows.Get(sql, id.Value)!;
        Links.Restore(sql, image, counters);
        sql.Execute("DELETE FROM removed_images WHERE id = $1", id);
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

    public static void PutCollection(SqlSession sql, long collection, DateTimeOffset now) => sql.Execute(
        """
        INSERT INTO removed_collections (library_id, path, id, removed_at) SELECT library_id, path, id, $2 FROM collections WHERE id = $1
        ON CONFLICT (library_id, path) DO UPDATE SET id = excluded.id, removed_at = excluded.removed_at
        """, collection, now);

    /// <summary>The id that the collection of this place had; null where none is remembered.</summary>
    public static long? TakeCollection(SqlSession sql, long library, SourcePath path) =>
        sql.Number("DELETE FROM removed_collections WHERE library_id = $1 AND path = $2 RETURNING id", library, path.Bytes);

    private static void ForgetPlace(SqlSession sql, ImageRow image, Counters counters, DateTimeOffset now)
    {
        var other = sql.Number(
            """
            SELECT r.id FROM images i JOIN collections c ON c.id = i.collection_id
            JOIN removed_images r ON r.library_id = i.library_id AND r.path = c.path AND r.raw_name = i.raw_name AND r.occurrence = i.occurrence WHERE i.id = $1
            """, image.Id);
        if (other is { } id) Forget(sql, id, counters, now);
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
        sql.Execute("DELETE FROM removed_images WHERE id = $1", id);
    }
}
