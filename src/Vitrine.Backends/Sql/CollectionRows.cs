using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>What a scan needs to know of a container.</summary>
/// <param name="Held">Something in it is pending: see <see cref="PendingChanges"/>.</param>
/// <param name="IsOfMount">Its inodes were recorded on the mount that the library is on now.</param>
internal sealed record CollectionRow(
    long Id, long Library, long? Parent, ContainerKind Kind, string Name, byte[] SortKey, SourceVersion? Version, long? Cover, string? Reason, bool Revisit, bool HasUnmade,
    string Decoder, bool Ignored, bool IsOfMount, bool Held, SourcePath Path)
{
    /// <summary>As the inbox counts it; null where the container could be read.</summary>
    public StandingMark? Mark => Reason is null ? null : new(Reason, Decoder, Ignored);
}

internal static class CollectionRows
{
    private const string Select =
        "SELECT id, library_id, parent_id, kind, name, sort_key, size, stamp, inode, cover_id, reason, revisit, ready < images, decoder, ignored, mount_number = (SELECT mount_number FROM libraries l WHERE l.id = library_id), held, path FROM collections";

    private const string Inserted = "(library_id, parent_id, kind, path, name, parent_path, search, sort_key, updated_at)";

    public static CollectionRow? Get(SqlSession sql, long id) => sql.First($"{Select} WHERE id = $1", Map, id);

    /// <summary>Those of a library that are at these places.</summary>
    public static List<CollectionRow> At(SqlSession sql, long library, IEnumerable<SourcePath> paths) =>
        Arguments.QueryList(sql, $"{Select} WHERE library_id = $1 AND path IN ({{list}})", Map, paths.Select(path => path.Bytes), library);

