using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>Removes rows of finished jobs, one job at a time and so many rows at a time.</summary>
internal static class JobPruning
{
    public static Pruned Prune(SqlSession sql, Pruning pruning)
    {
        // The plus keeps a filter from an index that would bring the rows in another order.
        var which = pruning.Whole ? "+status IN (2, 4)" : "pruned = 0";
        if (pruning.Libraries is not null) which += " AND +library_id IN (SELECT value FROM json_each($2))";
        var job = sql.Number($"SELECT id FROM jobs WHERE status >= 2 AND finished_at < $1 AND {which} ORDER BY finished_at, id LIMIT 1",
            pruning.Before, pruning.Libraries is null ? null : SqlSession.List(pruning.Libraries.Select(l => l.Value)));
        if (job is not { } id) return default;

        var rows = sql.Execute(
            """
            DELETE FROM items WHERE job_id = $1 AND item IN (
                SELECT item FROM items WHERE job_id = $1 AND ($2 = 1 OR outcome IS NULL OR outcome <> 2) ORDER BY item LIMIT $3)
            """, id, pruning.Whole, pruning.Rows);
        if (rows < pruning.Rows)
        {
            rows += sql.Execute("DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE job_id = $1 AND ($2 = 1 OR state <> 4) LIMIT $3)",
                id, pruning.Whole, pruning.Rows - rows);
        }
        if (rows == pruning.Rows) return new(rows, 0);
        if (!pruning.Whole) return new(rows + sql.Execute("UPDATE jobs SET pruned = 1 WHERE id = $1", id), 0);

        sql.Execute("UPDATE jobs SET parent_id = NULL WHERE parent_id = $1", id);
        return new(rows + sql.Execute("DELETE FROM jobs WHERE id = $1", id), 1);
    }
}
