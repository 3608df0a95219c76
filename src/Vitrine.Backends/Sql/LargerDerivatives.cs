using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Derivatives from which smaller ones of the same content are made, found by their keys: so they are of the present recipe and deriver, and of whichever image
/// with that content.
/// </summary>
internal static class LargerDerivatives
{
    /// <summary>Items of one lease that it is looked for; those behind are made from their originals.</summary>
    private const int Max = 4096;

    /// <summary>The items, those of images that are ready with what they can be made from.</summary>
    /// <param name="ready">Whose recorded facts are those of the recorded version.</param>
    public static List<WorkItem> For(SqlSession sql, List<WorkItem> items, IReadOnlySet<long> ready, IReadOnlyList<Preset> presets)
    {
        var asked = items.Where(item => item.Presets.Count > 0 && ready.Contains(item.Item)).Take(Max).ToList();
        if (asked.Count == 0) return items;
        var facts = sql.Query(
            $"SELECT id, {KnownContents.Facts} FROM images WHERE id IN (SELECT value FROM json_each($1)) AND content_hash IS NOT NULL",
            row => (Image: row.Long(0), Facts: KnownContents.FactsAt(row, 1)), SqlSession.List(asked.Select(item => item.Item))).ToDictionary(row => row.Image, row => row.Facts);
        var sources = asked.Where(item => facts.ContainsKey(item.Item)).ToDictionary(item => item.Item, item => Keys(item, presets, facts[item.Item]));
        var made = Made(sql, sources.SelectMany(source => source.Value.Select(key => (Key: key, Facts: facts[source.Key]))).DistinctBy(source => source.Key).ToDictionary());
        return [.. items.Select(item => sources.GetValueOrDefault(item.Item)?.FirstOrDefault(made.ContainsKey) is { } key ? item with { Larger = made[key] } : item)];
    }

    private static List<string> Keys(WorkItem item, IReadOnlyList<Preset> presets, ImageFacts facts) =>
        [.. LargerDerivative.Sources(item.Presets, presets, facts).Select(preset => preset.KeyFor(facts.ContentHash).Hex)];

    /// <param name="contents">What each key is of.</param>
    private static Dictionary<string, LargerDerivative> Made(SqlSession sql, Dictionary<string, ImageFacts> contents) => Arguments.QueryList(
        sql,
        """
        SELECT b.key, f.path, b.name, b.size, b.hash FROM blobs b JOIN cache_folders f ON f.id = b.folder_id
        WHERE b.key IN ({list}) AND b.size <= $1 AND b.content_type = 'image/jpeg' AND b.partial = 0
        """, row => (Key: row.Hex(0), Larger: new LargerDerivative(row.Text(1), row.Text(2), row.Long(3), row.Hex(4), contents[row.Hex(0)])),
        contents.Keys.Select(Convert.FromHexString), LargerDerivative.MaxBytes).ToDictionary();
}