    /// <summary>The root of a new library.</summary>
    public static void InsertRoot(SqlSession sql, long library, string name, byte[] sortKey, DateTimeOffset now) => sql.Send(
        $"INSERT INTO collections {Inserted} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        library, null, ContainerKind.Directory, SourcePath.Root.Bytes, name, "", Search(SourcePath.Root, name), sortKey, now);

    /// <summary>
    /// Inserts containers below a directory. Answers their ids by their places: one that was there before has its old id again, and of the others one that is inserted
    /// later has a higher one.
    /// </summary>
    public static Dictionary<SourcePath, long> Insert(SqlSession sql, CollectionRow parent, IReadOnlyCollection<FoundContainer> found, DateTimeOffset now)
    {
        if (found.Count == 0) return [];
        var ids = Trash.TakeCollections(sql, parent.Library, found.Select(container => container.Path));
        foreach (var back in found.Where(container => ids.ContainsKey(container.Path)))
            sql.Send("INSERT INTO collections (library_id, parent_id, kind, path, name, parent_path, search, sort_key, updated_at, id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", [.. Values(back), ids[back.Path]]);
        var fresh = found.Where(container => !ids.ContainsKey(container.Path)).ToList();
        if (fresh.Count == 0) return ids;
        var first = sql.Number($"INSERT INTO collections {Inserted} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id", Values(fresh[0]))!.Value;
        ids[fresh[0].Path] = first;
        if (fresh.Count == 1) return ids;
        Arguments.SendRows(sql, $"INSERT INTO collections {Inserted} VALUES {{rows}}", [.. fresh.Skip(1).Select(Values)]);
        var others = sql.Query("SELECT id FROM collections WHERE parent_id = $1 AND id > $2 ORDER BY id", row => row.Long(0), parent.Id, first);
        foreach (var (container, id) in fresh.Skip(1).Zip(others)) ids[container.Path] = id;
        return ids;

        object?[] Values(FoundContainer container) =>
        [
            parent.Library, parent.Id, container.Kind, container.Path.Bytes, container.Name, container.Path.Parent?.Text ?? "", Search(container.Path, container.Name),
            container.SortKey, now,
        ];
    }

    /// <summary>What <c>CollectionQuery.Search</c> looks in.</summary>
    public static string Search(SourcePath path, string name) => $"{path.Text}\n{name}".Normalize().ToLowerInvariant();

    /// <summary>Does nothing where it is noted already: the first note says when it is due.</summary>
    public static void NoteForRevisit(SqlSession sql, long id, DateTimeOffset now)
    {
        var before = sql.Number("SELECT CASE WHEN revisit_at > $2 THEN revisit_tries ELSE 0 END FROM collections WHERE id = $1 AND revisit = 0", id, now - RevisitPause.Longest);
        if (before is not { } tries) return;
        sql.Send("UPDATE collections SET revisit = 1, revisit_at = $2, revisit_tries = $3 WHERE id = $1", id, now + RevisitPause.After((int)tries), tries + 1);
    }

    /// <summary>A scan of them was added, which is the look that they were noted for.</summary>
    public static void PostponeRevisits(SqlSession sql, IEnumerable<CollectionId> collections, DateTimeOffset now) => sql.Execute(
        "UPDATE collections SET revisit_at = $2 WHERE id IN (SELECT value FROM json_each($1)) AND revisit = 1",
        SqlSession.List(collections.Select(c => c.Value)), now + RevisitPause.Longest);

    /// <summary>
    /// Something was seen to change: due at once, but where it is noted already the first note says when. False: so it was. Notes of long ago count for no
    /// row of them.
    /// </summary>
    public static bool NoteForRevisitNow(SqlSession sql, long id, DateTimeOffset now) => sql.Execute(
        """
        UPDATE collections SET revisit = 1, revisit_at = $2, revisit_tries = CASE WHEN revisit_at > $3 THEN revisit_tries ELSE 0 END
        WHERE id = $1 AND revisit = 0
        """, id, now, now - RevisitPause.Longest) > 0;

    /// <summary>
    /// Why the container could not be read, or null, and the decoder that said so. It appears in lists by that, in its library's count and in the
    /// inbox. True where the reason is another one now.
    /// </summary>
    public static bool SetReason(SqlSession sql, long id, string? reason, string? decoder, Counters counters)
    {
        if (Get(sql, id) is not { } before) return false;
        var after = before with { Reason = reason, Decoder = reason is null ? "" : decoder ?? "", Ignored = before.Ignored && reason is not null };
        if (after == before) return false;
        sql.Send("UPDATE collections SET reason = $2, decoder = $3, ignored = $4 WHERE id = $1", id, reason, after.Decoder, after.Ignored);
        counters.FailedContainers(before.Library, (reason is null ? 0 : 1) - (before.Reason is null ? 0 : 1));
        counters.Standing(Handler.Scan, before.Library, before.Mark, after.Mark);
        return before.Reason != reason;
    }

    /// <summary>The first image in natural order is the cover.</summary>
    public static long? SetCover(SqlSession sql, CollectionRow collection)
    {
        var cover = sql.Number("SELECT id FROM images WHERE collection_id = $1 ORDER BY sort_key, id LIMIT 1", collection.Id);
        if (cover != collection.Cover) sql.Send("UPDATE collections SET cover_id = $2 WHERE id = $1", collection.Id, cover);
        return cover;
    }

    /// <summary>Removes a container that holds nothing any more; its id waits in the trash.</summary>
    public static void RemoveEmpty(SqlSession sql, long id, DateTimeOffset now)
    {
        var counters = new Counters();
        SetReason(sql, id, null, null, counters);
        counters.Write(sql);
        Trash.PutCollection(sql, id, now);
        sql.Send("DELETE FROM collections WHERE id = $1", id);
    }

    private static CollectionRow Map(Row row) => new(
        row.Long(0), row.Long(1), row.LongOrNull(2), (ContainerKind)row.Int(3), row.Text(4), row.Bytes(5), row.IsNull(6) ? null : row.Version(6),
        row.LongOrNull(9), row.TextOrNull(10), row.Bool(11), row.Bool(12), row.Text(13), row.Bool(14), row.Bool(15), row.Bool(16), SourcePath.FromBytes(row.Bytes(17)));
}
