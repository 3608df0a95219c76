using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Contents that need no decode, since all that is wanted of them is made already. An original's size is the hint, which costs a look into an index; what its
/// bytes hash to decides.
/// </summary>
internal static class KnownContents
{
    /// <summary>Of one size, and of a usual lease: each costs a look into the blobs, and 44 bytes of a request. Uncompressed pictures of a scanner all have one size.</summary>
    private const int Usual = 1024;

    /// <summary>Of the lease of a sequential archive, which has all of its items: it may have been a folder before.</summary>
    private const int Most = 4096;

    /// <summary>What <see cref="FactsAt"/> reads.</summary>
    public const string Facts = "content_hash, width, height, format, frames, orientation, thumb_hash, color, damaged";

    public static IReadOnlyList<ImageFacts> For(SqlSession sql, IReadOnlyList<WorkItem> items)
    {
        var sizes = items.Where(item => item.Presets.Count > 0).GroupBy(item => item.Version.Size)
            .ToDictionary(size => size.Key, size => size.SelectMany(item => item.Presets).Distinct().ToList());
        var max = Math.Clamp(2 * items.Count, Usual, Most);
        // Sizes that few contents have say most.
        var contents = OfSizes(sql, sizes.Keys).GroupBy(known => known.Size).OrderBy(size => size.Count()).SelectMany(size => size).Take(max);
        var candidates = contents.SelectMany(known => sizes[known.Size].Select(preset => (known.Facts, Key: preset.KeyFor(known.Facts.ContentHash)))).ToList();
        if (candidates.Count == 0) return [];
        var made = Arguments.QueryList(sql, "SELECT key FROM blobs WHERE key IN ({list})", row => row.Hex(0),
            candidates.Select(candidate => candidate.Key.Hex).Distinct().Select(Convert.FromHexString)).ToHashSet();
        return [.. candidates.GroupBy(candidate => candidate.Facts).Where(content => content.All(preset => made.Contains(preset.Key.Hex))).Select(content => content.Key)];
    }

    /// <summary>The image is to be another one, or to go: its content may come back, here or elsewhere.</summary>
    public static void Remember(SqlSession sql, long image, DateTimeOffset now) => sql.Send(
        $"""
        INSERT INTO former_contents (size, {Facts}, at) SELECT size, {Facts}, $2 FROM images WHERE id = $1 AND content_hash IS NOT NULL AND state = 1
        ON CONFLICT (size, content_hash) DO UPDATE SET at = excluded.at
        """, image, now);

    /// <summary>Forgets up to <paramref name="limit"/> of those that went before a time. Answers how many.</summary>
    public static int Forget(SqlSession sql, DateTimeOffset before, int limit) => sql.Execute(
        """
        DELETE FROM former_contents WHERE (size, content_hash) IN (SELECT size, content_hash FROM former_contents WHERE at < $1 ORDER BY at LIMIT $2)
        """, before, limit);

    /// <summary>From a row with <see cref="Facts"/> at <paramref name="first"/>.</summary>
    public static ImageFacts FactsAt(Row row, int first) => new(
        row.Bytes(first), row.Int(first + 1), row.Int(first + 2), row.Text(first + 3), row.Int(first + 4), row.Int(first + 5), row.BytesOrNull(first + 6), row.TextOrNull(first + 7),
        row.Bool(first + 8));

    /// <summary>Each content once, of one image that it was made for, or as it was remembered.</summary>
    private static IEnumerable<(long Size, ImageFacts Facts)> OfSizes(SqlSession sql, IEnumerable<long> sizes)
    {
        var rows = sizes.Select(size => new object[] { size }).ToList();
        if (rows.Count == 0) return [];
        var living = Arguments.QueryUnion(
            sql,
            $$"""
            SELECT size, {{Facts}} FROM images WHERE id IN (
                SELECT (SELECT i.id FROM images i WHERE i.size = {1} AND i.content_hash = h.content_hash AND i.state = 1 LIMIT 1)
                FROM (SELECT DISTINCT content_hash FROM images WHERE size = {1} AND content_hash IS NOT NULL LIMIT $1) AS h)
            """, Map, rows, Usual);
        var former = Arguments.QueryUnion(sql, $$"""SELECT size, {{Facts}} FROM former_contents WHERE size = {1} LIMIT $1""", Map, rows, Usual);
        return living.Concat(former).DistinctBy(known => (known.Size, Convert.ToHexString(known.Facts.ContentHash)));
    }

    private static (long Size, ImageFacts Facts) Map(Row row) => (row.Long(0), FactsAt(row, 1));
}
