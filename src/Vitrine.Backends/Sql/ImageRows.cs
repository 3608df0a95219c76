using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>What changing an image needs to know of it.</summary>
/// <param name="ContentHash">Of the original as it was read last; null where it was not.</param>
internal sealed record ImageRow(
    long Id, long Library, long Collection, SourceVersion Version, ImageState State, string? Reason, string Decoder, bool Ignored, byte[]? ContentHash)
{
    /// <summary>As the inbox counts it; null where it neither failed nor was skipped.</summary>
    public StandingMark? Mark => State > ImageState.Ready ? new(Reason!, Decoder, Ignored) : null;

    /// <param name="decoder">The version that judged so; null where none did.</param>
    public ImageRow As(ImageState state, string? reason, string? decoder)
    {
        var made = state <= ImageState.Ready;
        return this with { State = state, Reason = reason, Decoder = made ? "" : decoder ?? "", Ignored = Ignored && !made };
    }
}

internal static class ImageRows
{
    private const string Columns = "id, library_id, collection_id, size, stamp, inode, state, reason, decoder, ignored, content_hash";

    private const string PlaceColumns = $"{Columns}, raw_name, occurrence, name, sort_key";

    private const string Select = $"SELECT {Columns} FROM images";

    /// <summary>Reasons for which an image was not read though its container may be unchanged: the next scan takes it up again.</summary>
    public static readonly IReadOnlySet<string> NotRead =
        new HashSet<string> { Reason.SourceMissing, Reason.SourceChanged, Reason.NotSettled, Reason.Removed };

    /// <summary>An open item of a job that is not over; a cancelled job leaves its images to the next scan.</summary>
    private const string Planned =
        """
        SELECT 1 FROM jobs j CROSS JOIN items t ON t.job_id = j.id AND t.item = i.id
        WHERE j.status < 2 AND j.library_id = i.library_id AND j.handler = 1 AND t.outcome IS NULL
        """;

    /// <summary>Of these containers those of which a scan would take up some image though nothing changed: one that was not read, or that no job has open.</summary>
    public static HashSet<long> AnyToTakeUp(SqlSession sql, IReadOnlyCollection<long> collections) => collections.Count == 0 ? [] : [.. sql.Query(
        $"""
        SELECT c.id FROM collections c WHERE c.id IN (SELECT value FROM json_each($1)) AND EXISTS (SELECT 1 FROM images i WHERE i.collection_id = c.id
            AND (i.reason IN (SELECT value FROM json_each($2, '$')) OR (i.state = 0 AND NOT EXISTS ({Planned}))))
        """, row => row.Long(0), SqlSession.List(collections), SqlSession.List(NotRead))];

    /// <summary>New images of a container that no job has open.</summary>
    public static List<long> ToTakeUp(SqlSession sql, long collection) => sql.Query(
        $"SELECT i.id FROM images i WHERE i.collection_id = $1 AND i.state = 0 AND NOT EXISTS ({Planned}) ORDER BY i.sort_key, i.id", row => row.Long(0), collection);

    /// <summary>Of these images those that a job has open.</summary>
    public static List<long> PlannedOf(SqlSession sql, IEnumerable<long> images) => sql.Query(
        $"SELECT i.id FROM images i WHERE i.id IN (SELECT value FROM json_each($1)) AND EXISTS ({Planned})", row => row.Long(0), SqlSession.List(images));

    public static ImageRow? Get(SqlSession sql, long id) => sql.First($"{Select} WHERE id = $1", Map, id);

    /// <summary>Those of these images that are there.</summary>
    public static Dictionary<long, ImageRow> Get(SqlSession sql, IEnumerable<long> ids) =>
        sql.Query($"{Select} WHERE id IN (SELECT value FROM json_each($1))", Map, SqlSession.List(ids)).ToDictionary(image => image.Id);

    /// <summary>Images of a container with these names, whatever their occurrence.</summary>
    public static List<KnownImage> At(SqlSession sql, long collection, IEnumerable<RawName> names) => Arguments.QueryList(
        sql, $"SELECT {PlaceColumns} FROM images WHERE collection_id = $1 AND raw_name IN ({{list}})", MapKnown, names.Distinct().Select(name => name.Bytes), collection);

    /// <summary>Images of a directory with these inodes.</summary>
    public static List<KnownImage> WithInodes(SqlSession sql, long collection, IEnumerable<long> inodes) => sql.Query(
        $"SELECT {PlaceColumns} FROM images WHERE collection_id = $1 AND inode IN (SELECT value FROM json_each($2)) ORDER BY id", MapKnown, collection, SqlSession.List(inodes));

