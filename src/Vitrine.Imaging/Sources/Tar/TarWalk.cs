using Vitrine.Core.Jobs;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.Tar;

/// <summary>The headers of a tar, one after the other; how to get past an entry's bytes is the caller's.</summary>
/// <param name="read">Fills the span at the present place and answers how much of it there was.</param>
/// <param name="moveTo">Goes on to an offset of the unpacked tar, never back; false where it ends before.</param>
internal sealed class TarWalk(TarWalk.Reading read, Func<long, bool> moveTo)
{
    /// <summary>Long names and pax records are held in memory.</summary>
    private const int MaxRecordBytes = 1 << 20;

    private readonly byte[] _block = new byte[TarHeader.BlockBytes];
    private readonly Occurrences _seen = new();

    public delegate int Reading(Span<byte> into);

    /// <exception cref="RefusedException">A header is none, or the tar ends within an entry.</exception>
    public IEnumerable<TarEntry> Entries()
    {
        var overrides = new TarOverrides();
        long at = 0;
        while (read(_block) is var got and > 0)
        {
            if (got < _block.Length) throw RefusedException.BadArchive("It ends within a header.");
            if (TarHeader.IsEnd(_block)) yield break;
            var header = TarHeader.Parse(_block);
            at += _block.Length;
            var size = header.Type is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K' ? header.Size : overrides.Size ?? header.Size;
            switch (header.Type)
            {
                case (byte)'x':
                    overrides = overrides.With(Record(header.Size));
                    break;
                case (byte)'L':
                    overrides = overrides with { Name = Record(header.Size).AsSpan().TrimEnd((byte)0).ToArray() };
                    break;
                case (byte)'g' or (byte)'K':
                    break;
                default:
                    var name = overrides.Name ?? header.Name;
                    yield return new(name, EntryNames.Decode(name), _seen.Of(name), size, header.ModifiedSeconds, header.Type, at);
                    overrides = new();
                    break;
            }
            at += (size + TarHeader.BlockBytes - 1) / TarHeader.BlockBytes * TarHeader.BlockBytes;
            if (at < 0 || !moveTo(at)) throw RefusedException.BadArchive("It ends within an entry.");
        }
    }

    private byte[] Record(long size)
    {
        if (size > MaxRecordBytes) throw new RefusedException(Outcome.Failed, Reason.ArchiveCorrupt, "A name or a record is too long.");
        var record = new byte[size];
        return read(record) == size ? record : throw RefusedException.BadArchive("It ends within a name.");
    }
}
