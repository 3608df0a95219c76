using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Sql;

/// <summary>A blob as it stands within one transaction: links change it in memory, and <see cref="BlobRows"/> writes what came of it.</summary>
internal sealed class StoredBlob(DerivativeKey key, BlobFile file, string contentType, string preset, long references)
{
    public const string Columns = "b.id, b.key, b.folder_id, b.name, b.size, b.hash, b.content_type, b.preset, b.refs";

    /// <summary>0 until it is inserted.</summary>
    public long Id { get; set; }

    public DerivativeKey Key { get; } = key;

    /// <summary>The newest.</summary>
    public BlobFile File { get; private set; } = file;

    /// <summary>For which it was made first.</summary>
    public string Preset { get; private set; } = preset;

    /// <summary>By its size and type its links are counted until the transaction ends, whatever file it has taken meanwhile.</summary>
    public long CountedSize { get; } = file.Size;

    /// <inheritdoc cref="CountedSize"/>
    public string CountedType { get; } = contentType;

    public long References { get; private set; } = references;

    /// <summary>References that this transaction has added; null where it has touched none.</summary>
    public long? Change { get; private set; }

    /// <summary>What took the place of its file; null where nothing did.</summary>
    public MadeDerivative? Replacement { get; private set; }

    /// <summary>From a row that begins with <see cref="Columns"/> at <paramref name="first"/>.</summary>
    public static StoredBlob Map(Row row, int first) => new(
        new(row.Hex(first + 1)), new(new(row.Long(first + 2)), row.Text(first + 3), row.Long(first + 4), row.Hex(first + 5)), row.Text(first + 6),
        row.Text(first + 7), row.Long(first + 8)) { Id = row.Long(first) };

    public void Replace(MadeDerivative made, BlobFile file) => (Replacement, File, Preset) = (made, file, made.Preset.Name);

    /// <summary>One more link.</summary>
    public void Refer(Counters counters)
    {
        References++;
        Change = (Change ?? 0) + 1;
        if (References > 1) counters.Shared(1, CountedSize);
    }

    /// <summary>One link fewer.</summary>
    public void Unrefer(Counters counters)
    {
        References--;
        Change = (Change ?? 0) - 1;
        if (References > 0) counters.Shared(-1, -CountedSize);
    }
}
