using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Takes a library away: marked at once, so that nobody reads or works on it, and then page by page, so that the one writer is free for others
/// in between, however many images it had. The mark is in the store, so a restart goes on.
/// </summary>
internal static class LibraryRemoval
{
    /// <summary>The ids of libraries that are going, for <c>NOT IN</c>.</summary>
    public const string Going = "(SELECT id FROM libraries WHERE removed = 1)";

    /// <summary>False: there is no such library. Its root is free for another from now on.</summary>
    public static bool Mark(SqlSession sql, long id, DateTimeOffset now)
    {
        if (sql.Execute("UPDATE libraries SET removed = 1, root = 'removed ' || id WHERE id = $1 AND removed = 0", id) == 0) return false;
        sql.Execute("DELETE FROM schedules WHERE library_id = $1", id);
        foreach (var job in sql.Query("SELECT id FROM jobs WHERE library_id = $1 AND status < 2", row => row.Long(0), id)) JobRows.Cancel(sql, job, now);
        foreach (var batch in sql.Query("SELECT id FROM batches WHERE library_id = $1 AND state < 3", row => row.Long(0), id))
        {
            BatchRows.Close(sql, BatchRows.Get(sql, batch)!);
        }
        SqlWithdrawalStore.NoteEverybody(sql, now);
        return true;
    }

    /// <summary>At most so many images or collections of one marked library, or its own row when it has none left. False: no library is marked.</summary>
    public static bool Sweep(SqlSession sql, int limit, DateTimeOffset now)
    {
        if (sql.Number("SELECT id FROM libraries WHERE removed = 1 ORDER BY id LIMIT 1") is not { } library) return false;
        if (!SweepImages(sql, library, limit, now) && !SweepCollections(sql, library, limit) && Trash.ForgetLibrary(sql, library, limit, now) == 0) sql.Execute("DELETE FROM libraries WHERE id = $1", library);
        return true;
    }

    private static bool SweepImages(SqlSession sql, long library, int limit, DateTimeOffset now)
    {
        var images = sql.Query("SELECT id FROM images WHERE library_id = $1 ORDER BY id LIMIT $2", row => row.Long(0), library, limit);
        var counters = new Counters();
        ImageRows.Remove(sql, images, counters, now);
        counters.Write(sql);
        return images.Count > 0;
    }

    private static bool SweepCollections(SqlSession sql, long library, int limit)
    {
        var collections = sql.Query("SELECT id FROM collections WHERE library_id = $1 ORDER BY id DESC LIMIT $2", row => row.Long(0), library, limit);
        var counters = new Counters();
        foreach (var collection in collections) CollectionRows.SetReason(sql, collection, null, null, counters);
        counters.Write(sql);
        var list = SqlSession.List(collections);
        sql.Execute("UPDATE collections SET parent_id = NULL WHERE parent_id IN (SELECT value FROM json_each($1))", list);
        sql.Execute("DELETE FROM collections WHERE id IN (SELECT value FROM json_each($1))", list);
        return collections.Count > 0;
    }
}
