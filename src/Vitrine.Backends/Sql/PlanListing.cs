using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Images of a scope for the planner. A page is <c>limit</c> images that were looked at, so that a library where nothing is missing
/// costs short reads as well: a page may be empty and yet have a next one.
/// </summary>
internal static class PlanListing
{
    private sealed record Candidate(PlannedItem Item, bool Missing);

    public static Page<PlannedItem> Read(SqlSession sql, JobScope scope, (long Collection, long Image) start, int limit)
    {
        var looked = scope.Images is null ? OfCollections(sql, scope, start, limit) : OfImages(sql, scope, start, limit);
        var isLast = looked.Count < limit;
        if (!isLast && looked[^1].Item is { Sequential: true } last) looked.AddRange(RestOf(sql, scope, last));
        var next = isLast ? null : Cursor.Of(looked[^1].Item.Collection.Value, looked[^1].Item.Item);
        return new([.. looked.Where(c => c.Missing).Select(c => c.Item)], next);
    }

    /// <summary>The rest of the collection where the last page ended, then those after it: each part goes by an index of its own.</summary>
    private static List<Candidate> OfCollections(SqlSession sql, JobScope scope, (long Collection, long Image) start, int limit)
    {
        var looked = sql.Query(
            $"{Columns} FROM images i JOIN collections c ON c.id = i.collection_id WHERE i.collection_id = $1 AND i.id > $2 ORDER BY i.id LIMIT $3",
            row => Map(row), start.Collection, start.Image, limit, Presets(scope));
        if (looked.Count < limit)
        {
            var some = scope.Collections is null ? "" : "AND c.id IN (SELECT value FROM json_each($5))";
            looked.AddRange(sql.Query(
                $"""
                {Columns} FROM collections c CROSS JOIN images i ON i.collection_id = c.id
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
            $"{Columns} FROM images i JOIN collections c ON c.id = i.collection_id WHERE i.collection_id = $1 AND i.id > $2 ORDER BY i.id LIMIT $3",
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
            {Columns} FROM images i JOIN collections c ON c.id = i.collection_id
            WHERE i.id IN (SELECT value FROM json_each($5)) AND i.library_id = $1 AND (i.collection_id, i.id) > ($2, $6)
            ORDER BY i.collection_id, i.id LIMIT $3
            """, row => Map(row), scope.Library.Value, start.Collection, limit, Presets(scope), ids, start.Image);
        return Judge(scope, looked).ConvertAll(c => c with { Missing = c.Missing && collections?.Contains(c.Item.Collection.Value) != false });
    }

    private const string Columns =
        """
        SELECT i.id, i.collection_id, i.size, i.id = c.cover_id,
               (SELECT count(*) FROM derivatives d WHERE d.image_id = i.id AND d.preset IN (SELECT value FROM json_each($4))), c.kind
        """;

    private static (PlannedItem Item, long Present) Map(Row row) =>
        (new(row.Long(0), new(row.Long(1)), row.Long(2), !row.IsNull(3) && row.Bool(3), ((ContainerKind)row.Int(5)).IsSequential()), row.Long(4));

    private static List<Candidate> Judge(JobScope scope, List<(PlannedItem Item, long Present)> looked) =>
        looked.ConvertAll(l => new Candidate(l.Item, scope.Force || l.Present < scope.Presets.Count));

    private static string Presets(JobScope scope) => SqlSession.List(scope.Presets);
}
