using System.Text.Json;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Where a page of standing failures ends: a group, and within it a collection and an item. As text it is a cursor.
/// </summary>
internal sealed record StandingPlace(Handler Kind, long Library, string Reason, string Decoder, bool Ignored, long Collection, long Item)
{
    public static StandingPlace Start { get; } = new(Handler.Scan, 0, "", "", false, 0, 0);

    /// <exception cref="FormatException">The cursor is none of ours.</exception>
    public static StandingPlace Parse(string? cursor)
    {
        if (cursor is null) return Start;
        try
        {
            var place = JsonSerializer.Deserialize(Convert.FromBase64String(cursor), SqlJson.Default.StandingPlace);
            return place is { Reason: not null, Decoder: not null } ? place : throw Cursor.Bad();
        }
        catch (JsonException)
        {
            throw Cursor.Bad();
        }
    }

    public string ToCursor() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(this, SqlJson.Default.StandingPlace));

    public bool IsIn(FailureGroup group) =>
        (Kind, Library, Reason, Decoder, Ignored) == (group.Kind, group.Library.Value, group.Reason, group.Decoder, group.Ignored);

    public static StandingPlace Of(FailureGroup group, long collection = 0, long item = 0) =>
        new(group.Kind, group.Library.Value, group.Reason, group.Decoder, group.Ignored, collection, item);
}

/// <summary>
/// Goes through standing failures group by group, in the order of the groups' key, and within a group by collection and id. Every part is a
/// range of an index, whatever is asked for; what moves to another group meanwhile may be seen twice, what stays is seen once.
/// </summary>
internal static class StandingListing
{
    /// <summary>Rows of one group after a place in it; those of collections (a container is one) or images.</summary>
    public delegate List<T> ReadGroup<T>(FailureGroup group, StandingPlace after, int limit);

    public static List<FailureGroup> Groups(SqlSession sql, Grants grants) => GroupsFrom(sql, grants, StandingPlace.Start);

    public static List<T> Read<T>(SqlSession sql, Grants grants, FailureQuery.Standing selection, StandingPlace after, int limit, ReadGroup<T> read)
    {
        var found = new List<T>();
        foreach (var group in GroupsFrom(sql, grants, after).Where(selection.Selects))
        {
            if (found.Count >= limit) break;
            found.AddRange(read(group, after.IsIn(group) ? after : StandingPlace.Of(group), limit - found.Count));
        }
        return found;
    }

    /// <summary>Images of a group, as rows of the given columns of <c>images i</c> and <c>collections c</c>; more arguments stand from $10 on.</summary>
    public static string Images(FailureQuery.Standing selection, string columns, string joins = "") =>
        $"""
        {columns} FROM images i JOIN collections c ON c.id = i.collection_id {joins}
        WHERE i.state > 1 AND i.library_id = $1 AND i.reason = $2 AND i.decoder = $3 AND i.ignored = $4 AND {Range(selection)}
        ORDER BY i.collection_id, i.id LIMIT $7
        """;

    /// <summary>Containers of a group, as rows of the given columns of <c>collections c</c>.</summary>
    public static string Containers(FailureQuery.Standing selection, string columns, string joins = "") =>
        $"""
        {columns} FROM collections c {joins}
        WHERE c.reason IS NOT NULL AND c.library_id = $1 AND c.reason = $2 AND c.decoder = $3 AND c.ignored = $4 AND c.id > $6
            {(selection.Collection is null ? "" : "AND c.id = $8")} ORDER BY c.id LIMIT $7
        """;

    /// <summary>The arguments of both.</summary>
    public static object?[] Arguments(FailureQuery.Standing selection, FailureGroup group, StandingPlace after, int limit, params ReadOnlySpan<object?> more) =>
    [
        group.Library.Value, group.Reason, group.Decoder, group.Ignored, after.Collection, after.Item, limit, selection.Collection?.Value,
        selection.Image?.Value, .. more,
    ];

    // Each is a text of its own, so that its index is used as far as it goes.
    private static string Range(FailureQuery.Standing selection) => selection switch
    {
        { Image: not null, Collection: null } => "i.id = $9 AND i.id > $6",
        { Image: not null } => "i.id = $9 AND i.id > $6 AND i.collection_id = $8",
        { Collection: not null } => "i.collection_id = $8 AND i.id > $6",
        _ => "(i.collection_id, i.id) > ($5, $6)",
    };

    private static List<FailureGroup> GroupsFrom(SqlSession sql, Grants grants, StandingPlace start) => sql.Query(
        $"""
        SELECT library_id, kind, reason, decoder, ignored, count FROM failure_groups
        WHERE (kind, library_id, reason, decoder, ignored) >= ($1, $2, $3, $4, $5) AND library_id NOT IN {LibraryRemoval.Going} ORDER BY kind, library_id, reason, decoder, ignored
        """, row => new FailureGroup(new(row.Long(0)), (Handler)row.Int(1), row.Text(2), row.Text(3), row.Bool(4), row.Long(5)),
        start.Kind, start.Library, start.Reason, start.Decoder, start.Ignored).FindAll(group => grants.Allows(group.Library));
}
