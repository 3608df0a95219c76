using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Links of some images to blobs within one transaction: read at once, changed in memory, and written with the references that blobs count. An image is cached from
/// its first link to its last.
/// </summary>
internal sealed class LinkRows(SqlSession sql, Counters counters, BlobRows blobs)
{
    private readonly Dictionary<long, Dictionary<string, StoredBlob>> _links = [];
    private readonly Dictionary<(long Image, string Preset), (StoredBlob Blob, long Recipe)> _set = [];
    private readonly List<long> _dropped = [];

    /// <summary>Reads the links of these images, and the blobs that they lead to.</summary>
    public void Read(IEnumerable<long> images)
    {
        var asked = images.ToList();
        foreach (var image in asked) _links[image] = [];
        if (asked.Count == 0) return;
        var rows = sql.Query(
            $"""
            SELECT d.image_id, d.preset, {StoredBlob.Columns} FROM derivatives d JOIN blobs b ON b.id = d.blob_id
            WHERE d.image_id IN (SELECT value FROM json_each($1))
            """, row => (Image: row.Long(0), Preset: row.Text(1), Blob: StoredBlob.Map(row, 2)), SqlSession.List(asked));
        foreach (var row in rows) _links[row.Image][row.Preset] = blobs.Take(row.Blob);
    }

    /// <summary>Links the image, whose links were read, to the blob for this preset, in place of what it was linked to.</summary>
    public void Set(ImageRow image, Preset preset, StoredBlob blob)
    {
        var links = _links[image.Id];
        var old = links.GetValueOrDefault(preset.Name);
        if (old == blob) return;
        if (old is not null) Count(image, preset.Name, old, -1);
        if (links.Count == 0) counters.Cached(image.Library, image.Collection, 1);
        links[preset.Name] = blob;
        _set[(image.Id, preset.Name)] = (blob, preset.Recipe);
        Count(image, preset.Name, blob, 1);
    }

    /// <summary>Takes all its links from the image, whose links were read.</summary>
    public void Drop(ImageRow image)
    {
        var links = _links[image.Id];
        foreach (var (preset, blob) in links)
        {
            Count(image, preset, blob, -1);
            _set.Remove((image.Id, preset));
        }
        if (links.Count > 0) counters.Cached(image.Library, image.Collection, -1);
        links.Clear();
        _dropped.Add(image.Id);
    }

    /// <summary>Writes what changed, here and in the blobs.</summary>
    public void Write() => blobs.Write(WriteLinks);

    private void WriteLinks()
    {
        if (_dropped.Count > 0)
        {
            var list = SqlSession.List(_dropped);
            sql.Send("DELETE FROM derivatives WHERE image_id IN (SELECT value FROM json_each($1))", list);
            sql.Send("DELETE FROM evicted_derivatives WHERE image_id IN (SELECT value FROM json_each($1))", list);
        }
        Arguments.SendRows(
            sql,
            """
            INSERT INTO derivatives (image_id, preset, blob_id, recipe) VALUES {rows}
            ON CONFLICT (image_id, preset) DO UPDATE SET blob_id = excluded.blob_id, recipe = excluded.recipe
            """, [.. _set.Select(link => new object?[] { link.Key.Image, link.Key.Preset, link.Value.Blob.Id, link.Value.Recipe })]);
        foreach (var preset in _set.Keys.GroupBy(link => link.Preset))
        {
            sql.Send("DELETE FROM evicted_derivatives WHERE preset = $1 AND image_id IN (SELECT value FROM json_each($2))",
                preset.Key, SqlSession.List(preset.Select(link => link.Image)));
        }
    }

    /// <summary>One link appears (1) or goes (-1).</summary>
    private void Count(ImageRow image, string preset, StoredBlob blob, int change)
    {
        if (change > 0) blob.Refer(counters);
        else blob.Unrefer(counters);
        counters.Links(image.Library, image.Collection, preset, blob.CountedType, change, change * blob.CountedSize);
    }
}
