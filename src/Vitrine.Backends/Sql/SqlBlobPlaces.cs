using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

internal sealed class SqlBlobPlaces(SqlDatabase database, TimeProvider time) : IBlobPlaces
{
    /// <summary>Kinds of containers whose entries are only read one after the other.</summary>
    private static readonly string Sequential =
        SqlSession.List(Enum.GetValues<ContainerKind>().Where(kind => kind.IsSequential()).Select(kind => (long)kind));

    private const string Placed =
        """
        SELECT b.id, b.folder_id, b.name, b.size, b.hash, b.refs, b.content_type, b.preset,
            coalesce((SELECT i.collection_id FROM derivatives d JOIN images i ON i.id = d.image_id WHERE d.blob_id = b.id LIMIT 1), 0)
        FROM blobs b
        """;

    public Task<IReadOnlyList<PlacedBlob>> InFolderAsync(FolderId folder, string? afterName, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<PlacedBlob>>(sql => sql.Query(
            $"{Placed} WHERE b.folder_id = $1 AND b.name > $2 ORDER BY b.name LIMIT $3", Map, folder.Value, afterName ?? "", limit), cancellation);

    public Task<MoveAnswer> MoveAsync(BlobId blob, BlobFile from, BlobFile to, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Bulk, sql => Move(sql, blob.Value, from, to), cancellation);

    public Task<IReadOnlyList<EvictionCandidate>> LeastUsedAsync(
        FolderId folder, string preset, int limit, CancellationToken cancellation, EvictionCandidate? after = null) =>
        database.ReadAsync<IReadOnlyList<EvictionCandidate>>(sql => sql.Query(
            $"""
            SELECT b.id, b.size, b.used_at, b.refs, {IsPinned},
                coalesce((SELECT i.width * i.height * (CASE WHEN c.kind IN (SELECT value FROM json_each($4)) THEN 8 ELSE 1 END)
                          FROM derivatives d JOIN images i ON i.id = d.image_id JOIN collections c ON c.id = i.collection_id
                          WHERE d.blob_id = b.id LIMIT 1), 0)
            FROM blobs b WHERE b.folder_id = $1 AND b.preset = $2 AND (b.used_at, b.id) > ($5, $6) ORDER BY b.used_at, b.id LIMIT $3
            """,
            row => new EvictionCandidate(new(row.Long(0)), preset, row.Long(1), row.Long(5), row.Time(2), row.Int(3), row.Bool(4)),
            folder.Value, preset, limit, Sequential, after?.UsedAt ?? DateTimeOffset.UnixEpoch.AddMilliseconds(-1), after?.Id.Value ?? 0), cancellation);

    public Task<Evicted> EvictAsync(FolderId folder, IReadOnlyList<BlobId> blobs, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => Evict(sql, folder, blobs), cancellation);

    public Task<long> PinnedBytesAsync(FolderId folder, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.Number(
            """
            SELECT sum(size) FROM blobs WHERE folder_id = $1 AND id IN (
                SELECT d.blob_id FROM collections c CROSS JOIN images i ON i.collection_id = c.id JOIN derivatives d ON d.image_id = i.id WHERE c.pinned = 1)
            """, folder.Value) ?? 0, cancellation);

    public Task<bool> PinAsync(CollectionId collection, bool pinned, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => sql.Execute("UPDATE collections SET pinned = $2 WHERE id = $1", collection.Value, pinned) > 0, cancellation);

    private MoveAnswer Move(SqlSession sql, long blob, BlobFile from, BlobFile to)
    {
        var preset = sql.First("SELECT preset FROM blobs WHERE id = $1 AND folder_id = $2 AND name = $3", row => row.Text(0), blob, from.Folder.Value, from.Name);
        if (preset is null) return MoveAnswer.Changed;
        if (!FolderRoom.Receive(sql, to.Folder.Value, preset, to.Size)) return MoveAnswer.NoRoom;
        FolderRoom.Count(sql, from.Folder.Value, preset, -1, -from.Size);
        sql.Execute("UPDATE blobs SET folder_id = $2, name = $3, written_at = $4 WHERE id = $1", blob, to.Folder.Value, to.Name, time.GetUtcNow());
        return MoveAnswer.Moved;
    }

    /// <summary>Every image that is linked is one whose counters change.</summary>
    private Evicted Evict(SqlSession sql, FolderId folder, IReadOnlyList<BlobId> blobs)
    {
        var (counters, files, links, looked) = (new Counters(), new List<BlobFile>(), 0, 0);
        foreach (var id in blobs)
        {
            var found = sql.First($"SELECT b.folder_id, b.name, b.size, b.hash, b.preset, b.refs, {IsPinned} FROM blobs b WHERE b.id = $1",
                row => new Found(File(row, 0), row.Text(4), row.Int(5), row.Bool(6)), id.Value);
            var goes = found is { Pinned: false, References: <= Eviction.MostReferences } && found.File.Folder == folder;
            if (goes && links + found!.References > Eviction.MostReferences) break;
            looked++;
            if (!goes) continue;
            links += found!.References;
            Delete(sql, id.Value, found, counters);
            files.Add(found.File);
        }
        counters.Write(sql);
        return new(files, looked);
    }

    private void Delete(SqlSession sql, long blob, Found found, Counters counters)
    {
        Links.Evict(sql, blob, counters, time.GetUtcNow());
        sql.Execute("DELETE FROM blobs WHERE id = $1", blob);
        FolderRoom.Count(sql, found.File.Folder.Value, found.Preset, -1, -found.File.Size);
    }

    private const string IsPinned =
        """
        EXISTS (SELECT 1 FROM derivatives d JOIN images i ON i.id = d.image_id JOIN collections c ON c.id = i.collection_id
                WHERE d.blob_id = b.id AND c.pinned = 1)
        """;

    private static PlacedBlob Map(Row row) => new(SqlBlobStore.Map(row), row.Text(7), new(row.Long(8)));

    private static BlobFile File(Row row, int first) => new(new(row.Long(first)), row.Text(first + 1), row.Long(first + 2), row.Hex(first + 3));

    private sealed record Found(BlobFile File, string Preset, int References, bool Pinned);
}