    /// <summary>The directory's images are at other places in it, of which each is free then.</summary>
    public static void Rename(SqlSession sql, IReadOnlyList<KnownImage> renamed)
    {
        // One may have the name that another one had: no two have the same place meanwhile.
        sql.Send("UPDATE images SET occurrence = -id WHERE id IN (SELECT value FROM json_each($1))", SqlSession.List(renamed.Select(image => image.Image.Id)));
        foreach (var (image, (name, occurrence), text, sortKey) in renamed)
        {
            sql.Send("UPDATE images SET raw_name = $2, occurrence = $3, name = $4, sort_key = $5 WHERE id = $1", image.Id, name.Bytes, occurrence, text, sortKey);
        }
    }

    /// <param name="decoder">The version that judged so; null where none did.</param>
    public static void SetState(SqlSession sql, ImageRow image, ImageState state, string? reason, string? decoder, Counters counters) =>
        Set(sql, image, image.As(state, reason, decoder), null, counters);

    /// <summary>Writes how an image stands now, and in the same statement what was learnt of it.</summary>
    public static void Set(SqlSession sql, ImageRow image, ImageRow after, ImageFacts? facts, Counters counters)
    {
        if (facts is not null) SetFacts(sql, after, facts);
        else if (after != image)
        {
            sql.Send("UPDATE images SET state = $2, reason = $3, decoder = $4, ignored = $5 WHERE id = $1",
                image.Id, after.State, after.Reason, after.Decoder, after.Ignored);
        }
        if (after != image) Count(image, after, counters);
    }

    private static void SetFacts(SqlSession sql, ImageRow after, ImageFacts facts) => sql.Send(
        """
        UPDATE images SET content_hash = $2, width = $3, height = $4, format = $5, frames = $6, orientation = $7, thumb_hash = $8, color = $9,
            damaged = $10, state = $11, reason = $12, decoder = $13, ignored = $14
        WHERE id = $1
        """, after.Id, facts.ContentHash, facts.Width, facts.Height, facts.Format, facts.Frames, facts.Orientation, facts.ThumbHash, facts.Color, facts.Damaged,
        after.State, after.Reason, after.Decoder, after.Ignored);

    /// <summary>The original is another one now: nothing that was made or learnt of the old one stays.</summary>
    /// <param name="links">Which have read those of this image.</param>
    public static void Renew(SqlSession sql, ImageRow image, SourceVersion version, LinkRows links, Counters counters, DateTimeOffset now)
    {
        KnownContents.Remember(sql, image.Id, now);
        links.Drop(image);
        sql.Send(
            """
            UPDATE images SET size = $2, stamp = $3, inode = $4, state = 0, reason = NULL, decoder = '', ignored = 0, content_hash = NULL, width = 0, height = 0, format = NULL,
                frames = 0, orientation = 0, thumb_hash = NULL, color = NULL, damaged = 0
            WHERE id = $1
            """, image.Id, version.Size, version.Stamp, version.Inode);
        Count(image, image with { State = ImageState.New }, counters);
    }

    /// <summary>Their originals are gone: they wait in the trash for them to come back.</summary>
    public static void PutAway(SqlSession sql, IReadOnlyCollection<long> ids, Counters counters, DateTimeOffset now)
    {
        if (ids.Count == 0) return;
        var images = Get(sql, ids).Values;
        foreach (var image in images)
        {
            KnownContents.Remember(sql, image.Id, now);
            Count(image, null, counters);
        }
        Trash.Put(sql, images, counters, now);
    }

    /// <summary>For good: their library goes.</summary>
    public static void Remove(SqlSession sql, IReadOnlyList<long> ids, Counters counters, DateTimeOffset now)
    {
        var images = Get(sql, ids);
        var links = new LinkRows(sql, counters, new(sql, counters, now));
        links.Read(images.Keys);
        foreach (var image in images.Values)
        {
            KnownContents.Remember(sql, image.Id, now);
            links.Drop(image);
            Count(image, null, counters);
        }
        links.Write();
        sql.Send("DELETE FROM images WHERE id IN (SELECT value FROM json_each($1))", SqlSession.List(images.Keys));
    }

    public static void Count(ImageRow? before, ImageRow? after, Counters counters)
    {
        if ((before ?? after) is not { } image) return;
        counters.Image(image.Library, image.Collection, before?.State, after?.State);
        counters.Standing(Handler.Derive, image.Library, before?.Mark, after?.Mark);
    }

    private static KnownImage MapKnown(Row row) => new(Map(row), (new(row.Bytes(11)), row.Int(12)), row.Text(13), row.Bytes(14));

    private static ImageRow Map(Row row) => new(
        row.Long(0), row.Long(1), row.Long(2), row.Version(3), (ImageState)row.Int(6), row.TextOrNull(7),
        row.Text(8), row.Bool(9), row.BytesOrNull(10));
}
