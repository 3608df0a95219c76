namespace Vitrine.Backends.Sql;

/// <summary>How many files that are no pictures a container holds, by extension.</summary>
internal static class OtherFileRows
{
    /// <summary>Writes what differs, and nothing where nothing does.</summary>
    public static void Set(SqlSession sql, long library, long collection, IReadOnlyDictionary<string, int> files)
    {
        var known = sql.Query("SELECT extension, files FROM other_files WHERE collection_id = $1", row => (Extension: row.Text(0), Files: row.Int(1)), collection)
            .ToDictionary(row => row.Extension, row => row.Files);
        foreach (var gone in known.Keys.Where(extension => !files.ContainsKey(extension)))
            sql.Send("DELETE FROM other_files WHERE collection_id = $1 AND extension = $2", collection, gone);
        foreach (var (extension, count) in files.Where(file => known.GetValueOrDefault(file.Key) != file.Value))
        {
            sql.Send(
                """
                INSERT INTO other_files (collection_id, library_id, extension, files) VALUES ($1, $2, $3, $4)
                ON CONFLICT (collection_id, extension) DO UPDATE SET files = excluded.files
                """,
                collection, library, extension, count);
        }
    }
}
