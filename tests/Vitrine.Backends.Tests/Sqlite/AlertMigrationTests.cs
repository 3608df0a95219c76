using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Sqlite;

namespace Vitrine.Backends.Tests.Sqlite;

/// <summary>Alerts from before they said whose they are: the migration finds it in what they are about.</summary>
public sealed class AlertMigrationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-migration-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Old_ones_get_their_library_and_none_that_names_a_path_is_left()
    {
        var connection = SqliteConnections.OpenWriter(Path.Combine(_folder, "vitrine.db"));
        Migrations.Apply(connection, before: "0022");
        SqliteConnections.Execute(connection, OldRows);

        Migrations.Apply(connection);

        using var sql = new SqliteSession(connection);
        Assert.Equal(["brake library/2 2", "decoder-memory  none", "job-failures job/12 2"], sql.Query(
            "SELECT concat_ws(' ', code, subject, coalesce(library_id, 'none')) FROM alerts ORDER BY code", row => row.Text(0)));
    }

    private const string OldRows =
        """
        INSERT INTO libraries (id, name, root, settings, mount_source, mount_type, created_at) VALUES (2, 'two', '/p', '{}', 'd', 'ext4', 0);
        INSERT INTO jobs (id, handler, library_id, presets, force, class, created_at, version) VALUES (12, 1, 2, '[]', 0, 2, 0, 1);
        INSERT INTO alerts (code, subject, severity, message, raised, first_at, last_at, version) VALUES
            ('brake', 'library/2', 1, 'm', 1, 0, 0, 1), ('original-damaged', 'library/1', 1, 'gone', 1, 0, 0, 2), ('job-failures', 'job/12', 1, 'm', 1, 0, 0, 3),
            ('job-failures', 'job/11', 1, 'pruned', 1, 0, 0, 4), ('path-refused', '/p', 1, '/p', 1, 0, 0, 5), ('cache-folder-missing', 'folder/1', 2, '/c', 1, 0, 0, 6),
            ('decoder-memory', '', 1, 'm', 1, 0, 0, 7);
        """;
}
