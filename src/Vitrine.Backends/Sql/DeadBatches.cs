using System.Globalization;
using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

/// <summary>The list of dead batches: those whose end is noted and that nobody has retried or dropped.</summary>
internal static class DeadBatches
{
    private const string Columns =
        """
        SELECT b.id, b.job_id, j.handler, b.library_id, b.collection_id, c.path, b.deaths, b.crashed, b.died_at,
               (SELECT count(*) FROM items t WHERE t.batch_id = b.id AND t.reason = 'dead-letter')
        FROM batches b JOIN jobs j ON j.id = b.job_id LEFT JOIN collections c ON c.id = b.collection_id
        """;

    public static Page<DeadBatch> List(SqlSession sql, Grants grants, long before, int limit)
    {
        // The plus keeps this filter from an index that would bring the rows in another order.
        var granted = grants.IsAll ? "" : "AND +b.library_id IN (SELECT value FROM json_each($3))";
        var batches = sql.Query($"{Columns} WHERE b.died_at IS NOT NULL AND b.id < $1 {granted} ORDER BY b.id DESC LIMIT $2",
            Map, before, limit, SqlSession.List(grants.Libraries.Select(l => l.Value)));
        return Cursor.Page(batches, limit, last => last.Id.Value.ToString(CultureInfo.InvariantCulture));
    }

    public static DeadBatch? Find(SqlSession sql, Grants grants, long batch) =>
        sql.First($"{Columns} WHERE b.id = $1 AND b.died_at IS NOT NULL", Map, batch) is { } found && grants.Allows(found.Library) ? found : null;

    public static bool Drop(SqlSession sql, long batch) =>
        sql.Execute("UPDATE batches SET died_at = NULL WHERE id = $1 AND died_at IS NOT NULL", batch) > 0;

    /// <summary>All of a job that is tried again.</summary>
    public static void DropOfJob(SqlSession sql, long job) =>
        sql.Execute("UPDATE batches SET died_at = NULL WHERE job_id = $1 AND died_at IS NOT NULL", job);

    private static DeadBatch Map(Row row) => new(
        new(row.Long(0)), new(row.Long(1)), (Handler)row.Int(2), new(row.Long(3)), new(row.Long(4)), PlaceText.Of(row.BytesOrNull(5), null, null),
        row.Int(6), row.Int(7), row.Long(9), row.Time(8));
}
