using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

internal sealed class SqlUnreadFileStore(SqlDatabase database) : IUnreadFileStore
{
    public Task<IReadOnlyList<UnreadFiles>?> OfLibraryAsync(Grants grants, LibraryId library, CancellationToken cancellation) =>
        database.ReadAsync(sql => grants.Allows(library) && sql.Number("SELECT 1 FROM libraries WHERE id = $1 AND removed = 0", library.Value) is not null
            ? List(sql, library.Value)
            : null, cancellation);

    private static IReadOnlyList<UnreadFiles> List(SqlSession sql, long library)
    {
        var others = sql.Query(
            "SELECT extension, sum(files) FROM other_files WHERE library_id = $1 GROUP BY extension",
            row => new UnreadFiles(row.Text(0), FileKinds.Of(row.Text(0)), Listed: false, row.Long(1)), library);
        // What stands behind the last dot: the name without its end of other characters is cut off.
        var images = sql.Query(
            """
            SELECT lower(substr(name, length(rtrim(name, replace(name, '.', ''))) + 1)) AS extension, count(*) FROM images
            WHERE library_id = $1 AND state > 1 AND reason = $2 GROUP BY extension
            """,
            row => new UnreadFiles(row.Text(0), FileKind.Image, Listed: true, row.Long(1)), library, Reason.Unsupported);
        return [.. others.Concat(images).OrderByDescending(files => files.Files).ThenBy(files => files.Extension, StringComparer.Ordinal)];
    }
}
