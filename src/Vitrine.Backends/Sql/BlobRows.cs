using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>Rows of blobs, under one lease: what is inserted is taken from the lease's reservation.</summary>
internal sealed class BlobRows(SqlSession sql, LeaseToken lease, Counters counters, DateTimeOffset now)
{
    /// <summary>Files that were not taken, or that another took the place of.</summary>
    public List<BlobFile> Unused { get; } = [];

    public bool Has(DerivativeKey key) => Find(key) is not null;

    public bool IsTaken(BlobFile file) =>
        sql.Number("SELECT 1 FROM blobs WHERE folder_id = $1 AND name = $2", file.Folder.Value, file.Name) is not null;

    /// <summary>The blob of the key; the new file becomes its row where it has none, or with <paramref name="force"/>. Null: there is no room for the file.</summary>
    public BlobLink? Take(MadeDerivative made, bool force)
    {
        var known = Find(made.Key);
        if (made.File is not { } file) return known?.Link;
        if (known is not null && (!force || IsSame(known.File, file) || IsWidelyShared(known, file)))
        {
            if (!IsSame(known.File, file)) Unused.Add(file);
            return known.Link;
        }
        if (!FolderRoom.Take(sql, lease.Value, file, made.Preset.Name))
        {
            Unused.Add(file);
            return null;
        }
        return known is null ? Insert(made, file) : Replace(known, made, file);
    }

    private BlobLink Insert(MadeDerivative made, BlobFile file)
    {
        var id = sql.Number(
            """
            INSERT INTO blobs (key, folder_id, name, size, hash, content_type, width, height, partial, preset, used_at, written_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) RETURNING id
            """,
            Convert.FromHexString(made.Key.Hex), file.Folder.Value, file.Name, file.Size, Convert.FromHexString(file.Hash), made.ContentType,
            made.Width, made.Height, made.Partial, made.Preset.Name, now);
        return new(id!.Value, file.Size, made.ContentType);
    }

    private BlobLink Replace(Known known, MadeDerivative made, BlobFile file)
    {
        Unused.Add(known.File);
        FolderRoom.Count(sql, known.File.Folder.Value, known.Preset, -1, -known.File.Size);
        sql.Execute(
            """
            UPDATE blobs SET folder_id = $2, name = $3, size = $4, hash = $5, content_type = $6, width = $7, height = $8, partial = $9, preset = $10,
                written_at = $11
            WHERE id = $1
            """,
            known.Id, file.Folder.Value, file.Name, file.Size, Convert.FromHexString(file.Hash), made.ContentType, made.Width, made.Height, made.Partial,
            made.Preset.Name, now);
        if (known.File.Size == file.Size && known.Link.ContentType == made.ContentType) return known.Link;
        var links = sql.Query(
            """
            SELECT i.library_id, i.collection_id, d.preset, count(*) FROM derivatives d JOIN images i ON i.id = d.image_id
            WHERE d.blob_id = $1 GROUP BY i.library_id, i.collection_id, d.preset
            """, row => (Library: row.Long(0), Collection: row.Long(1), Preset: row.Text(2), Count: row.Long(3)), known.Id);
        var more = file.Size - known.File.Size;
        foreach (var link in links)
        {
            counters.Links(link.Library, link.Collection, link.Preset, known.Link.ContentType, -link.Count, -link.Count * known.File.Size);
            counters.Links(link.Library, link.Collection, link.Preset, made.ContentType, link.Count, link.Count * file.Size);
        }
        counters.Shared(0, Math.Max(0, known.References - 1) * more);
        counters.Removed(0, (known.References - links.Sum(link => link.Count)) * more);
        return new(known.Id, file.Size, made.ContentType);
    }

    private Known? Find(DerivativeKey key) => sql.First(
        "SELECT id, folder_id, name, size, hash, content_type, preset, refs FROM blobs WHERE key = $1",
        row => new Known(new(row.Long(0), row.Long(3), row.Text(5)), new(new(row.Long(1)), row.Text(2), row.Long(3), row.Hex(4)), row.Text(6), row.Long(7)),
        Convert.FromHexString(key.Hex));

    /// <summary>
    /// Another size would change the counters of every image that shares it: a blank page of ten thousand collections stays the file that it is. Equal keys are
    /// interchangeable pictures.
    /// </summary>
    private static bool IsWidelyShared(Known known, BlobFile file) => known.References > IBlobRemoval.MaxLinks && known.File.Size != file.Size;

    private static bool IsSame(BlobFile one, BlobFile other) => one.Folder == other.Folder && one.Name == other.Name;

    private sealed record Known(BlobLink Link, BlobFile File, string Preset, long References)
    {
        public long Id => Link.Id;
    }
}
