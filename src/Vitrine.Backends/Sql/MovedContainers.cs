using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>
/// A directory or an archive at a place where none was, with the inode, the size and the time of one that is recorded elsewhere on the same mount, is that one: renamed
/// or moved. Its row goes there with all that is below it, so that collections and images keep their ids, and nothing is gone or new. What has one name alone,
/// as every directory has, is not at its old place any more, so it does not matter whether that was looked at yet. An archive that could not be read is tried anew under its new name.
/// </summary>
internal static class MovedContainers
{
    /// <summary>Those of the containers, which are at places where none is recorded, that were moved there: as they are now.</summary>
    public static List<CollectionRow> Take(SqlSession sql, CollectionRow container, IReadOnlyCollection<FoundContainer> found, DateTimeOffset now)
    {
        var movable = found.Where(candidate => candidate.OnlyName && candidate.Version.Inode != 0).ToList();
        if (movable.Count == 0) return [];
        var candidates = sql.Query(
            """
            SELECT c.id, c.size, c.stamp, c.inode, c.kind = 0 FROM collections c JOIN libraries l ON l.id = c.library_id
            WHERE c.library_id = $1 AND c.inode IN (SELECT value FROM json_each($2)) AND (c.kind = 0 OR c.reason IS NULL) AND c.mount_number = l.mount_number AND c.parent_id IS NOT NULL
            """, row => (Id: row.Long(0), Version: row.Version(1), IsDirectory: row.Bool(4)), container.Library, SqlSession.List(movable.Select(candidate => candidate.Version.Inode)))
            .ToLookup(candidate => (candidate.Version, candidate.IsDirectory), candidate => candidate.Id);
        return
        [
            .. movable.Select(moved => candidates[(moved.Version, moved.Kind == ContainerKind.Directory)].Select(id => Move(sql, id, container, moved, now)).FirstOrDefault())
                .OfType<CollectionRow>(),
        ];
    }

    private static CollectionRow? Move(SqlSession sql, long id, CollectionRow container, FoundContainer found, DateTimeOffset now)
    {
        if (CollectionRows.Get(sql, id) is not { } before || IsAbove(before.Path, found.Path)) return null;
        sql.Send("UPDATE collections SET parent_id = $2, updated_at = $3 WHERE id = $1", id, container.Id, now);
        SetPath(sql, id, found.Name, found.SortKey, found.Path);
        sql.Send("DELETE FROM pending_collections WHERE collection_id = $1", id);
        if (before.Parent is { } parent) PendingChanges.SetHeld(sql, parent);
        return CollectionRows.Get(sql, id);
    }

    /// <summary>Also of all that is below it: their paths begin with its own.</summary>
    private static void SetPath(SqlSession sql, long id, string name, byte[] sortKey, SourcePath path)
    {
        sql.Send("UPDATE collections SET path = $2, name = $3, sort_key = $4, parent_path = $5, search = $6 WHERE id = $1",
            id, path.Bytes, name, sortKey, path.Parent?.Text ?? "", CollectionRows.Search(path, name));
        foreach (var below in sql.Query("SELECT id FROM collections WHERE parent_id = $1", row => row.Long(0), id))
        {
            if (CollectionRows.Get(sql, below) is { } child) SetPath(sql, below, child.Name, child.SortKey, path.Append(child.Path.LastSegment));
        }
    }

    /// <summary>No directory can be moved into itself: such a number is not to be trusted.</summary>
    private static bool IsAbove(SourcePath place, SourcePath other) => other.Bytes.AsSpan().StartsWith([.. place.Bytes, (byte)'/']);
}
