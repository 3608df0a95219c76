using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>
/// A directory at a place where none was, with the inode, the size and the time of one that is recorded elsewhere on the same mount, is that directory: renamed
/// or moved. Its row goes there with all that is below it, so that collections and images keep their ids, and nothing is gone or new. A directory has one name,
/// so it does not matter whether its old place was looked at yet.
/// </summary>
internal static class MovedDirectories
{
    /// <summary>Those of the directories, which are at places where none is recorded, that were moved there: as they are now.</summary>
    public static List<CollectionRow> Take(SqlSession sql, CollectionRow container, IReadOnlyCollection<FoundContainer> found, DateTimeOffset now)
    {
        var directories = found.Where(directory => directory.Kind == ContainerKind.Directory && directory.Version.Inode != 0).ToList();
        if (directories.Count == 0) return [];
        var candidates = sql.Query(
            """
            SELECT c.id, c.size, c.stamp, c.inode FROM collections c JOIN libraries l ON l.id = c.library_id
            WHERE c.library_id = $1 AND c.inode IN (SELECT value FROM json_each($2)) AND c.kind = 0 AND c.mount_number = l.mount_number AND c.parent_id IS NOT NULL
            """, row => (Id: row.Long(0), Version: row.Version(1)), container.Library, SqlSession.List(directories.Select(directory => directory.Version.Inode)))
            .ToLookup(candidate => candidate.Version, candidate => candidate.Id);
        return [.. directories.Select(directory => candidates[directory.Version].Select(id => Move(sql, id, container, directory, now)).FirstOrDefault()).OfType<CollectionRow>()];
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
