using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>Adds what a scan found in one collection to the scan's derive job.</summary>
internal static class ScanDerive
{
    public static void Add(SqlSession sql, long scan, CollectionRow container, long? cover, IReadOnlyList<long> fresh, DateTimeOffset now)
    {
        if (fresh.Count == 0 || JobRows.Child(sql, scan) is not { } child || JobRows.Get(sql, child) is not { IsOver: false } derive) return;
        if (derive.Scope.Presets.Count == 0) return;
        var sequential = container.Kind.IsSequential();
        var sizes = sql.Query("SELECT id, size FROM images WHERE id IN (SELECT value FROM json_each($1))", row => (Id: row.Long(0), Size: row.Long(1)), SqlSession.List(fresh))
            .ToDictionary(image => image.Id, image => image.Size);
        var planned = fresh.Select(id => new PlannedItem(id, new(container.Id), sizes.GetValueOrDefault(id), Cover: id == cover, sequential)).ToList();
        var added = BatchRows.Insert(sql, child, container.Library, BatchPlan.Cut(planned, derive.Class));
        if (added < planned.Count) NoteChangedAgain(sql, child, container.Id, fresh, now);
        if (added > 0) sql.Send("UPDATE jobs SET total = total + $2, version = $3 WHERE id = $1", child, added, sql.Next());
    }

    /// <summary>An image that this job has made already, and that changed since: the next scan's job makes it.</summary>
    private static void NoteChangedAgain(SqlSession sql, long child, long collection, IReadOnlyList<long> images, DateTimeOffset now)
    {
        var made = sql.Number("SELECT 1 FROM items WHERE job_id = $1 AND item IN (SELECT value FROM json_each($2)) AND outcome IS NOT NULL LIMIT 1", child, SqlSession.List(images));
        if (made is not null) CollectionRows.NoteForRevisit(sql, collection, now);
    }
}
