using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Sql;

/// <summary>
/// Files that a lease brings, within one commit: one becomes the row of its key where that has none, or with force, and is taken from the lease's reservation; the
/// others go.
/// </summary>
internal sealed class FileTaking(SqlSession sql, BlobRows blobs, LeaseRoom room)
{
    private readonly List<BlobFile> _refused = [];
    private readonly List<BlobFile> _unused = [];

    /// <summary>Reads what it needs to know of all that the commit brings.</summary>
    /// <param name="made">Of all results.</param>
    /// <param name="force">Whether files may be taken for keys that have a row.</param>
    public void Read(IReadOnlyList<MadeDerivative> made, bool force)
    {
        if (made.Count == 0) return;
        blobs.Read(made.Select(derivative => derivative.Key).Distinct());
        room.Read([.. made.Where(derivative => derivative.File is not null && (force || !Has(derivative.Key))).Select(derivative => derivative.File!.Folder.Value).Distinct()]);
    }

    public bool Has(DerivativeKey key) => blobs.Find(key) is not null;

    /// <summary>The blob of the key; the new file becomes its row where it has none, or with <paramref name="force"/>. Null: there is no room for the file.</summary>
    public StoredBlob? Take(MadeDerivative made, bool force)
    {
        var known = blobs.Find(made.Key);
        if (made.File is not { } file) return known;
        if (known is not null && (!force || IsSame(known.File, file) || IsWidelyShared(known, file)))
        {
            if (!IsSame(known.File, file)) _unused.Add(file);
            return known;
        }
        if (!room.Take(file, made.Preset.Name))
        {
            _unused.Add(file);
            return null;
        }
        if (known is null) return blobs.Insert(made, file);
        _unused.Add(known.File);
        room.Leave(known.File, known.Preset);
        known.Replace(made, file);
        return known;
    }

    /// <summary>The files of a result that is not accepted.</summary>
    public void Refuse(IEnumerable<MadeDerivative> made) => _refused.AddRange(made.Select(derivative => derivative.File).OfType<BlobFile>());

    /// <summary>
    /// After all is written: files that were not taken, or that another took the place of. Of those refused not the ones that a row names: a result that comes twice
    /// brings the files that were taken the first time.
    /// </summary>
    public IReadOnlyList<BlobFile> Unused()
    {
        foreach (var folder in _refused.GroupBy(file => file.Folder))
        {
            var taken = sql.Query("SELECT name FROM blobs WHERE folder_id = $1 AND name IN (SELECT value FROM json_each($2, '$'))",
                row => row.Text(0), folder.Key.Value, SqlSession.List(folder.Select(file => file.Name))).ToHashSet();
            _unused.AddRange(folder.Where(file => !taken.Contains(file.Name)));
        }
        return _unused;
    }

    /// <summary>
    /// Another size would change the counters of every image that shares it: a blank page of ten thousand collections stays the file that it is. Equal keys are
    /// interchangeable pictures.
    /// </summary>
    private static bool IsWidelyShared(StoredBlob known, BlobFile file) => known.References > IBlobRemoval.MaxLinks && known.File.Size != file.Size;

    private static bool IsSame(BlobFile one, BlobFile other) => one.Folder == other.Folder && one.Name == other.Name;
}
