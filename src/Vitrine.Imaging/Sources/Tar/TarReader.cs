using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.Tar;

/// <summary>A plain tar: its headers are read, its bytes stand where they are.</summary>
internal sealed class TarReader(SafeFileHandle file, long fileLength) : IArchiveReader
{
    private long _at;

    public ContainerKind Kind => ContainerKind.Tar;

    public IEnumerable<ArchiveEntry> Entries()
    {
        _at = 0;
        // The last entry may stand without its padding, and without the blocks of zeros that should follow.
        var walk = new TarWalk(Read, offset => (_at = offset) <= fileLength + TarHeader.BlockBytes - 1);
        foreach (var entry in walk.Entries())
        {
            if (entry.Offset + entry.Size > fileLength) throw RefusedException.BadArchive("It ends within an entry.");
            yield return entry;
        }
    }

    public Stream Open(ArchiveEntry entry) => new FilePart(file, ((TarEntry)entry).Offset, entry.Size);

    private int Read(Span<byte> into)
    {
        var filled = FileBytes.Read(file, into, _at);
        _at += filled;
        return filled;
    }

    public void Dispose() { }
}
