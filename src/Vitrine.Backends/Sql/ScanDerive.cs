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
        var planned = fresh.Select(id => new PlannedItem(
            id, new(container.Id), sql.Number("SELECT size FROM images WHERE id = $1", id) ?? 0, Cover: id == cover, sequential)).ToList();
        var added = BatchPlan.Cut(planned, derive.Class).Sum(batch => BatchRows.Insert(sql, child, container.Library, batch));
        if (added < planned.Count) NoteChangedAgain(sql, child, container.Id, planned, now);
        if (added > 0) sql.Execute("UPDATE jobs SET total = total + $2, version = $3 WHERE id = $1", child, added, sql.Next());
    }

    /// <summary>An image that this job has made already, and that changed since: the next scan's job makes it.</summary>
    private static void NoteChangedAgain(SqlSession sql, long child, long collection, List<PlannedItem> planned, DateTimeOffset now)
    {
        if (!planned.Exists(p => sql.Number("SELECT 1 FROM items WHERE job_id = $1 AND item = $2 AND outcome IS NOT NULL", child, p.Item) is not null)) return;
        CollectionRows.NoteForRevisit(sql, collection, now);
    }
}
