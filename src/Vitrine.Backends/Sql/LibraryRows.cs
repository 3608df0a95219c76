using System.Text.Json;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

internal static class LibraryRows
{
    public const string Select =
        """
        SELECT id, name, root, settings, mount_source, mount_type, created_at, last_scan_at,
               collections, images, ready, failed, skipped, failed_containers
        FROM libraries
        """;

    /// <summary>In the settings of a library that has labels, and in no others.</summary>
    private const string LabelsStart = "\"NodeLabels\":[\"";

    public static string Json(LibrarySettings settings) => JsonSerializer.Serialize(settings, SqlJson.Default.LibrarySettings);

    public static LibrarySettings Settings(string json) => JsonSerializer.Deserialize(json, SqlJson.Default.LibrarySettings)!;

    public static List<Library> List(SqlSession sql)
    {
        var derivatives = sql.Query("SELECT library_id, preset, sum(count), sum(bytes) FROM library_derivatives WHERE count > 0 GROUP BY library_id, preset",
            row => (Library: row.Long(0), Preset: row.Text(1), Count: new DerivativeCount(row.Long(2), row.Long(3)))).ToLookup(d => d.Library);
        return sql.Query($"{Select} WHERE removed = 0 ORDER BY name, id", row => Map(row, derivatives[row.Long(0)].ToDictionary(d => d.Preset, d => d.Count)));
    }

    /// <summary>Libraries that name labels, and none of these.</summary>
    public static IEnumerable<long> ForOtherLabels(SqlSession sql, IReadOnlyCollection<string> labels) => sql
        .Query("SELECT id, settings FROM libraries WHERE instr(settings, $1) > 0", row => (Id: row.Long(0), Settings: Settings(row.Text(1))), LabelsStart)
        .Where(library => !NodeLabels.Fit(labels, library.Settings.NodeLabels ?? [])).Select(library => library.Id);

    private static Library Map(Row row, IReadOnlyDictionary<string, DerivativeCount> derivatives) => new(
        new(row.Long(0)), row.Text(1), row.Text(2), Settings(row.Text(3)), new(row.Text(4), row.Text(5)),
        new(row.Long(8), row.Long(9), row.Long(10), row.Long(11), row.Long(12), row.Long(13), derivatives), row.Time(6), row.TimeOrNull(7));
}
