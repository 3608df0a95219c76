using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Vitrine.Backends.Sql.Sqlite;

/// <summary>Applies the numbered files of Sql/Migrations, each in a transaction with the raise of <c>user_version</c>.</summary>
internal static class Migrations
{
    private const string Prefix = "Migrations/";

    /// <exception cref="StoreException">The schema is newer than this program.</exception>
    /// <param name="before">Leaves out those from this name on, for a test of what they make of old rows.</param>
    public static void Apply(SqliteConnection connection, string? before = null)
    {
        var all = All(before);
        var present = Version(connection);
        if (present > all.Count)
        {
            throw new StoreException("database-newer",
                $"The database has schema {present} and this Vitrine knows {all.Count}: it was used by a newer one. Upgrade, or restore a backup.");
        }
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

    private static List<string> All(string? before)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .TakeWhile(n => before is null || string.CompareOrdinal(n, Prefix + before) < 0).Select(Read)];

        string Read(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}
