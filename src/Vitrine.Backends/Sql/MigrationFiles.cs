using System.Reflection;

namespace Vitrine.Backends.Sql;

/// <summary>The numbered files of Sql/Migrations, in SQLite's SQL: the first one makes schema 1.</summary>
internal static class MigrationFiles
{
    private const string Prefix = "Migrations/";

    /// <param name="before">Leaves out those from this name on, for a test of what they make of old rows.</param>
    public static List<string> All(string? before = null)
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

    /// <summary>The database was used by a later program.</summary>
    public static StoreException Newer(long present, int known) => new(
        "database-newer", $"The database has schema {present} and this Vitrine knows {known}: it was used by a newer one. Upgrade, or restore a backup.");
}
