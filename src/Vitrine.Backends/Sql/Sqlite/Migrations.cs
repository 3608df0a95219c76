using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Vitrine.Backends.Sql.Sqlite;

/// <summary>Applies the numbered files, each in a transaction with the raise of <c>user_version</c>.</summary>
internal static class Migrations
{
    /// <exception cref="StoreException">The schema is newer than this program.</exception>
    /// <param name="before">Leaves out those from this name on, for a test of what they make of old rows.</param>
    public static void Apply(SqliteConnection connection, string? before = null)
    {
        var all = MigrationFiles.All(before);
        var present = Version(connection);
        if (present > all.Count) throw MigrationFiles.Newer(present, all.Count);
        for (var number = present + 1; number <= all.Count; number++)
        {
            SqliteConnections.Execute(connection, $"BEGIN IMMEDIATE;\n{all[number - 1]}\nPRAGMA user_version = {number};\nCOMMIT;");
        }
    }

    private static int Version(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
