using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Sql;

/// <summary>
/// What cache folders count, within a transaction: files, bytes and reservations, of each folder and of each preset in it. Every row of a blob that appears,
/// goes or changes its folder passes here or <see cref="LeaseRoom"/>.
/// </summary>
internal static class FolderRoom
{
    /// <summary>The reservation that all presets without a budget share.</summary>
    public const string Shared = "";

    /// <summary>Files of a preset appear in a folder, or go (negative).</summary>
    public static void Count(SqlSession sql, long folder, string preset, long blobs, long bytes)
    {
        sql.Send("UPDATE cache_folders SET blobs = blobs + $2, bytes = bytes + $3 WHERE id = $1", folder, blobs, bytes);
        CountPreset(sql, folder, preset, blobs, bytes, 0);
    }

    /// <summary>Adds to a lease's reservation. False: there is no room below the limit, or below the budget.</summary>
    /// <param name="budget">The preset whose budget it is for; null for room that any preset without one takes.</param>
    public static bool Reserve(SqlSession sql, long token, long folder, string? budget, long bytes)
    {
        if (budget is not null && !Fits(sql, folder, budget, bytes)) return false;
        var taken = sql.Execute(
            "UPDATE cache_folders SET reserved = reserved + $2 WHERE id = $1 AND active = 1 AND draining = 0 AND bytes + reserved + $2 <= limit_bytes", folder, bytes) > 0;
        if (!taken) return false;
        if (budget is not null) CountPreset(sql, folder, budget, 0, 0, bytes);
        sql.Send(
            """
            INSERT INTO reservations (token, folder_id, preset, bytes) VALUES ($1, $2, $3, $4)
            ON CONFLICT (token, folder_id, preset) DO UPDATE SET bytes = reservations.bytes + excluded.bytes
            """, token, folder, budget ?? Shared, bytes);
        return true;
    }

    /// <summary>A file that is moved here, without a reservation: only where limit and budget leave room, and the folder takes files.</summary>
    public static bool Receive(SqlSession sql, long folder, string preset, long bytes)
    {
        if (!Fits(sql, folder, preset, bytes)) return false;
        var taken = sql.Execute(
            """
            UPDATE cache_folders SET blobs = blobs + 1, bytes = bytes + $2
            WHERE id = $1 AND active = 1 AND draining = 0 AND bytes + reserved + $2 <= limit_bytes
            """, folder, bytes) > 0;
        if (taken) CountPreset(sql, folder, preset, 1, bytes, 0);
        return taken;
    }

    /// <summary>The lease is over: what is left of its reservations is free.</summary>
    public static void Free(SqlSession sql, long token)
    {
        var left = sql.Query("DELETE FROM reservations WHERE token = $1 RETURNING folder_id, preset, bytes", row => (row.Long(0), row.Text(1), row.Long(2)), token);
        foreach (var (folder, preset, bytes) in left)
        {
            sql.Send("UPDATE cache_folders SET reserved = reserved - $2 WHERE id = $1", folder, bytes);
            if (preset != Shared) CountPreset(sql, folder, preset, 0, 0, -bytes);
        }
    }

    /// <summary>The most that a preset may take in a folder; null takes the budget away.</summary>
    public static void SetBudget(SqlSession sql, long folder, string preset, long? bytes) => sql.Execute(
        """
        INSERT INTO folder_presets (folder_id, preset, budget) VALUES ($1, $2, $3)
        ON CONFLICT (folder_id, preset) DO UPDATE SET budget = excluded.budget
        """, folder, preset, bytes);

    /// <summary>Files, bytes and reservations of a preset in a folder appear, or go (negative).</summary>
    public static void CountPreset(SqlSession sql, long folder, string preset, long blobs, long bytes, long reserved) => sql.Send(
        """
        INSERT INTO folder_presets (folder_id, preset, blobs, bytes, reserved) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (folder_id, preset) DO UPDATE SET
            blobs = folder_presets.blobs + excluded.blobs, bytes = folder_presets.bytes + excluded.bytes, reserved = folder_presets.reserved + excluded.reserved
        """, folder, preset, blobs, bytes, reserved);

    private static bool Fits(SqlSession sql, long folder, string preset, long bytes) => sql.Number(
        "SELECT 1 FROM folder_presets WHERE folder_id = $1 AND preset = $2 AND budget < bytes + reserved + $3", folder, preset, bytes) is null;
}
