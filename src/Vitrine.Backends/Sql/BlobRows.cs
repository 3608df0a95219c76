using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Rows of blobs within one transaction: those that it asks about are read at once and change in memory, and <see cref="Write"/> says it to the database.
/// A row is one object, by whatever way it was read.
/// </summary>
internal sealed class BlobRows(SqlSession sql, Counters counters, DateTimeOffset now)
{
    private readonly Dictionary<long, StoredBlob> _byId = [];
    private readonly Dictionary<DerivativeKey, StoredBlob> _byKey = [];
    private readonly List<(StoredBlob Blob, MadeDerivative Made)> _fresh = [];

    /// <summary>Reads those of these keys that have a row.</summary>
    public void Read(IEnumerable<DerivativeKey> keys)
    {
        foreach (var found in Find(keys)) Take(found);
    }

    /// <summary>The blob of a key that was read, or was inserted since; null where it has none.</summary>
    public StoredBlob? Find(DerivativeKey key) => _byKey.GetValueOrDefault(key);

    /// <summary>The one object of a row: this one, or the one that was there before.</summary>
    public StoredBlob Take(StoredBlob found)
    {
        if (_byId.TryGetValue(found.Id, out var known)) return known;
        _byId[found.Id] = found;
        return _byKey[found.Key] = found;
    }

    /// <summary>A new row; it has its id when it is written.</summary>
    public StoredBlob Insert(MadeDerivative made, BlobFile file)
    {
        var blob = new StoredBlob(made.Key, file, made.ContentType, made.Preset.Name, 0);
        _fresh.Add((blob, made));
        return _byKey[made.Key] = blob;
    }

    /// <summary>Writes what changed; <paramref name="links"/> does so with links as soon as all blobs have ids.</summary>
    public void Write(Action links)
    {
        WriteReferences();
        Arguments.SendRows(
            sql, "INSERT INTO blobs (key, folder_id, name, size, hash, content_type, width, height, partial, preset, used_at, written_at, refs) VALUES {rows}",
            [.. _fresh.Select(fresh => Values(fresh.Blob, fresh.Made))]);
        if (_fresh.Count > 0)
        {
            foreach (var inserted in Find(_fresh.Select(fresh => fresh.Blob.Key))) SetId(_byKey[inserted.Key], inserted.Id);
        }
        links();
        WriteReplaced([.. _byId.Values.Where(blob => blob.Replacement is not null)]);
    }

    private void SetId(StoredBlob blob, long id)
    {
        blob.Id = id;
        _byId[id] = blob;
    }

    private void WriteReferences()
    {
        foreach (var change in _byId.Values.Where(blob => blob.Change is not null).GroupBy(blob => blob.Change!.Value))
        {
            sql.Send("UPDATE blobs SET refs = refs + $2, unreferenced_at = CASE WHEN refs + $2 = 0 THEN $3 END WHERE id IN (SELECT value FROM json_each($1))",
                SqlSession.List(change.Select(blob => blob.Id)), change.Key, now);
        }
    }

    private object?[] Values(StoredBlob blob, MadeDerivative made)
    {
        var (file, newest) = (blob.File, blob.Replacement ?? made);
        return
        [
            Convert.FromHexString(blob.Key.Hex), file.Folder.Value, file.Name, file.Size, Convert.FromHexString(file.Hash), newest.ContentType,
            newest.Width, newest.Height, newest.Partial, newest.Preset.Name, now, now, blob.References,
        ];
    }

    private void WriteReplaced(List<StoredBlob> replaced)
    {
        foreach (var blob in replaced)
        {
            var (file, made) = (blob.File, blob.Replacement!);
            sql.Send(
                """
                UPDATE blobs SET folder_id = $2, name = $3, size = $4, hash = $5, content_type = $6, width = $7, height = $8, partial = $9, preset = $10,
                    written_at = $11
                WHERE id = $1
                """,
                blob.Id, file.Folder.Value, file.Name, file.Size, Convert.FromHexString(file.Hash), made.ContentType, made.Width, made.Height, made.Partial,
                made.Preset.Name, now);
        }
        Recount([.. replaced.Where(blob => blob.CountedSize != blob.File.Size || blob.CountedType != blob.Replacement!.ContentType)]);
    }

    /// <summary>All links of a blob that is of another size or type now count so.</summary>
    private void Recount(List<StoredBlob> others)
    {
        if (others.Count == 0) return;
        var links = sql.Query(
            """
            SELECT d.blob_id, i.library_id, i.collection_id, d.preset, count(*) FROM derivatives d JOIN images i ON i.id = d.image_id
            WHERE d.blob_id IN (SELECT value FROM json_each($1)) GROUP BY d.blob_id, i.library_id, i.collection_id, d.preset
            """, row => (Blob: row.Long(0), Library: row.Long(1), Collection: row.Long(2), Preset: row.Text(3), Count: row.Long(4)),
            SqlSession.List(others.Select(blob => blob.Id))).ToLookup(link => link.Blob);
        foreach (var blob in others)
        {
            var more = blob.File.Size - blob.CountedSize;
            foreach (var link in links[blob.Id])
            {
                counters.Links(link.Library, link.Collection, link.Preset, blob.CountedType, -link.Count, -link.Count * blob.CountedSize);
                counters.Links(link.Library, link.Collection, link.Preset, blob.Replacement!.ContentType, link.Count, link.Count * blob.File.Size);
            }
            counters.Shared(0, Math.Max(0, blob.References - 1) * more);
            counters.Removed(0, (blob.References - links[blob.Id].Sum(link => link.Count)) * more);
        }
    }

    private List<StoredBlob> Find(IEnumerable<DerivativeKey> keys) => Arguments.QueryList(
        sql, $"SELECT {StoredBlob.Columns} FROM blobs b WHERE b.key IN ({{list}})", row => StoredBlob.Map(row, 0), keys.Select(key => Convert.FromHexString(key.Hex)));
}
