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

    /// <inheritdoc cref="ILibraryStore.DirectoriesAsync"/>
    public static List<KnownDirectory> Known(SqlSession sql, IReadOnlyCollection<CollectionId> directories, bool below)
    {
        var which = below
            ? "c.parent_id IN (SELECT value FROM json_each($1)) AND NOT EXISTS (SELECT 1 FROM pending_collections p WHERE p.collection_id = c.id)"
            : "c.id IN (SELECT value FROM json_each($1))";
        var rows = sql.Query($"{Select} WHERE {which} AND c.kind = 0 ORDER BY c.id", Map, SqlSession.List(directories.Select(directory => directory.Value)));
        var trusted = Trusted(sql, rows);
        return rows.ConvertAll(row => row.Known with { Listing = trusted.Contains(row.Id) ? row.Known.Listing : null });
    }

    /// <summary>Of these directories those whose listing is recorded, and says all.</summary>
    public static HashSet<long> TrustedOf(SqlSession sql, IReadOnlyCollection<long> directories) => directories.Count == 0
        ? []
        : Trusted(sql, sql.Query($"{Select} WHERE c.id IN (SELECT value FROM json_each($1)) AND c.kind = 0", Map, SqlSession.List(directories)));

    /// <summary>A listing would do more where nothing changed: take up images, or look again at an archive.</summary>
    private static HashSet<long> Trusted(SqlSession sql, List<Found> directories)
    {
        var listed = directories.FindAll(directory => directory.Known.Listing is not null);
        if (listed.Count == 0) return [];
        var archives = ArchivesBelow(sql, listed);
        var open = archives.Where(archive => archive.IsOpen).Select(archive => archive.Parent).ToHashSet();
        var unsure = archives.FindAll(archive => archive.HasUnmade && !open.Contains(archive.Parent));
        var unmade = listed.FindAll(directory => directory.HasUnmade && !open.Contains(directory.Id));
        var toTakeUp = ImageRows.AnyToTakeUp(sql, [.. unmade.Select(directory => directory.Id), .. unsure.Select(archive => archive.Id)]);
        open.UnionWith(toTakeUp);
        open.UnionWith(unsure.Where(archive => toTakeUp.Contains(archive.Id)).Select(archive => archive.Parent));
        return [.. listed.Select(directory => directory.Id).Where(id => !open.Contains(id))];
    }

    private static List<Archive> ArchivesBelow(SqlSession sql, List<Found> directories) => sql.Query(
        """
        SELECT id, parent_id, revisit = 1 OR held = 1 OR size IS NULL, reason, ready < images FROM collections
        WHERE parent_id IN (SELECT value FROM json_each($1)) AND kind > 0 AND (revisit = 1 OR held = 1 OR size IS NULL OR reason IS NOT NULL OR ready < images)
        """,
        row => new Archive(row.Long(0), row.Long(1), row.Bool(2) || (row.TextOrNull(3) is { } reason && Reason.Of(reason).Retryable), row.Bool(4)),
        SqlSession.List(directories.Select(directory => directory.Id)));

    private static Found Map(Row row) => new(new(new(row.Long(0)), SourcePath.FromBytes(row.Bytes(1)), row.BytesOrNull(2)), row.Bool(3));

    private sealed record Found(KnownDirectory Known, bool HasUnmade)
    {
        public long Id => Known.Id.Value;
    }

    private sealed record Archive(long Id, long Parent, bool IsOpen, bool HasUnmade);
}
