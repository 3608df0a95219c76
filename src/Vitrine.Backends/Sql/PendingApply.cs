using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>Applies what was noted and decided, a page at a time, so that the one writer is free for others in between; a restart goes on.</summary>
internal static class PendingApply
{
    private sealed record Pending(long Image, long Collection, SourceVersion? Version);

    /// <summary>
    /// At most so many images and collections. False: nothing decided is left. What is to be made anew goes into the derive job of <paramref name="scan"/>, in
    /// whose last transaction this is; with null, its collections are noted for a scan of their own.
    /// </summary>
    public static bool Page(SqlSession sql, long library, long? scan, int limit, DateTimeOffset now)
    {
        if (Brake.Get(sql, library) is not { State: BrakeState.Applying } brake) return false;
        var touched = new Dictionary<long, List<long>>();
        var left = limit - ApplyImages(sql, brake, limit, touched, now);
        while (left > 0 && NextGone(sql, brake) is { } gone) left -= Empty(sql, gone, left, touched, now);
        foreach (var (collection, renewed) in touched) End(sql, collection, renewed, scan, now);
        if (left <= 0) return true;

        // What scans have noted since is not decided yet.
        if (!Brake.IsNoted(sql, library))
        {
            Brake.Clear(sql, library, now);
            return false;
        }
        sql.Execute("UPDATE brakes SET state = $2 WHERE library_id = $1", library, BrakeState.Gathering);
        if (scan is null) Brake.Decide(sql, library, brake.Scan, null, now);
        return false;
    }

    private static int ApplyImages(SqlSession sql, BrakeRow brake, int limit, Dictionary<long, List<long>> touched, DateTimeOffset now)
    {
        var page = sql.Query(
            $"SELECT image_id, collection_id, size, stamp, inode FROM pending_images WHERE {Brake.IsDue} AND scan_id <= $2 ORDER BY library_id, scan_id LIMIT $3",
            row => new Pending(row.Long(0), row.Long(1), row.IsNull(2) ? null : row.Version(2)), brake.Library, brake.Scan, limit);
        var counters = new Counters();
        foreach (var collection in page.Select(pending => pending.Collection)) touched.TryAdd(collection, []);
        ImageRows.PutAway(sql, [.. page.Where(pending => pending.Version is null).Select(pending => pending.Image)], counters, now);
        Renew(sql, page.FindAll(pending => pending.Version is not null), touched, counters, now);
        sql.Send("DELETE FROM pending_images WHERE image_id IN (SELECT value FROM json_each($1))", SqlSession.List(page.Select(pending => pending.Image)));
        counters.Write(sql);
        return page.Count;
    }

    private static void Renew(SqlSession sql, List<Pending> changed, Dictionary<long, List<long>> touched, Counters counters, DateTimeOffset now)
    {
        if (changed.Count == 0) return;
        var images = ImageRows.Get(sql, changed.Select(pending => pending.Image));
        var links = new LinkRows(sql, counters, new(sql, counters, now));
        links.Read(images.Keys);
        foreach (var (id, collection, version) in changed.Where(pending => images.ContainsKey(pending.Image)))
        {
            ImageRows.Renew(sql, images[id], version!.Value, links, counters, now);
            touched[collection].Add(id);
        }
        links.Write();
    }

    /// <summary>The innermost collection of one that is gone.</summary>
    private static long? NextGone(SqlSession sql, BrakeRow brake)
    {
        var at = sql.Number(
            $"SELECT collection_id FROM pending_collections WHERE {Brake.IsDue} AND scan_id <= $2 ORDER BY library_id, scan_id LIMIT 1", brake.Library, brake.Scan);
        for (var below = at; below is not null; below = sql.Number("SELECT id FROM collections WHERE parent_id = $1 LIMIT 1", at)) at = below;
        return at;
    }

    /// <summary>Answers how much was done.</summary>
    private static int Empty(SqlSession sql, long collection, int limit, Dictionary<long, List<long>> touched, DateTimeOffset now)
    {
        var images = sql.Query("SELECT id FROM images WHERE collection_id = $1 LIMIT $2", row => row.Long(0), collection, limit);
        var counters = new Counters();
        ImageRows.PutAway(sql, images, counters, now);
        counters.Write(sql);
        if (images.Count == limit) return images.Count;
        if (sql.Number("SELECT parent_id FROM pending_collections WHERE collection_id = $1", collection) is { } parent) touched.TryAdd(parent, []);
        touched.Remove(collection);
        CollectionRows.RemoveEmpty(sql, collection, now);
        return images.Count + 1;
    }

    private static void End(SqlSession sql, long collection, List<long> renewed, long? scan, DateTimeOffset now)
    {
        if (CollectionRows.Get(sql, collection) is not { } row) return;
        var cover = CollectionRows.SetCover(sql, row);
        sql.Execute("UPDATE collections SET updated_at = $2 WHERE id = $1", collection, now);
        PendingChanges.SetHeld(sql, collection);
        if (renewed.Count == 0) return;
        if (scan is { } running) ScanDerive.Add(sql, running, row, cover, renewed, now);
        else CollectionRows.NoteForRevisitNow(sql, collection, now);
    }
}
