using Vitrine.Core.Libraries;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.Tar;

/// <summary>A tar that is unpacked as it is read: forward, and only once.</summary>
internal sealed class CompressedTarReader(Stream unpacked, PassMeter meter) : IArchiveReader
{
    private const int ChunkBytes = 128 << 10;

    private readonly MeteredStream _from = new(unpacked, meter);
    private byte[]? _waste;
    private long _at;

    public ContainerKind Kind => ContainerKind.CompressedTar;

    public IEnumerable<ArchiveEntry> Entries() => ArchiveFaults.Named(new TarWalk(Read, MoveTo).Entries());

    public Stream Open(ArchiveEntry entry) => new Part(this, ((TarEntry)entry).Offset + entry.Size);

    private int Read(Span<byte> into)
    {
        var filled = _from.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        _at += filled;
        return filled;
    }

    private bool MoveTo(long offset)
    {
        _waste ??= new byte[ChunkBytes];
        while (_at < offset)
        {
            if (Read(_waste.AsSpan(0, (int)Math.Min(_waste.Length, offset - _at))) is var got && got < _waste.Length && _at < offset) return IsPadding(offset);
        }
        return true;
    }

    /// <summary>The last entry may stand without its padding.</summary>
    private bool IsPadding(long offset) => offset - _at < TarHeader.BlockBytes;

    public void Dispose() => _from.Dispose();

    /// <summary>The bytes of the present entry.</summary>
    private sealed class Part(CompressedTarReader owner, long end) : ForwardStream
    {
        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var got = owner._from.Read(buffer[..(int)Math.Min(buffer.Length, end - owner._at)]);
            owner._at += got;
            return got;
        }
    }
}
