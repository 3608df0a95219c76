using System.Globalization;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Locks of the jobs that people start, one for each collection and preset, so that of two jobs over the same images one makes them and the other is
/// told at once. They are taken in the transaction that plans the batch, in sorted order, and owned by the job. They save work and guard nothing:
/// the commit drops doubles.
/// </summary>
internal static class BulkLocks
{
    private const string Prefix = "bulk/";

    /// <summary>
    /// Takes the locks of a batch for the job. Where another job holds one, answers the items of the batch that it has open, each with that job.
    /// </summary>
    public static Dictionary<long, long> Take(SqlSession sql, Job job, NewBatch batch, DateTimeOffset now)
    {
        var taken = new Dictionary<long, long>();
        foreach (var preset in job.Scope.Presets.Order(StringComparer.Ordinal))
        {
            var holder = TakeOne(sql, $"{Prefix}{batch.Collection}/{preset}", job.Id.Value, now);
            if (holder is null) continue;
            foreach (var item in OpenOf(sql, holder.Value, batch.Items)) taken.TryAdd(item, holder.Value);
        }
        return taken;
    }

    /// <summary>The job has nothing open in this collection any more: its locks there are free.</summary>
    public static void FreeWhenDone(SqlSession sql, long job, long collection)
    {
        if (sql.Number("SELECT 1 FROM batches WHERE job_id = $1 AND collection_id = $2 AND state < 3 LIMIT 1", job, collection) is not null) return;
        var id = collection.ToString(CultureInfo.InvariantCulture);
        // All names that begin with the collection's: '0' is the character after '/'.
        sql.Execute("DELETE FROM locks WHERE name >= $1 AND name < $2 AND owner = $3", $"{Prefix}{id}/", $"{Prefix}{id}0", Owner(job));
    }

    public static void FreeAll(SqlSession sql, long job) => sql.Execute("DELETE FROM locks WHERE owner = $1", Owner(job));

    /// <summary>For all open jobs in one statement.</summary>
    public static void Renew(SqlSession sql, DateTimeOffset until) =>
        sql.Execute("UPDATE locks SET expires_at = $1 WHERE owner IN (SELECT 'job/' || id FROM jobs WHERE status < 2)", until);

    /// <summary>Null: the job has it now. Else the job that holds it.</summary>
    private static long? TakeOne(SqlSession sql, string name, long job, DateTimeOffset now)
    {
        var token = sql.Number(
            """
            INSERT INTO locks (name, owner, token, expires_at) VALUES ($1, $2, $3, $5)
            ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, token = excluded.token, expires_at = excluded.expires_at
            WHERE locks.expires_at <= $4 OR locks.expires_at > $5 OR locks.owner = excluded.owner
            RETURNING token
            """, name, Owner(job), sql.Next(), now, now + Recovery.LockTime);
        if (token is not null) return null;
        var owner = sql.First("SELECT owner FROM locks WHERE name = $1", row => row.Text(0), name)!;
        return long.Parse(owner["job/".Length..], CultureInfo.InvariantCulture);
    }

    private static List<long> OpenOf(SqlSession sql, long holder, IEnumerable<long> items) => sql.Query(
        "SELECT item FROM items WHERE job_id = $1 AND item IN (SELECT value FROM json_each($2)) AND outcome IS NULL",
        row => row.Long(0), holder, SqlSession.List(items));

    private static string Owner(long job) => string.Create(CultureInfo.InvariantCulture, $"job/{job}");
}
