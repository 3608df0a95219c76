using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Sql;

/// <summary>Links of images to blobs, with the references that blobs count. An image is cached from its first link to its last.</summary>
internal static class Links
{
    /// <summary>Links the image to the blob for this preset, in place of what it was linked to.</summary>
    public static void Set(SqlSession sql, ImageRow image, Preset preset, BlobLink blob, Counters counters, DateTimeOffset now)
    {
        var links = Of(sql, image.Id);
        var old = links.Find(link => link.Preset == preset.Name);
        if (old?.Blob == blob.Id) return;
        if (old is not null) DropOne(sql, image, old, counters, now);
        if (links.Count == 0) counters.Cached(image.Library, image.Collection, 1);
        sql.Execute("INSERT INTO derivatives (image_id, preset, blob_id, recipe) VALUES ($1, $2, $3, $4)", image.Id, preset.Name, blob.Id, preset.Recipe);
        sql.Execute("DELETE FROM evicted_derivatives WHERE image_id = $1 AND preset = $2", image.Id, preset.Name);
        var refs = sql.Number("UPDATE blobs SET refs = refs + 1, unreferenced_at = NULL WHERE id = $1 RETURNING refs", blob.Id);
        if (refs > 1) counters.Shared(1, blob.Size);
        counters.Links(image.Library, image.Collection, preset.Name, blob.ContentType, 1, blob.Size);
    }

    public static void Drop(SqlSession sql, ImageRow image, Counters counters, DateTimeOffset now)
    {
        var links = Of(sql, image.Id);
        foreach (var link in links) DropOne(sql, image, link, counters, now);
        if (links.Count > 0) counters.Cached(image.Library, image.Collection, -1);
        ForgetEvicted(sql, image.Id);
    }

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
                sql.Execute("INSERT INTO evicted_derivatives (image_id, preset) VALUES ($1, $2) ON CONFLICT DO NOTHING", id, link.Preset);
            }
            if (evicted.Count == links.Count) counters.Cached(image.Library, image.Collection, -1);
        }
        foreach (var id in sql.Query("SELECT DISTINCT image_id FROM removed_derivatives WHERE blob_id = $1", row => row.Long(0), blob))
        {
            foreach (var link in OfRemoved(sql, id).FindAll(link => link.Blob == blob)) DropRemoved(sql, id, link, counters, now);
        }
    }

    /// <summary>The image goes to the trash: its links wait with it, and hold their blobs.</summary>
    public static void PutAway(SqlSession sql, ImageRow image, Counters counters)
    {
        sql.Execute("INSERT INTO removed_derivatives (image_id, preset, blob_id, recipe) SELECT image_id, preset, blob_id, recipe FROM derivatives WHERE image_id = $1", image.Id);
        CountAll(sql, image, counters, -1);
        sql.Execute("DELETE FROM derivatives WHERE image_id = $1", image.Id);
        ForgetEvicted(sql, image.Id);
    }

    /// <summary>The image comes back with the links that waited with it.</summary>
    public static void Restore(SqlSession sql, ImageRow image, Counters counters)
    {
        sql.Execute("INSERT INTO derivatives (image_id, preset, blob_id, recipe) SELECT image_id, preset, blob_id, recipe FROM removed_derivatives WHERE image_id = $1", image.Id);
        sql.Execute("DELETE FROM removed_derivatives WHERE image_id = $1", image.Id);
        CountAll(sql, image, counters, 1);
    }

    /// <summary>A removed image is forgotten.</summary>
    public static void Forget(SqlSession sql, long removed, Counters counters, DateTimeOffset now)
    {
        foreach (var link in OfRemoved(sql, removed)) DropRemoved(sql, removed, link, counters, now);
    }

    /// <summary>The image appears in (1) or goes out of (-1) its collection with its links, which themselves do not change.</summary>
    private static void CountAll(SqlSession sql, ImageRow image, Counters counters, int sign)
    {
        var links = Of(sql, image.Id);
        if (links.Count > 0) counters.Cached(image.Library, image.Collection, sign);
        foreach (var link in links)
        {
            counters.Links(image.Library, image.Collection, link.Preset, link.ContentType, sign, sign * link.Size);
            counters.Removed(-sign, -sign * link.Size);
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
        sql.Execute("DELETE FROM derivatives WHERE image_id = $1 AND preset = $2", image.Id, link.Preset);
        Unrefer(sql, link, counters, now);
        counters.Links(image.Library, image.Collection, link.Preset, link.ContentType, -1, -link.Size);
    }

    private static void DropRemoved(SqlSession sql, long image, Link link, Counters counters, DateTimeOffset now)
    {
        sql.Execute("DELETE FROM removed_derivatives WHERE image_id = $1 AND preset = $2", image, link.Preset);
        Unrefer(sql, link, counters, now);
        counters.Removed(-1, -link.Size);
    }

    private static void Unrefer(SqlSession sql, Link link, Counters counters, DateTimeOffset now)
    {
        var left = sql.Number("UPDATE blobs SET refs = refs - 1, unreferenced_at = CASE refs WHEN 1 THEN $2 END WHERE id = $1 RETURNING refs", link.Blob, now);
        if (left > 0) counters.Shared(-1, -link.Size);
    }

    private static void ForgetEvicted(SqlSession sql, long image) => sql.Execute("DELETE FROM evicted_derivatives WHERE image_id = $1", image);

    private static List<Link> Of(SqlSession sql, long image) => sql.Query(
        "SELECT d.preset, d.blob_id, b.size, b.content_type FROM derivatives d JOIN blobs b ON b.id = d.blob_id WHERE d.image_id = $1", Map, image);

    private static List<Link> OfRemoved(SqlSession sql, long image) => sql.Query(
        "SELECT d.preset, d.blob_id, b.size, b.content_type FROM removed_derivatives d JOIN blobs b ON b.id = d.blob_id WHERE d.image_id = $1", Map, image);

    private static Link Map(Row row) => new(row.Text(0), row.Long(1), row.Long(2), row.Text(3));

    private sealed record Link(string Preset, long Blob, long Size, string ContentType);
}

/// <summary>The blob that an image is linked to.</summary>
internal sealed record BlobLink(long Id, long Size, string ContentType);
