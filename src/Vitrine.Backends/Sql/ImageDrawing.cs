using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Statistics;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Draws images of a scope with equal chances: each so many-th one, counted through the collections by their counters, so that no more images are read than are
/// drawn.
/// </summary>
internal static class ImageDrawing
{
    private const int Page = 1000;

    public static Drawing Draw(SqlSession sql, JobScope scope, int most)
    {
        if (scope.Images is { } images) return new(images.Count, [.. EachOf(images.Count, most).Select(place => Read(sql, scope, images[(int)place].Value)).OfType<DrawnImage>()]);
        var total = scope.Collections is null
            ? sql.Number("SELECT images FROM libraries WHERE id = $1", scope.Library.Value) ?? 0
            : sql.Number("SELECT sum(images) FROM collections WHERE id IN (SELECT value FROM json_each($1))", List(scope)) ?? 0;
        return new(total, [.. OfCollections(sql, scope, EachOf(total, most))]);
    }

    /// <summary>Places from 0 on, as far apart from each other as they can be.</summary>
    private static IEnumerable<long> EachOf(long total, int most)
    {
        var count = Math.Min(total, most);
        for (var i = 0L; i < count; i++) yield return (long)((i + 0.5) * total / count);
    }

    private static IEnumerable<DrawnImage> OfCollections(SqlSession sql, JobScope scope, IEnumerable<long> places)
    {
        var passed = 0L;
        using var place = places.GetEnumerator();
        if (!place.MoveNext()) yield break;
        foreach (var collection in Collections(sql, scope))
        {
            while (place.Current < passed + collection.Images)
            {
                var id = sql.Number("SELECT id FROM images WHERE collection_id = $1 ORDER BY id LIMIT 1 OFFSET $2", collection.Id, place.Current - passed);
                if (id is not null && Read(sql, scope, id.Value) is { } drawn) yield return drawn with { Sequential = collection.Kind.IsSequential() };
                if (!place.MoveNext()) yield break;
            }
            passed += collection.Images;
        }
    }

    private static IEnumerable<(long Id, ContainerKind Kind, long Images)> Collections(SqlSession sql, JobScope scope)
    {
        var some = scope.Collections is null ? "library_id = $1" : "id IN (SELECT value FROM json_each($1))";
        object key = scope.Collections is null ? scope.Library.Value : List(scope);
        for (var last = 0L; ;)
        {
            var page = sql.Query($"SELECT id, kind, images FROM collections WHERE {some} AND id > $2 ORDER BY id LIMIT $3",
                row => (Id: row.Long(0), Kind: (ContainerKind)row.Int(1), Images: row.Long(2)), key, last, Page);
            foreach (var collection in page) yield return collection;
            if (page.Count < Page) yield break;
            last = page[^1].Id;
        }
    }

    private static DrawnImage? Read(SqlSession sql, JobScope scope, long id)
    {
        var found = sql.First("SELECT name, size FROM images WHERE id = $1 AND library_id = $2", row => Tuple.Create(row.Text(0), row.Long(1)), id, scope.Library.Value);
        if (found is null) return null;
        var present = scope.Force ? [] : sql.Query(
            "SELECT d.preset FROM derivatives d JOIN presets p ON p.name = d.preset AND p.recipe = d.recipe WHERE d.image_id = $1", row => row.Text(0), id);
        return new(new(id), Path.GetExtension(found.Item1).ToLowerInvariant(), found.Item2, false, [.. scope.Presets.Except(present)]);
    }

    private static string List(JobScope scope) => SqlSession.List(scope.Collections!.Select(collection => collection.Value));
}
