using System.Globalization;
using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Images of a scope for the planner. A page is <c>limit</c> images that were looked at, so that a library where nothing is missing
/// costs short reads as well: a page may be empty and yet have a next one.
/// </summary>
internal static class PlanListing
{
    private sealed record Candidate(PlannedItem Item, bool Missing);

    /// <param name="Present">How many of the scope's presets it has.</param>
    /// <param name="Reason">Why it stands as failed or skipped; null where it does not.</param>
    private readonly record struct Looked(PlannedItem Item, long Present, string? Reason);

    public static Page<PlannedItem> Read(SqlSession sql, JobScope scope, string? after, int limit)
    {
        if (scope.Failures is { } failures) return OfFailures(sql, scope, failures, after, limit);
        var start = Cursor.Pair(after);
        var looked = scope.Images is null ? OfCollections(sql, scope, start, limit) : OfImages(sql, scope, start, limit);
        var isLast = looked.Count < limit;
        if (!isLast && looked[^1].Item is { Sequential: true } last) looked.AddRange(RestOf(sql, scope, last));
        return Wanted(looked, isLast ? null : Cursor.Of(looked[^1].Item.Collection.Value, looked[^1].Item.Item));
    }

    private static Page<PlannedItem> Wanted(List<Candidate> looked, string? next) => new([.. looked.Where(c => c.Missing).Select(c => c.Item)], next);

    private static Page<PlannedItem> OfFailures(SqlSession sql, JobScope scope, FailureQuery failures, string? after, int limit) => failures switch
    {
        FailureQuery.OfJob of => OfItems(sql, scope, FailureScope.OfJob(FailureScope.IsGivenUp(sql, of.Job)), of.Job.Value, after, limit),
        FailureQuery.OfBatch of => OfItems(sql, scope, FailureScope.OfBatch, of.Batch.Value, after, limit),
        FailureQuery.Standing s => OfStanding(sql, scope, s with { Library = scope.Library, Kind = Handler.Derive }, StandingPlace.Parse(after), limit),
        _ => throw new NotSupportedException(failures.GetType().Name),
    };

    /// <summary>What was removed since is not there to be tried again; what was made since is looked at and left out.</summary>
    private static Page<PlannedItem> OfItems(SqlSession sql, JobScope scope, string where, long id, string? after, int limit)
    {
        var looked = Items("", FailureScope.Page, Cursor.Number(after), limit, null);
        var next = looked.Count < limit ? null : looked[^1].Item.Item.ToString(CultureInfo.InvariantCulture);
        return Wanted(WithWholeContainers(looked, container => Items("AND i.collection_id = $5", "ORDER BY i.id LIMIT $3", 0, int.MaxValue, container)), next);

        List<Candidate> Items(string some, string part, long start, int most, long? container)
        {
            var text = $"{Columns()} FROM items t JOIN images i ON i.id = t.item JOIN collections c ON c.id = i.collection_id {where} {some} {part}";
            return Judge(scope, container is null
                ? sql.Query(text, row => Map(row), id, start, most, Presets(scope))
                : sql.Query(text, row => Map(row), id, start, most, Presets(scope), container));
        }
    }

    private static Page<PlannedItem> OfStanding(SqlSession sql, JobScope scope, FailureQuery.Standing selection, StandingPlace start, int limit)
    {
        var found = Standing(selection, start, limit);
        var next = found.Count < limit ? null : found[^1].Place.ToCursor();
        return Wanted(WithWholeContainers(Judge(scope, found.ConvertAll(f => f.Looked)), OfContainer), next);

        List<(Looked Looked, StandingPlace Place)> Standing(FailureQuery.Standing some, StandingPlace after, int most) =>
            StandingListing.Read(sql, Grants.All, some, after, most, (group, place, room) => sql.Query(
                StandingListing.Images(some, Columns("$10")),
                row => (Looked: Map(row), Place: StandingPlace.Of(group, row.Long(1), row.Long(0))),
                StandingListing.Arguments(some, group, place, room, Presets(scope))));

        List<Candidate> OfContainer(long container) =>
            Judge(scope, Standing(selection with { Collection = new(container) }, StandingPlace.Start, int.MaxValue).ConvertAll(f => f.Looked));
    }

    /// <summary>
    /// A page of failures goes by their ids or reasons, and what failed in one sequential container may stand in several. With the first of it comes all of it,
    /// so that it is one batch and one pass; what comes again with a later page is in the job already.
    /// </summary>
    private static List<Candidate> WithWholeContainers(List<Candidate> page, Func<long, List<Candidate>> ofContainer) =>
    [
        .. page.Where(candidate => !candidate.Item.Sequential),
        .. page.Where(candidate => candidate.Item.Sequential).Select(candidate => candidate.Item.Collection.Value).Distinct().SelectMany(ofContainer),
    ];

