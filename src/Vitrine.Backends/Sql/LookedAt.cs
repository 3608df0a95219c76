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
            """, wanted.Image.Value, JsonSerializer.Serialize(wanted.Presets));
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
        var added = view.Covers.Reverse().Count(cover => AddCover(sql, cover.Value));
        sql.Execute(
            """
            DELETE FROM batches WHERE job_id IS NULL AND class = $1 AND state < 2 AND state = 0 AND id <= (
                SELECT id FROM batches WHERE job_id IS NULL AND class = $1 AND state < 2 AND state = 0 ORDER BY id DESC LIMIT 1 OFFSET $2)
            """, BatchClass.Covers, BatchAddition.MostInView);
        return new(added > 0);
    }

    /// <summary>False: it is made, cannot be made, or somebody has it already.</summary>
    private static bool AddCover(SqlSession sql, long image)
    {
        if (sql.Number("SELECT 1 FROM batches WHERE image_id = $1 AND state < 3", image) is not null || IsInHand(sql, image)) return false;
        var settings = sql.First(
            """
            SELECT l.settings FROM images i JOIN libraries l ON l.id = i.library_id AND l.removed = 0 WHERE i.id = $1 AND i.state < 2
                AND NOT EXISTS (SELECT 1 FROM derivatives d WHERE d.image_id = i.id AND d.preset = 'thumbnail')
            """, row => row.Text(0), image);
        if (settings is null || LibraryRows.Settings(settings).Presets is not { Count: > 0 } presets) return false;
        sql.Execute(
            "INSERT INTO batches (library_id, collection_id, class, image_id, presets) SELECT library_id, collection_id, $2, id, $3 FROM images WHERE id = $1",
            image, BatchClass.Covers, SqlSession.List(presets));
        return true;
    }

    private static bool IsInHand(SqlSession sql, long image) => sql.Number(
        """
        SELECT 1 FROM jobs j JOIN items t ON t.job_id = j.id AND t.item = $1 JOIN batches b ON b.id = t.batch_id
        WHERE j.status < 2 AND j.handler = 1 AND t.outcome IS NULL AND b.state = 2 LIMIT 1
        """, image) is not null;
}
