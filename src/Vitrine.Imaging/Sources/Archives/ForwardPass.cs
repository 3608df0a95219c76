using Vitrine.Core.Decoding;
using Vitrine.Core.Libraries;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>
/// One walk over a sequential archive, from its first entry on. What is not wanted is unpacked and thrown away, since what follows needs it; behind the last
/// wanted entry nothing is.
/// </summary>
internal sealed class ForwardPass(IArchiveReader reader) : IDisposable
{
    private const int ChunkBytes = 256 << 10;

    private readonly IEnumerator<ArchiveEntry> _entries = reader.Entries().GetEnumerator();
    private ArchiveEntry? _at;
    private Stream? _open;
    private byte[]? _waste;

    /// <summary>The items in the order in which their entries are stored, each when the walk stands at it; those without an entry follow at the end.</summary>
    /// <exception cref="RefusedException">The archive cannot be read on.</exception>
    public IEnumerable<DeriveItem> Meet(IReadOnlyList<DeriveItem> items)
    {
        var wanted = items.ToDictionary(item => (new RawName(item.RawName), item.Occurrence));
        while (wanted.Count > 0 && Move())
            if (wanted.Remove((new(_at!.RawName), _at.Occurrence), out var item)) yield return item;
        foreach (var item in items.Where(item => wanted.ContainsKey((new(item.RawName), item.Occurrence)))) yield return item;
    }

    /// <summary>The entry of this place, where it is the present one or comes later; null where it is not.</summary>
    public ArchiveEntry? MoveTo(RawName name, int occurrence)
    {
        while (!IsAt(name, occurrence))
            if (!Move()) return null;
        return _at;
    }

    /// <summary>The next entry, whatever it is; null behind the last.</summary>
    /// <exception cref="RefusedException">The archive cannot be read on.</exception>
    public ArchiveEntry? Next() => Move() ? _at : null;

    /// <summary>The bytes of the present entry. What is left of them is passed over with the next step.</summary>
    public Stream Open() => new Kept(_open ??= reader.Open(_at!));

    private bool IsAt(RawName name, int occurrence) => _at is { } entry && entry.Occurrence == occurrence && new RawName(entry.RawName) == name;

    private bool Move()
    {
        PassOver();
        _at = _entries.MoveNext() ? _entries.Current : null;
        return _at is not null;
    }

    /// <summary>An entry that cannot be unpacked says nothing of those of another block; those of its own fail by their checksums.</summary>
    private void PassOver()
    {
        if (_at is not { IsDirectory: false, IsSpecial: false, Size: > 0 } entry) return;
        _waste ??= new byte[ChunkBytes];
        try
        {
            _open ??= reader.Open(entry);
            while (_open.Read(_waste) > 0) { }
        }
        catch (Exception broken) when (ArchiveFaults.IsBroken(broken))
        {
            // Nothing of it was wanted, or what was has been answered.
        }
        ArchiveFaults.Close(_open);
        _open = null;
    }

    public void Dispose()
    {
        ArchiveFaults.Close(_open);
        _entries.Dispose();
    }

    /// <summary>Stays open behind its reader's back.</summary>
    private sealed class Kept(Stream from) : ForwardStream
    {
        public override int Read(byte[] buffer, int offset, int count) => from.Read(buffer, offset, count);
        public override int Read(Span<byte> buffer) => from.Read(buffer);
    }
}
