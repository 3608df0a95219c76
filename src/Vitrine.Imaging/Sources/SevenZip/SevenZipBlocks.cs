using Microsoft.Win32.SafeHandles;
using Vitrine.Imaging.Native;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.SevenZip;

/// <summary>
/// The files of the blocks that are packed by LZMA or LZMA2 alone, which nearly all are, unpacked by the system's liblzma. One block is open at a time, and is read
/// forward.
/// </summary>
internal sealed class SevenZipBlocks : IDisposable
{
    private const int ChunkBytes = 256 << 10;

    private readonly SafeFileHandle _file;
    private readonly PassMeter _meter;
    private readonly Dictionary<int, (SevenZipBlock Block, long Offset)> _places;
    private SevenZipBlock? _block;
    private LiblzmaStream? _unpacked;
    private long _at;

    private SevenZipBlocks(SafeFileHandle file, PassMeter meter, Dictionary<int, (SevenZipBlock Block, long Offset)> places) => (_file, _meter, _places) = (file, meter, places);

    /// <summary>Null where there is no liblzma, or the header is not one that is read here: the library then unpacks everything.</summary>
    /// <param name="sizes">Of the files by their numbers, in the archive's order.</param>
    /// <param name="meter">Counts all that is unpacked.</param>
    public static SevenZipBlocks? Of(SafeFileHandle file, PassMeter meter, IEnumerable<(int Number, long Size)> sizes)
    {
        if (!Lzma.IsThere) return null;
        try
        {
            return new(file, meter, Place(SevenZipHeader.BlocksOf(file), sizes));
        }
        catch (Exception odd) when (ArchiveFaults.IsBroken(odd) || odd is RefusedException)
        {
            return null;
        }
    }

    /// <summary>Null where its block is packed in another way.</summary>
    public Stream? Open(int number, long size)
    {
        if (!_places.TryGetValue(number, out var place) || !place.Block.IsLzma) return null;
        if (_block != place.Block || _at > place.Offset) Begin(place.Block);
        Span<byte> waste = _at < place.Offset ? new byte[ChunkBytes] : [];
        while (_at < place.Offset)
            if (Read(waste[..(int)Math.Min(waste.Length, place.Offset - _at)]) == 0) throw new InvalidDataException("The block ends early.");
        return new Part(this, size);
    }

    /// <summary>The files fill the blocks one behind the other; one without bytes is in none.</summary>
    private static Dictionary<int, (SevenZipBlock Block, long Offset)> Place(IReadOnlyList<SevenZipBlock> blocks, IEnumerable<(int Number, long Size)> sizes)
    {
        var places = new Dictionary<int, (SevenZipBlock Block, long Offset)>();
        var (next, offset) = (0, 0L);
        foreach (var (number, size) in sizes.Where(file => file.Size > 0))
        {
            while (next < blocks.Count && blocks[next].UnpackedBytes == 0) next++;
            if (next == blocks.Count || size > blocks[next].UnpackedBytes - offset) throw new InvalidDataException("The files do not fit into the blocks.");
            places.Add(number, (blocks[next], offset));
            offset += size;
            if (offset == blocks[next].UnpackedBytes) (next, offset) = (next + 1, 0);
        }
        return places;
    }

    private void Begin(SevenZipBlock block)
    {
        _unpacked?.Dispose();
        (_block, _at) = (block, 0);
        _unpacked = LiblzmaStream.Raw(new FilePart(_file, block.Start, block.PackedBytes), block.Filter, block.Properties, block.UnpackedBytes);
    }

    private int Read(Span<byte> buffer)
    {
        var got = _unpacked!.Read(buffer);
        _at += got;
        _meter.Add(got);
        return got;
    }

    public void Dispose() => _unpacked?.Dispose();

    /// <summary>One file of the open block.</summary>
    private sealed class Part(SevenZipBlocks blocks, long size) : ForwardStream
    {
        private long _left = size;

        public override int Read(Span<byte> buffer)
        {
            var got = blocks.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= got;
            return got;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    }
}
