using System.Text.Json;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

/// <summary>Batches of one image and of no job: what somebody looks at.</summary>
internal static class LookedAt
{
    public static AddAnswer OnDemand(SqlSession sql, BatchAddition.OnDemand wanted)
    {
        var open = sql.First("SELECT id, presets FROM batches WHERE image_id = $1 AND state < 3",
            row => new { Id = row.Long(0), Presets = row.Texts(1) }, wanted.Image.Value);
        if (open is not null)
        {
            var presets = open.Presets.Union(wanted.Presets).ToList();
            if (presets.Count > open.Presets.Length) sql.Execute("UPDATE batches SET presets = $2 WHERE id = $1", open.Id, SqlSession.List(presets));
            return new(true, new(open.Id));
        }
        var id = sql.Number(
            """
            INSERT INTO batches (library_id, collection_id, class, image_id, presets)
            SELECT library_id, collection_id, 0, id, $2 FROM images WHERE id = $1 RETURNING id
            """, wanted.Image.Value, SqlSession.List(wanted.Presets));
        return id is { } batch ? new(true, new(batch)) : new(false);
    }

    /// <summary>Whether the image's library leaves the preset to those who look at it.</summary>
    public static bool IsOnDemandAlone(SqlSession sql, BatchAddition.Renewal wanted)
    {
        var settings = sql.First("SELECT l.settings FROM images i JOIN libraries l ON l.id = i.library_id AND l.removed = 0 WHERE i.id = $1", row => row.Text(0), wanted.Image.Value);
        return settings is not null && !LibraryRows.Settings(settings).Presets.Contains(wanted.Preset);
    }

    public static AddAnswer InView(SqlSession sql, BatchAddition.InView view)
    {
        // The newest is served first, so what stands first in the view is added last.
        var added = AddCovers(sql, [.. view.Covers.Reverse().Select(cover => cover.Value).Distinct()]);
        sql.Send(
            """
            DELETE FROM batches WHERE job_id IS NULL AND class = $1 AND state < 2 AND state = 0 AND id <= (
                SELECT id FROM batches WHERE job_id IS NULL AND class = $1 AND state < 2 AND state = 0 ORDER BY id DESC LIMIT 1 OFFSET $2)
            """, BatchClass.Covers, BatchAddition.MostInView);
        return new(added > 0);
    }

    /// <summary>Those that are not made, can be made, and that nobody has already, in this order. Answers how many they are.</summary>
    private static int AddCovers(SqlSession sql, IReadOnlyList<long> images)
    {
        if (images.Count == 0) return 0;
        var list = SqlSession.List(images);
        var had = sql.Query("SELECT image_id FROM batches WHERE image_id IN (SELECT value FROM json_each($1)) AND state < 3", row => row.Long(0), list).Concat(InHand(sql, list)).ToHashSet();
        var unmade = sql.Query(
            """
            SELECT i.id, i.library_id, i.collection_id, l.settings FROM images i JOIN libraries l ON l.id = i.library_id AND l.removed = 0
            WHERE i.id IN (SELECT value FROM json_each($1)) AND i.state < 2
                AND NOT EXISTS (SELECT 1 FROM derivatives d WHERE d.image_id = i.id AND d.preset = 'thumbnail')
            """, row => (Image: row.Long(0), Library: row.Long(1), Collection: row.Long(2), LibraryRows.Settings(row.Text(3)).Presets), list)
            .Where(image => image.Presets.Count > 0 && !had.Contains(image.Image)).ToDictionary(image => image.Image);
        var rows = images.Where(unmade.ContainsKey).Select(image => unmade[image])
            .Select(i => new object?[] { i.Library, i.Collection, BatchClass.Covers, i.Image, SqlSession.List(i.Presets) }).ToList();
        Arguments.SendRows(sql, "INSERT INTO batches (library_id, collection_id, class, image_id, presets) VALUES {rows}", rows);
        return rows.Count;
    }

    private static List<long> InHand(SqlSession sql, string images) => sql.Query(
        """
        SELECT t.item FROM jobs j JOIN items t ON t.job_id = j.id JOIN batches b ON b.id = t.batch_id
        WHERE j.status < 2 AND j.handler = 1 AND t.item IN (SELECT value FROM json_each($1)) AND t.outcome IS NULL AND b.state = 2
        """, row => row.Long(0), images);
}
