using Microsoft.Data.Sqlite;
using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Sqlite;

namespace Vitrine.Backends.Tests.Sqlite;

/// <summary>A database from before what is cached was counted: the migration counts it.</summary>
public sealed class CountedMigrationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-migration-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Old_rows_are_counted()
    {
        var connection = SqliteConnections.OpenWriter(Path.Combine(_folder, "vitrine.db"));
        Migrations.Apply(connection, before: "0010");
        SqliteConnections.Execute(connection, OldRows);

        Migrations.Apply(connection);

        using var sql = new SqliteSession(connection);
        Assert.Empty(LedgerAudit.Make(sql).Differences);
        Assert.Equal(["2/1"], sql.Query("SELECT concat_ws('/', cached, cached_collections) FROM libraries", row => row.Text(0)));
        Assert.Equal(["display image/jpeg 1 500", "thumbnail image/webp 2 200"], sql.Query(
            "SELECT concat_ws(' ', preset, content_type, count, bytes) FROM library_derivatives ORDER BY preset", row => row.Text(0)));
        Assert.Equal(["1/100/0/0"], sql.Query(
            "SELECT concat_ws('/', shared_links, shared_bytes, removed_links, removed_bytes) FROM cache_totals", row => row.Text(0)));
    }

    /// <summary>Three images in two collections: two share a thumbnail, one of them has a display image too, and the third has nothing.</summary>
    private const string OldRows =
        """
        INSERT INTO libraries (id, name, root, settings, mount_source, mount_type, created_at, collections, images) VALUES (1, 'one', '/p', '{}', 'd', 'ext4', 0, 2, 3);
        INSERT INTO collections (id, library_id, kind, path, name, parent_path, search, sort_key, updated_at, images, derivatives, derivative_bytes)
            VALUES (1, 1, 0, x'61', 'a', '', 'a', x'61', 0, 2, 3, 700), (2, 1, 0, x'62', 'b', '', 'b', x'62', 0, 1, 0, 0);
        INSERT INTO images (id, library_id, collection_id, raw_name, occurrence, name, sort_key, size, stamp, inode)
            VALUES (1, 1, 1, x'31', 0, '1', x'31', 1, 1, 1), (2, 1, 1, x'32', 0, '2', x'32', 1, 1, 1), (3, 1, 2, x'33', 0, '3', x'33', 1, 1, 1);
        INSERT INTO cache_folders (id, path, marker, priority, limit_bytes, floor_bytes, presets, blobs, bytes) VALUES (1, '/c', 'm', 0, 1000, 0, '[]', 2, 600);
        INSERT INTO blobs (id, key, folder_id, name, size, hash, content_type, width, height, partial, refs)
            VALUES (1, x'01', 1, 't', 100, x'01', 'image/webp', 1, 1, 0, 2), (2, x'02', 1, 'd', 500, x'02', 'image/jpeg', 1, 1, 0, 1);
        INSERT INTO derivatives (image_id, preset, blob_id) VALUES (1, 'thumbnail', 1), (1, 'display', 2), (2, 'thumbnail', 1);
        INSERT INTO library_derivatives (library_id, preset, count, bytes) VALUES (1, 'thumbnail', 2, 200), (1, 'display', 1, 500);
        """;
}
