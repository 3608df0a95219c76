using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlCatalog(SqlDatabase database) : ICatalog
{
    public Task<Page<Collection>> CollectionsAsync(Grants grants, CollectionQuery query, CancellationToken cancellation)
    {
        var listing = new CollectionListing(grants, query);
        return database.ReadAsync(listing.Read, cancellation);
    }

    public Task<Collection?> CollectionAsync(Grants grants, CollectionId id, CancellationToken cancellation) =>
        database.ReadAsync(sql => CollectionListing.Find(sql, grants, id), cancellation);

    public Task<Page<ImageSummary>?> ImagesAsync(Grants grants, CollectionId collection, string? after, int limit, CancellationToken cancellation)
    {
        var start = Cursor.Number(after);
        return database.ReadAsync(sql =>
        {
            if (!IsGranted(sql, grants, collection)) return null;
            // The cursor is the last image's id: its sort key is looked up, and where it is gone the cursor is refused.
            var from = start == 0 ? null : sql.First("SELECT sort_key FROM images WHERE id = $1 AND collection_id = $2", row => row.Bytes(0), start, collection.Value)
                ?? throw Cursor.Bad();
            var images = ImageSummaries.Read(sql,
                """
                SELECT id FROM images WHERE collection_id = $1 AND (sort_key, id) > ($2, $3) ORDER BY sort_key, id LIMIT $4
                """, collection.Value, from ?? [], start, limit);
            return Cursor.Page(images, limit, last => last.Id.ToString());
        }, cancellation);
    }

    public Task<IReadOnlyList<Image>> ImagesAsync(Grants grants, IReadOnlyList<ImageId> ids, CancellationToken cancellation) => database.ReadAsync(
        IReadOnlyList<Image> (sql) => [.. ids.Select(id => ImageSummaries.Full(sql, id)).OfType<Image>().Where(image => grants.Allows(image.Library))], cancellation);

    public Task<Neighbours?> NeighboursAsync(Grants grants, ImageId id, CancellationToken cancellation) => database.ReadAsync(sql =>
    {
        var place = sql.First(
            $"""
            SELECT i.collection_id, i.sort_key, c.images, c.library_id FROM images i JOIN collections c ON c.id = i.collection_id
            WHERE i.id = $1 AND c.library_id NOT IN {LibraryRemoval.Going}
            """,
            row => new { Collection = row.Long(0), SortKey = row.Bytes(1), Count = row.Long(2), Library = new LibraryId(row.Long(3)) }, id.Value);
        if (place is null || !grants.Allows(place.Library)) return null;

        var previous = ImageSummaries.Read(sql,
            "SELECT id FROM images WHERE collection_id = $1 AND (sort_key, id) < ($2, $3) ORDER BY sort_key DESC, id DESC LIMIT 1",
            place.Collection, place.SortKey, id.Value);
        var next = ImageSummaries.Read(sql,
            "SELECT id FROM images WHERE collection_id = $1 AND (sort_key, id) > ($2, $3) ORDER BY sort_key, id LIMIT 1",
            place.Collection, place.SortKey, id.Value);
        var index = sql.Number("SELECT count(*) FROM images WHERE collection_id = $1 AND (sort_key, id) < ($2, $3)", place.Collection, place.SortKey, id.Value);
        return new Neighbours(previous.FirstOrDefault(), next.FirstOrDefault(), index!.Value, place.Count);
    }, cancellation);

    public Task<ImageSummary?> RandomAsync(Grants grants, double point, CancellationToken cancellation) => database.ReadAsync(sql =>
    {
        var libraries = LibraryRows.List(sql).FindAll(l => l.Counters.Images > 0 && grants.Allows(l.Id));
        var place = point * libraries.Sum(l => l.Counters.Images);
        foreach (var library in libraries)
        {
            if (place >= library.Counters.Images)
            {
                place -= library.Counters.Images;
                continue;
            }
            var first = sql.Number("SELECT min(id) FROM images WHERE library_id = $1", library.Id.Value)!.Value;
            var last = sql.Number("SELECT max(id) FROM images WHERE library_id = $1", library.Id.Value)!.Value;
            var start = first + (long)(place / library.Counters.Images * (last - first + 1));
            return ImageSummaries.Read(sql, "SELECT id FROM images WHERE library_id = $1 AND id >= $2 ORDER BY id LIMIT 1", library.Id.Value, start)[0];
        }
        return null;
    }, cancellation);

    public Task<Page<PlannedItem>> ToDeriveAsync(JobScope scope, string? after, int limit, CancellationToken cancellation) =>
        database.ReadAsync(sql => PlanListing.Read(sql, scope, after, limit), cancellation);

    private static bool IsGranted(SqlSession sql, Grants grants, CollectionId collection) =>
        sql.Number($"SELECT library_id FROM collections WHERE id = $1 AND library_id NOT IN {LibraryRemoval.Going}", collection.Value) is { } library && grants.Allows(new(library));
}
