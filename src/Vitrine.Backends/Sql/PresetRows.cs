using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Sql;

internal static class PresetRows
{
    private const string Columns = "name, max_edge, format, quality, keep_frames";

    /// <summary>Those that are not retired.</summary>
    public static List<Preset> All(SqlSession sql) => sql.Query($"SELECT {Columns} FROM presets WHERE retired_at IS NULL ORDER BY name", Map);

    /// <summary>Those of these names that are among them, in the order of the names.</summary>
    public static IReadOnlyList<Preset> Named(IEnumerable<Preset> all, IReadOnlyList<string> names)
    {
        var byName = all.ToDictionary(preset => preset.Name);
        return [.. names.Where(byName.ContainsKey).Select(name => byName[name])];
    }

    private static Preset Map(Row row) => new(row.Text(0), (int?)row.LongOrNull(1), (DerivativeFormat)row.Int(2), row.Int(3), row.Bool(4));
}
