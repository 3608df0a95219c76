using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>Images as people see them.</summary>
internal static class ImageSummaries
{
    private const string Columns = "i.id, i.collection_id, i.name, i.width, i.height, i.state, i.reason, i.thumb_hash, i.color";

    /// <summary>Summaries of the images whose ids the query gives, in its order.</summary>
    public static List<ImageSummary> Read(SqlSession sql, string ids, params ReadOnlySpan<object?> arguments) =>
        Of(sql, sql.Query(ids, row => row.Long(0), arguments));

    public static List<ImageSummary> Of(SqlSession sql, IReadOnlyCollection<long> ids)
    {
        if (ids.Count == 0) return [];
        var list = SqlSession.List(ids);
        var versions = sql.Query(
            """
            SELECT d.image_id, d.preset, b.hash FROM derivatives d JOIN blobs b ON b.id = d.blob_id
            WHERE d.image_id IN (SELECT value FROM json_each($1))
            """, row => (Image: row.Long(0), Preset: row.Text(1), Hash: row.Hex(2)), list).ToLookup(v => v.Image);
        var byId = sql.Query($"SELECT {Columns} FROM images i WHERE i.id IN (SELECT value FROM json_each($1))",
            row => Map(row, versions[row.Long(0)].ToDictionary(v => v.Preset, v => v.Hash)), list).ToDictionary(i => i.Id.Value);
        return [.. ids.Where(byId.ContainsKey).Select(id => byId[id])];
    }

    public static Image? Full(SqlSession sql, ImageId id)
    {
        var derivatives = sql.Query(
            """
            SELECT d.preset, b.id, b.folder_id, f.path, b.name, b.size, b.hash, b.content_type, b.width, b.height, b.partial, d.recipe
            FROM derivatives d JOIN blobs b ON b.id = d.blob_id JOIN cache_folders f ON f.id = b.folder_id WHERE d.image_id = $1 ORDER BY d.preset
            """,
            row => new Derivative(
                row.Text(0), new(row.Long(1)), new(row.Long(2)), row.Text(3), row.Text(4), row.Long(5), row.Hex(6), row.Text(7), row.Int(8), row.Int(9), row.Bool(10),
                row.Long(11)),
            id.Value);
        return sql.First(
            $"""
            SELECT {Columns}, c.library_id, l.root, c.kind, c.path, coalesce(c.size, 0), coalesce(c.stamp, 0), coalesce(c.inode, 0),
                   i.raw_name, i.occurrence, i.size, i.stamp, i.inode, i.format, i.frames, i.content_hash, i.damaged, l.settings
            FROM images i JOIN collections c ON c.id = i.collection_id JOIN libraries l ON l.id = c.library_id AND l.removed = 0 WHERE i.id = $1
            """,
            row => new Image(
                Map(row, derivatives.ToDictionary(d => d.Preset, d => d.Hash)), new(row.Long(9)), row.Text(10), (ContainerKind)row.Int(11),
                SourcePath.FromBytes(row.Bytes(12)), row.Version(13), new(row.Bytes(16)), row.Int(17), row.Version(18), row.TextOrNull(21),
                row.Int(22), row.BytesOrNull(23), row.Bool(24), derivatives, LibraryRows.Settings(row.Text(25)).AllowMetadata),
            id.Value);
    }

    private static ImageSummary Map(Row row, IReadOnlyDictionary<string, string> versions) => new(
        new(row.Long(0)), new(row.Long(1)), row.Text(2), row.Int(3), row.Int(4), (ImageState)row.Int(5), row.TextOrNull(6), row.BytesOrNull(7),
        row.TextOrNull(8), versions);
}
