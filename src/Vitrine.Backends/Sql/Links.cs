namespace Vitrine.Backends.Sql;

/// <summary>What happens to links one image or blob at a time; <see cref="LinkRows"/> has what happens to those of many images at once.</summary>
internal static class Links
{
    /// <summary>Takes a blob from all images that are linked to it, removed ones too: nothing refers to it from now on.</summary>
    public static void Evict(SqlSession sql, long blob, Counters counters, DateTimeOffset now)
    {
        foreach (var id in sql.Query("SELECT DISTINCT image_id FROM derivatives WHERE blob_id = $1", row => row.Long(0), blob))
        {
            var image = ImageRows.Get(sql, id) ?? throw new InvalidOperationException($"Image {id} is gone and has derivatives.");
            var links = Of(sql, id);
            var evicted = links.FindAll(link => link.Blob == blob);
            foreach (var link in evicted)
            {
                DropOne(sql, image, link, counters, now);
                sql.Send("INSERT INTO evicted_derivatives (image_id, preset) VALUES ($1, $2) ON CONFLICT DO NOTHING", id, link.Preset);
            }
            if (evicted.Count == links.Count) counters.Cached(image.Library, image.Collection, -1);
        }
        foreach (var id in sql.Query("SELECT DISTINCT image_id FROM removed_derivatives WHERE blob_id = $1", row => row.Long(0), blob))
        {
            foreach (var link in OfRemoved(sql, id).FindAll(link => link.Blob == blob)) DropRemoved(sql, id, link, counters, now);
        }
    }

    /// <summary>Images go to the trash: their links wait with them, and hold their blobs.</summary>
    public static void PutAway(SqlSession sql, IReadOnlyCollection<ImageRow> images, Counters counters)
    {
        var list = SqlSession.List(images.Select(image => image.Id));
        sql.Send(
            """
            INSERT INTO removed_derivatives (image_id, preset, blob_id, recipe)
            SELECT image_id, preset, blob_id, recipe FROM derivatives WHERE image_id IN (SELECT value FROM json_each($1))
            """, list);
        CountAll(sql, images, counters, -1);
        sql.Send("DELETE FROM derivatives WHERE image_id IN (SELECT value FROM json_each($1))", list);
        sql.Send("DELETE FROM evicted_derivatives WHERE image_id IN (SELECT value FROM json_each($1))", list);
    }

    /// <summary>The image comes back with the links that waited with it.</summary>
    public static void Restore(SqlSession sql, ImageRow image, Counters counters)
    {
        sql.Send("INSERT INTO derivatives (image_id, preset, blob_id, recipe) SELECT image_id, preset, blob_id, recipe FROM removed_derivatives WHERE image_id = $1", image.Id);
        sql.Send("DELETE FROM removed_derivatives WHERE image_id = $1", image.Id);
        CountAll(sql, [image], counters, 1);
    }

    /// <summary>A removed image is forgotten.</summary>
    public static void Forget(SqlSession sql, long removed, Counters counters, DateTimeOffset now)
    {
        foreach (var link in OfRemoved(sql, removed)) DropRemoved(sql, removed, link, counters, now);
    }

    /// <summary>Images appear in (1) or go out of (-1) their collections with their links, which themselves do not change.</summary>
    private static void CountAll(SqlSession sql, IReadOnlyCollection<ImageRow> images, Counters counters, int sign)
    {
        var links = sql.Query(
            """
            SELECT d.image_id, d.preset, d.blob_id, b.size, b.content_type FROM derivatives d JOIN blobs b ON b.id = d.blob_id
            WHERE d.image_id IN (SELECT value FROM json_each($1))
            """, row => (Image: row.Long(0), Link: Map(row, 1)), SqlSession.List(images.Select(image => image.Id))).ToLookup(found => found.Image, found => found.Link);
        foreach (var image in images)
        {
            if (links[image.Id].Any()) counters.Cached(image.Library, image.Collection, sign);
            foreach (var link in links[image.Id])
            {
                counters.Links(image.Library, image.Collection, link.Preset, link.ContentType, sign, sign * link.Size);
                counters.Removed(-sign, -sign * link.Size);
            }
        }
    }

    /// <summary>The image is no longer linked for this preset.</summary>
    public static void Drop(SqlSession sql, ImageRow image, string preset, Counters counters, DateTimeOffset now)
    {
        var links = Of(sql, image.Id);
        if (links.Find(link => link.Preset == preset) is not { } link) return;
        DropOne(sql, image, link, counters, now);
        if (links.Count == 1) counters.Cached(image.Library, image.Collection, -1);
    }

    /// <summary>A removed image is no longer linked for this preset.</summary>
    public static void DropRemoved(SqlSession sql, long removed, string preset, Counters counters, DateTimeOffset now)
    {
        foreach (var link in OfRemoved(sql, removed).FindAll(link => link.Preset == preset)) DropRemoved(sql, removed, link, counters, now);
    }

    private static void DropOne(SqlSession sql, ImageRow image, Link link, Counters counters, DateTimeOffset now)
    {
        sql.Send("DELETE FROM derivatives WHERE image_id = $1 AND preset = $2", image.Id, link.Preset);
        Unrefer(sql, link, counters, now);
        counters.Links(image.Library, image.Collection, link.Preset, link.ContentType, -1, -link.Size);
    }

    private static void DropRemoved(SqlSession sql, long image, Link link, Counters counters, DateTimeOffset now)
    {
        sql.Send("DELETE FROM removed_derivatives WHERE image_id = $1 AND preset = $2", image, link.Preset);
        Unrefer(sql, link, counters, now);
        counters.Removed(-1, -link.Size);
    }

    private static void Unrefer(SqlSession sql, Link link, Counters counters, DateTimeOffset now)
    {
        var left = sql.Number("UPDATE blobs SET refs = refs - 1, unreferenced_at = CASE refs WHEN 1 THEN $2 END WHERE id = $1 RETURNING refs", link.Blob, now);
        if (left > 0) counters.Shared(-1, -link.Size);
    }

    private static List<Link> Of(SqlSession sql, long image) => sql.Query(
        "SELECT d.preset, d.blob_id, b.size, b.content_type FROM derivatives d JOIN blobs b ON b.id = d.blob_id WHERE d.image_id = $1", row => Map(row, 0), image);

    private static List<Link> OfRemoved(SqlSession sql, long image) => sql.Query(
        "SELECT d.preset, d.blob_id, b.size, b.content_type FROM removed_derivatives d JOIN blobs b ON b.id = d.blob_id WHERE d.image_id = $1", row => Map(row, 0), image);

    private static Link Map(Row row, int first) => new(row.Text(first), row.Long(first + 1), row.Long(first + 2), row.Text(first + 3));

    private sealed record Link(string Preset, long Blob, long Size, string ContentType);
}
