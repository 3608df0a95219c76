using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

/// <summary>What a job that tries failures again works on.</summary>
internal static class FailureScope
{
    private const int PageContainers = 1000;

    /// <summary>Failed items of a job, or, of one that was given up, also those that it left open.</summary>
    public static string OfJob(bool givenUp) => givenUp
        ? "WHERE t.job_id = $1 AND t.item > $2 AND (t.outcome IS NULL OR t.outcome = 2)"
        : "WHERE t.job_id = $1 AND t.item > $2 AND t.outcome > 0 AND t.outcome = 2";

    public const string OfBatch = "WHERE t.batch_id = $1 AND t.reason = 'dead-letter' AND t.item > $2";

    /// <summary>Items are looked at in order of their ids.</summary>
    public const string Page = "ORDER BY t.item LIMIT $3";

    public static bool IsGivenUp(SqlSession sql, JobId job) => JobRows.Get(sql, job.Value) is { Status: JobStatus.Failed };

    /// <summary>Hands over the containers of a scan that tries again, page by page.</summary>
    public static void ForEachContainers(SqlSession sql, JobScope scope, Action<IReadOnlyCollection<long>> take)
    {
        var after = StandingPlace.Start;
        List<(long Id, StandingPlace Place)> page;
        do
        {
            page = Containers(sql, scope, after);
            take(page.ConvertAll(container => container.Id));
            if (page.Count > 0) after = page[^1].Place;
        }
        while (page.Count == PageContainers);
    }

    private static List<(long Id, StandingPlace Place)> Containers(SqlSession sql, JobScope scope, StandingPlace after) => scope.Failures switch
    {
        FailureQuery.OfJob of => OfItems(sql, OfJob(IsGivenUp(sql, of.Job)), of.Job.Value, after),
        FailureQuery.OfBatch of => OfItems(sql, OfBatch, of.Batch.Value, after),
        FailureQuery.Standing s => OfStanding(sql, s with { Library = scope.Library, Kind = Handler.Scan }, after),
        _ => [],
    };

    private static List<(long Id, StandingPlace Place)> OfItems(SqlSession sql, string where, long id, StandingPlace after) => sql.Query(
        $"SELECT t.item FROM items t {where} {Page}", row => (row.Long(0), after with { Item = row.Long(0) }), id, after.Item, PageContainers);

    private static List<(long Id, StandingPlace Place)> OfStanding(SqlSession sql, FailureQuery.Standing selection, StandingPlace after) =>
        StandingListing.Read(sql, Grants.All, selection, after, PageContainers, (group, start, room) => sql.Query(
            StandingListing.Containers(selection, "SELECT c.id"), row => (row.Long(0), StandingPlace.Of(group, item: row.Long(0))),
            StandingListing.Arguments(selection, group, start, room)));
}
