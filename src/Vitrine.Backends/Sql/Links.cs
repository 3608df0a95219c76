using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Sql;

/// <summary>Links of images to blobs, with the references that blobs count.</summary>
internal static class Links
{
    /// <summary>Links the image to the blob for this preset, in place of what it was linked to.</summary>
    public static void Set(SqlSession sql, ImageRow image, Preset preset, BlobLink blob, Counters counters, DateTimeOffset now)
    {
        var old = Find(sql, image.Id, preset.Name);
        if (old?.Blob == blob.Id) return;
        if (old is not null) DropOne(sql, image, old, counters, now);
        sql.Execute("INSERT INTO derivatives (image_id, preset, blob_id, recipe) VALUES ($1, $2, $3, $4)", image.Id, preset.Name, blob.Id, preset.Recipe);
        sql.Execute("UPDATE blobs SET refs = refs + 1, unreferenced_at = NULL WHERE id = $1", blob.Id);
        counters.Links(image.Library, image.Collection, preset.Name, 1, blob.Size);
    }

    public static void Drop(SqlSession sql, ImageRow image, Counters counters, DateTimeOffset now)
    {
        foreach (var link in Of(sql, image.Id)) DropOne(sql, image, link, counters, now);
    }

    /// <summary>The image appears in (1) or goes out of (-1) its collection with its links, which themselves do not change.</summary>
    public static void CountAll(SqlSession sql, ImageRow image, Counters counters, int sign)
    {
        foreach (var link in Of(sql, image.Id)) counters.Links(image.Library, image.Collection, link.Preset, sign, sign * link.Size);
    }

    /// <summary>The image is no longer linked for this preset.</summary>
    public static void Drop(SqlSession sql, ImageRow image, string preset, Counters counters, DateTimeOffset now)
    {
        if (Find(sql, image.Id, preset) is { } link) DropOne(sql, image, link, counters, now);
    }

    public static void Unrefer(SqlSession sql, long blob, DateTimeOffset now) =>
        sql.Execute("UPDATE blobs SET refs = refs - 1, unreferenced_at = CASE refs WHEN 1 THEN $2 END WHERE id = $1", blob, now);

    private static void DropOne(SqlSession sql, ImageRow image, Link link, Counters counters, DateTimeOffset now)
    {
        sql.Execute("DELETE FROM derivatives WHERE image_id = $1 AND preset = $2", image.Id, link.Preset);
        Unrefer(sql, link.Blob, now);
        counters.Links(image.Library, image.Collection, link.Preset, -1, -link.Size);
    }

    private static Link? Find(SqlSession sql, long image, string preset) => sql.First(
        "SELECT d.preset, d.blob_id, b.size FROM derivatives d JOIN blobs b ON b.id = d.blob_id WHERE d.image_id = $1 AND d.preset = $2",
        Map, image, preset);

    private static List<Link> Of(SqlSession sql, long image) => sql.Query(
        "SELECT d.preset, d.blob_id, b.size FROM derivatives d JOIN blobs b ON b.id = d.blob_id WHERE d.image_id = $1", Map, image);

    private static Link Map(Row row) => new(row.Text(0), row.Long(1), row.Long(2));

    private sealed record Link(string Preset, long Blob, long Size);
}

/// <summary>The blob that an image is linked to.</summary>
internal sealed record BlobLink(long Id, long Size);
