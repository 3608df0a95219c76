using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Vitrine.Backends.Sql.Sqlite;

/// <summary>Applies the numbered files of Sql/Migrations, each in a transaction with the raise of <c>user_version</c>.</summary>
internal static class Migrations
{
    private const string Prefix = "Migrations/";

    /// <exception cref="StoreException">The schema is newer than this program.</exception>
    public static void Apply(SqliteConnection connection)
    {
        var all = All();
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

    private static List<string> All()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Read)];

        string Read(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}