    /// <summary>The rest of the collection where the last page ended, then those after it: each part goes by an index of its own.</summary>
    private static List<Candidate> OfCollections(SqlSession sql, JobScope scope, (long Collection, long Image) start, int limit)
    {
        var looked = sql.Query(
            $"{Columns()} FROM images i JOIN collections c ON c.id = i.collection_id WHERE i.collection_id = $1 AND i.id > $2 ORDER BY i.id LIMIT $3",
            row => Map(row), start.Collection, start.Image, limit, Presets(scope));
        if (looked.Count < limit)
        {
            var some = scope.Collections is null ? "" : "AND c.id IN (SELECT value FROM json_each($5))";
            looked.AddRange(sql.Query(
                $"""
                {Columns()} FROM collections c CROSS JOIN images i ON i.collection_id = c.id
                WHERE c.library_id = $1 AND c.id > $2 {some} ORDER BY c.id, i.id LIMIT $3
                """, row => Map(row), scope.Library.Value, start.Collection, limit - looked.Count, Presets(scope),
                scope.Collections is null ? null : SqlSession.List(scope.Collections.Select(c => c.Value))));
        }
        return Judge(scope, looked);
    }

    /// <summary>The rest of a sequential container, which the page ended within: at most as many as an archive may have entries.</summary>
    private static IEnumerable<Candidate> RestOf(SqlSession sql, JobScope scope, PlannedItem last)
    {
        var rest = Judge(scope, sql.Query(
            $"{Columns()} FROM images i JOIN collections c ON c.id = i.collection_id WHERE i.collection_id = $1 AND i.id > $2 ORDER BY i.id LIMIT $3",
            row => Map(row), last.Collection.Value, last.Item, int.MaxValue, Presets(scope)));
        if (scope.Collections?.Contains(last.Collection) == false) return [];
        var chosen = scope.Images?.Select(image => image.Value).ToHashSet();
        return chosen is null ? rest : rest.Where(candidate => chosen.Contains(candidate.Item.Item));
    }

    private static List<Candidate> OfImages(SqlSession sql, JobScope scope, (long Collection, long Image) start, int limit)
    {
        var collections = scope.Collections?.Select(c => c.Value).ToHashSet();
        var ids = SqlSession.List(scope.Images!.Select(i => i.Value));
        var looked = sql.Query(
            $"""
            {Columns()} FROM images i JOIN collections c ON c.id = i.collection_id
            WHERE i.id IN (SELECT value FROM json_each($5)) AND i.library_id = $1 AND (i.collection_id, i.id) > ($2, $6)
            ORDER BY i.collection_id, i.id LIMIT $3
            """, row => Map(row), scope.Library.Value, start.Collection, limit, Presets(scope), ids, start.Image);
        return Judge(scope, looked).ConvertAll(c => c with { Missing = c.Missing && collections?.Contains(c.Item.Collection.Value) != false });
    }

    private static string Columns(string presets = "$4") =>
        $"""
        SELECT i.id, i.collection_id, i.size, i.id = c.cover_id,
               (SELECT count(*) FROM derivatives d JOIN presets p ON p.name = d.preset AND p.recipe = d.recipe
                WHERE d.image_id = i.id AND d.preset IN (SELECT value FROM json_each({presets}, '$'))),
               CASE WHEN i.state > 1 THEN i.reason END, c.kind
        """;

    private static Looked Map(Row row) =>
        new(new(row.Long(0), new(row.Long(1)), row.Long(2), !row.IsNull(3) && row.Bool(3), ((ContainerKind)row.Int(6)).IsSequential()), row.Long(4), row.TextOrNull(5));

    /// <summary>What stands as failed is tried again also where all presets are there: it failed at one that the job does not make.</summary>
    private static List<Candidate> Judge(JobScope scope, List<Looked> looked) => looked.ConvertAll(
        l => new Candidate(l.Item, scope.Incomplete ? IsIncomplete(scope, l) : scope.Force || l.Present < scope.Presets.Count || (scope.Failures is not null && l.Reason is not null)));

    private static bool IsIncomplete(JobScope scope, Looked looked) =>
        looked.Reason is { } reason ? Reason.Of(reason).Retryable : looked.Present < scope.Presets.Count;

    private static string Presets(JobScope scope) => SqlSession.List(scope.Presets);
}
