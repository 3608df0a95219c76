using System.Globalization;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

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
    /// Takes the locks of batches for the job. Where another job holds one, answers those of its items that this one has open, each with that job.
    /// </summary>
    public static Dictionary<long, long> Take(SqlSession sql, Job job, IReadOnlyCollection<NewBatch> batches, DateTimeOffset now)
    {
        var presets = job.Scope.Presets.Order(StringComparer.Ordinal).ToList();
        var names = batches.Select(batch => batch.Collection).Distinct().SelectMany(collection => presets.Select(preset => Name(collection, preset))).ToList();
        if (names.Count == 0) return [];
        var holders = Holders(sql, names, job.Id.Value, now);
        TakeFree(sql, [.. names.Where(name => !holders.ContainsKey(name)).Order(StringComparer.Ordinal)], job.Id.Value, now);

        var held = new Dictionary<long, long>();
        if (holders.Count == 0) return held;
        var places = batches.SelectMany(batch => presets.Select(preset => (Batch: batch, Lock: Name(batch.Collection, preset)))).Where(place => holders.ContainsKey(place.Lock));
        foreach (var holder in places.GroupBy(place => holders[place.Lock], place => place.Batch))
        {
            foreach (var item in BatchRows.OpenOf(sql, holder.Key, holder.Distinct().SelectMany(batch => batch.Items))) held.TryAdd(item, holder.Key);
        }
        return held;
    }

    /// <summary>The job has nothing open in this collection any more: its locks there are free.</summary>
    public static void FreeWhenDone(SqlSession sql, long job, long collection)
    {
        if (sql.Number("SELECT 1 FROM batches WHERE job_id = $1 AND collection_id = $2 AND state < 3 LIMIT 1", job, collection) is not null) return;
        var id = collection.ToString(CultureInfo.InvariantCulture);
        // All names that begin with the collection's: '0' is the character after '/'.
        sql.Send("DELETE FROM locks WHERE name >= $1 AND name < $2 AND owner = $3", $"{Prefix}{id}/", $"{Prefix}{id}0", Owner(job));
    }

    public static void FreeAll(SqlSession sql, long job) => sql.Send("DELETE FROM locks WHERE owner = $1", Owner(job));

    /// <summary>For all open jobs in one statement.</summary>
    public static void Renew(SqlSession sql, DateTimeOffset until) =>
        sql.Execute("UPDATE locks SET expires_at = $1 WHERE owner IN (SELECT 'job/' || id FROM jobs WHERE status < 2)", until);

    /// <summary>Of these locks those that another job holds, with that job. A time twice as far off as anybody takes a lock for was written before the clock was set back.</summary>
    private static Dictionary<string, long> Holders(SqlSession sql, IEnumerable<string> names, long job, DateTimeOffset now) => sql.Query(
        "SELECT name, owner FROM locks WHERE name IN (SELECT value FROM json_each($1, '$')) AND expires_at > $2 AND expires_at <= $3 AND owner <> $4",
        row => (Name: row.Text(0), Job: long.Parse(row.Text(1)["job/".Length..], CultureInfo.InvariantCulture)),
        SqlSession.List(names), now, now + (2 * Recovery.LockTime), Owner(job)).ToDictionary(held => held.Name, held => held.Job);

    /// <summary>One token for all: nothing is fenced by it.</summary>
    private static void TakeFree(SqlSession sql, List<string> names, long job, DateTimeOffset now)
    {
        if (names.Count == 0) return;
        var (owner, token, until) = (Owner(job), sql.Next(), now + Recovery.LockTime);
        Arguments.SendRows(
            sql,
            """
            INSERT INTO locks (name, owner, token, expires_at) VALUES {rows}
            ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, token = excluded.token, expires_at = excluded.expires_at
            """, names.ConvertAll(name => new object?[] { name, owner, token, until }));
    }

    private static string Name(CollectionId collection, string preset) => $"{Prefix}{collection}/{preset}";

    private static string Owner(long job) => string.Create(CultureInfo.InvariantCulture, $"job/{job}");
}
