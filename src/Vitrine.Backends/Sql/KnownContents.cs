using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Contents that need no decode, since all that is wanted of them is made already. An original's size is the hint, which costs a look into an index; what its
/// bytes hash to decides.
/// </summary>
internal static class KnownContents
{
    /// <summary>Of one size: uncompressed pictures of a scanner all have the same.</summary>
    private const int MaxOfSize = 1024;

    /// <summary>In one lease: some hundred KiB of a request.</summary>
    private const int Max = 4096;

    private const string Facts = "content_hash, width, height, format, frames, orientation, thumb_hash, color, damaged";

    public static IReadOnlyList<ImageFacts> For(SqlSession sql, IReadOnlyList<WorkItem> items)
    {
        var known = new List<ImageFacts>();
        foreach (var size in items.Where(item => item.Presets.Count > 0).GroupBy(item => item.Version.Size))
        {
            var presets = size.SelectMany(item => item.Presets).Distinct().ToList();
            known.AddRange(OfSize(sql, size.Key).Where(facts => presets.TrueForAll(preset => IsMade(sql, preset, facts))));
            if (known.Count >= Max) break;
        }
        return known;
    }

    /// <summary>The image is to be another one, or to go: its content may come back, here or elsewhere.</summary>
    public static void Remember(SqlSession sql, long image, DateTimeOffset now) => sql.Execute(
        $"""
        INSERT INTO former_contents (size, {Facts}, at) SELECT size, {Facts}, $2 FROM images WHERE id = $1 AND content_hash IS NOT NULL AND state = 1
        ON CONFLICT (size, content_hash) DO UPDATE SET at = excluded.at
        """, image, now);

    /// <summary>Forgets up to <paramref name="limit"/> of those that went before a time. Answers how many.</summary>
    public static int Forget(SqlSession sql, DateTimeOffset before, int limit) => sql.Execute(
        """
        DELETE FROM former_contents WHERE (size, content_hash) IN (SELECT size, content_hash FROM former_contents WHERE at < $1 ORDER BY at LIMIT $2)
        """, before, limit);

    private static IEnumerable<ImageFacts> OfSize(SqlSession sql, long size)
    {
        var hashes = sql.Query("SELECT DISTINCT content_hash FROM images WHERE size = $1 AND content_hash IS NOT NULL LIMIT $2", row => row.Bytes(0), size, MaxOfSize);
        var living = hashes.Select(hash => sql.First(
            $"SELECT {Facts} FROM images WHERE size = $1 AND content_hash = $2 AND state = 1 LIMIT 1", Map, size, hash)).OfType<ImageFacts>();
        var former = sql.Query($"SELECT {Facts} FROM former_contents WHERE size = $1 LIMIT $2", Map, size, MaxOfSize);
        return living.Concat(former).DistinctBy(facts => Convert.ToHexString(facts.ContentHash));
    }

    private static bool IsMade(SqlSession sql, Preset preset, ImageFacts facts) =>
        sql.Number("SELECT 1 FROM blobs WHERE key = $1", Convert.FromHexString(preset.KeyFor(facts.ContentHash).Hex)) is not null;

    private static ImageFacts Map(Row row) => new(
        row.Bytes(0), row.Int(1), row.Int(2), row.Text(3), row.Int(4), row.Int(5), row.BytesOrNull(6), row.TextOrNull(7), row.Bool(8));
}
