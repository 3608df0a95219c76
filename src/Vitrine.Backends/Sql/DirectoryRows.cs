using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>Directories whose listing is recorded, and whether that says all.</summary>
internal static class DirectoryRows
{
    private const string Select =
        """
        SELECT c.id, c.path, CASE WHEN c.revisit = 0 AND c.held = 0 AND c.reason IS NULL AND c.mount_number = l.mount_number THEN c.listing END, c.ready < c.images
        FROM collections c JOIN libraries l ON l.id = c.library_id
        """;

    /// <summary>Those that are noted as gone are not looked for.</summary>
    public static List<KnownDirectory> Known(SqlSession sql, long directory)
    {
        var rows = sql.Query($"{Select} WHERE c.id = $1 AND c.kind = 0", Map, directory);
        if (rows.Count > 0) rows.AddRange(sql.Query($"{Select} WHERE c.parent_id = $1 AND c.kind = 0 AND c.id NOT IN (SELECT collection_id FROM pending_collections WHERE parent_id = $1) ORDER BY c.id", Map, directory));
        return rows.ConvertAll(row => row.Known with { Listing = IsTrusted(sql, row) ? row.Known.Listing : null });
    }

    public static bool IsKnown(SqlSession sql, long directory) =>
        sql.First($"{Select} WHERE c.id = $1 AND c.kind = 0", row => Map(row), directory) is { } found && IsTrusted(sql, found);

    /// <summary>What a listing would do though nothing changed: take up images, or look again at an archive.</summary>
    private static bool IsTrusted(SqlSession sql, Found found) =>
        found.Known.Listing is not null && !(found.HasUnmade && ImageRows.AnyToTakeUp(sql, found.Known.Id.Value)) && !AnyArchiveToLookAt(sql, found.Known.Id.Value);

    private static bool AnyArchiveToLookAt(SqlSession sql, long directory) => sql.Query(
        """
        SELECT id, revisit = 1 OR held = 1 OR size IS NULL, reason, ready < images FROM collections
        WHERE parent_id = $1 AND kind > 0 AND (revisit = 1 OR held = 1 OR size IS NULL OR reason IS NOT NULL OR ready < images)
        """,
        row => (Id: row.Long(0), Open: row.Bool(1), Reason: row.TextOrNull(2), HasUnmade: row.Bool(3)), directory)
        .Exists(archive => archive.Open || (archive.Reason is { } reason && Reason.Of(reason).Retryable)
            || (archive.HasUnmade && ImageRows.AnyToTakeUp(sql, archive.Id)));

    private static Found Map(Row row) => new(new(new(row.Long(0)), SourcePath.FromBytes(row.Bytes(1)), row.BytesOrNull(2)), row.Bool(3));

    private sealed record Found(KnownDirectory Known, bool HasUnmade);
}
