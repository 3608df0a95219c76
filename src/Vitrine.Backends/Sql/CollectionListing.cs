using System.Text.Json;
using Vitrine.Core;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

/// <summary>One page of collections. Each sort goes by an index of its own, for all libraries and for one.</summary>
internal sealed class CollectionListing(Grants grants, CollectionQuery query)
{
    private const string Columns =
        """
        SELECT c.id, c.library_id, c.kind, c.name, c.parent_path, c.images, c.ready, c.failed, c.skipped, c.derivative_bytes, c.cover_id,
               c.reason, c.updated_at, c.sort_key
        FROM collections c
        """;

    internal sealed record Place(string Sort, long Number, byte[]? Bytes, long Id);

    public Page<Collection> Read(SqlSession sql)
    {
        var column = Column(query.Sort);
        var (after, direction) = query.Descending ? ("<", "DESC") : (">", "ASC");
        var place = Parse();
        var where = $"c.listed = 1 AND c.library_id NOT IN {LibraryRemoval.Going}";
        if (query.Library is not null) where += " AND c.library_id = $1";
        if (!grants.IsAll) where += " AND c.library_id IN (SELECT value FROM json_each($2))";
        if (place is not null) where += column == "c.id" ? $" AND c.id {after} $4" : $" AND ({column}, c.id) {after} ($3, $4)";
        if (Words().Count > 0) where += " AND NOT EXISTS (SELECT 1 FROM json_each($5, '$') w WHERE instr(c.search, w.value) = 0)";
        var order = column == "c.id" ? $"c.id {direction}" : $"{column} {direction}, c.id {direction}";

        var rows = sql.Query($"{Columns} WHERE {where} ORDER BY {order} LIMIT $6", Map,
            query.Library?.Value, SqlSession.List(grants.Libraries.Select(l => l.Value)), query.Sort == CollectionSort.Name ? place?.Bytes : place?.Number,
            place?.Id, SqlSession.List(Words()), query.Limit);
        var next = rows.Count < query.Limit ? null : Encode(rows[^1]);
        return new(WithCovers(sql, rows), next);
    }

    public static Collection? Find(SqlSession sql, Grants grants, CollectionId id) =>
        WithCovers(sql, sql.Query($"{Columns} WHERE c.id = $1 AND c.library_id NOT IN {LibraryRemoval.Going}", Map, id.Value)).Find(c => grants.Allows(c.Library));

    private static List<Collection> WithCovers(SqlSession sql, List<Found> rows)
    {
        var covers = Covers(sql, rows.Select(r => r.Cover));
        var standIns = rows.Where(r => r.Collection.Kind.IsSequential() && NeedsStandIn(r)).ToDictionary(r => r.Collection.Id, r => StandIn(sql, r.Collection.Id));
        var instead = Covers(sql, standIns.Values);
        return rows.ConvertAll(r => standIns.GetValueOrDefault(r.Collection.Id) is { } standIn ? With(r, standIn, instead) : With(r, r.Cover, covers));

        bool NeedsStandIn(Found row) => row.Collection.Ready > 0 && row.Cover is { } cover
            && covers.GetValueOrDefault(cover)?.Versions.ContainsKey(Preset.Thumbnail.Name) != true;
    }

    private static Dictionary<long, ImageSummary> Covers(SqlSession sql, IEnumerable<long?> ids) =>
        ImageSummaries.Of(sql, [.. ids.OfType<long>()]).ToDictionary(c => c.Id.Value);

    private static Collection With(Found row, long? cover, Dictionary<long, ImageSummary> covers) =>
        cover is { } id ? row.Collection with { Cover = covers.GetValueOrDefault(id) } : row.Collection;

    /// <summary>
    /// The images of a sequential container are made as they are stored, and its cover may be the last: until then the first that was made stands for it.
    /// </summary>
    private static long? StandIn(SqlSession sql, CollectionId collection)
    {
        var first = sql.Number(
            "SELECT min(d.blob_id) FROM images i JOIN derivatives d ON d.image_id = i.id AND d.preset = 'thumbnail' WHERE i.collection_id = $1", collection.Value);
        return first is null ? null : sql.Number(
            "SELECT min(d.image_id) FROM derivatives d JOIN images i ON i.id = d.image_id AND i.collection_id = $2 WHERE d.blob_id = $1 AND d.preset = 'thumbnail'",
            first, collection.Value);
    }

    private static string Column(CollectionSort sort) => sort switch
    {
        CollectionSort.Name => "c.sort_key",
        CollectionSort.Updated => "c.updated_at",
        CollectionSort.Added => "c.id",
        CollectionSort.Images => "c.images",
        CollectionSort.Bytes => "c.derivative_bytes",
        _ => throw new ArgumentOutOfRangeException(nameof(sort)),
    };

    private List<string> Words() =>
        [.. (query.Search ?? "").Normalize().ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(20)];

    /// <summary>A cursor names the sort that it was made by: another one's is refused.</summary>
    private Place? Parse()
    {
        if (query.After is null) return null;
        try
        {
            var place = JsonSerializer.Deserialize(Convert.FromBase64String(query.After), SqlJson.Default.Place);
            return place is not null && place.Sort == SortName() && (place.Bytes is not null || query.Sort != CollectionSort.Name) ? place : throw Cursor.Bad();
        }
        catch (JsonException)
        {
            throw Cursor.Bad();
        }
    }

    private string Encode(Found last)
    {
        var number = query.Sort switch
        {
            CollectionSort.Updated => last.Collection.UpdatedAt.ToUnixTimeMilliseconds(),
            CollectionSort.Images => last.Collection.Images,
            CollectionSort.Bytes => last.Collection.DerivativeBytes,
            _ => 0,
        };
        var bytes = query.Sort == CollectionSort.Name ? last.SortKey : null;
        return Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new(SortName(), number, bytes, last.Collection.Id.Value), SqlJson.Default.Place));
    }

    private string SortName() => query.Descending ? $"{query.Sort}-" : $"{query.Sort}";

    private static Found Map(Row row) => new(
        new(new(row.Long(0)), new(row.Long(1)), (ContainerKind)row.Int(2), row.Text(3), row.Text(4), row.Long(5), row.Long(6), row.Long(7),
            row.Long(8), row.Long(9), null, row.TextOrNull(11), row.Time(12)),
        row.LongOrNull(10), row.Bytes(13));

    private sealed record Found(Collection Collection, long? Cover, byte[] SortKey);
}
