using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Vitrine.Imaging.Native;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.SevenZip;

/// <summary>
/// Where the blocks of a 7z stand and how each is packed, as 7zFormat.txt of the LZMA SDK lays its header out. No more is read: names, sizes and all that is unusual
/// are the library's, which also names what is wrong with a broken one.
/// </summary>
internal ref struct SevenZipHeader
{
    private const int SignatureBytes = 32;

    /// <summary>Of a header, packed or unpacked: what the names of the most entries that are read come to, and more.</summary>
    private const int MaxBytes = 64 << 20;

    private const int MaxTimesPacked = 4;
    private const int MaxCoders = 32;
    private const byte End = 0, Header = 1, MainStreams = 4, PackInfo = 6, UnpackInfo = 7, Size = 9, Digests = 10, Folders = 11, UnpackSizes = 12, PackedHeader = 0x17;
    private const byte IdBytes = 0x0f, IsComplex = 0x10, HasProperties = 0x20;

    private static readonly byte[] Lzma1 = [3, 1, 1], Lzma2 = [0x21];

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private SevenZipHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Where the header stands, behind all packed bytes: the file may be one volume of several, and end before. Null where even that is not told.</summary>
    public static (long Start, long Bytes)? PlaceOf(SafeFileHandle file)
    {
        Span<byte> signature = stackalloc byte[SignatureBytes];
        return FileBytes.Read(file, signature, 0) == SignatureBytes
            ? (SignatureBytes + BinaryPrimitives.ReadInt64LittleEndian(signature[12..]), BinaryPrimitives.ReadInt64LittleEndian(signature[20..]))
            : null;
    }

    /// <summary>The blocks in the order in which the files are in them.</summary>
    /// <exception cref="InvalidDataException">The header is not as the format says, or of a kind that is not read here.</exception>
    /// <exception cref="RefusedException">The file ends before it does, or there is no memory for it.</exception>
    public static IReadOnlyList<SevenZipBlock> BlocksOf(SafeFileHandle file)
    {
        var (start, bytes) = PlaceOf(file) ?? throw Odd();
        var header = new byte[Bounded(bytes, MaxBytes)];
        FileBytes.ReadExactly(file, header, start);
        // Packed once, by all programs that are known; the format lets it be packed again.
        for (var times = 0; header is [PackedHeader, ..] && times < MaxTimesPacked; times++)
        {
            if (new SevenZipHeader(header.AsSpan(1)).Streams() is not [{ IsLzma: true } block]) throw Odd();
            header = new byte[Bounded(block.UnpackedBytes, MaxBytes)];
            using var unpacked = LiblzmaStream.Raw(new FilePart(file, block.Start, block.PackedBytes), block.Filter, block.Properties, block.UnpackedBytes);
            unpacked.ReadExactly(header);
        }
        return header is [Header, MainStreams, ..] ? new SevenZipHeader(header.AsSpan(2)).Streams() : throw Odd();
    }

    private List<SevenZipBlock> Streams()
    {
        Expect(PackInfo);
        var at = SignatureBytes + Number();
        var sizes = new long[Bounded(Number(), _bytes.Length)];
        Expect(Size);
        foreach (ref var size in sizes.AsSpan()) size = Number();
        SkipDigests(sizes.Length);
        Expect(End);
        Expect(UnpackInfo);
        Expect(Folders);
        var blocks = new List<(SevenZipBlock Block, int Outputs, int Main)>();
        var count = Bounded(Number(), _bytes.Length);
        Expect(0);
        for (var used = 0; blocks.Count < count;) blocks.Add(Folder(sizes, ref used, ref at));
        Expect(UnpackSizes);
        var complete = new List<SevenZipBlock>();
        foreach (var (block, outputs, main) in blocks)
        {
            var unpacked = new long[outputs];
            foreach (ref var size in unpacked.AsSpan()) size = Number();
            complete.Add(block with { UnpackedBytes = unpacked[main] });
        }
        return complete;
    }

    /// <summary>One block's methods and how they are put together: all that is used of it is which of their outputs is the block's, and how many packed streams it has.</summary>
    private (SevenZipBlock Block, int Outputs, int Main) Folder(long[] sizes, ref int used, ref long at)
    {
        var coders = Bounded(Number(), MaxCoders);
        var (inputs, outputs, filter, properties) = (0, 0, 0ul, Array.Empty<byte>());
        for (var coder = 0; coder < coders; coder++)
        {
            (var ins, var outs, filter, properties) = Method();
            (inputs, outputs) = (inputs + ins, outputs + outs);
        }
        if (outputs == 0 || inputs < outputs) throw Odd();
        var bound = new bool[outputs];
        for (var pair = 0; pair < outputs - 1; pair++)
        {
            _ = Number();
            bound[Bounded(Number(), outputs - 1)] = true;
        }
        var streams = inputs - (outputs - 1);
        for (var stream = 0; streams > 1 && stream < streams; stream++) _ = Number();
        if (streams > sizes.Length - used) throw Odd();
        var (start, packed) = (at, sizes[used]);
        for (var stream = 0; stream < streams; stream++) at += sizes[used++];
        return (new(start, packed, coders == 1 && streams == 1 ? filter : 0, properties, 0), outputs, Array.IndexOf(bound, false));
    }

    private (int Inputs, int Outputs, ulong Filter, byte[] Properties) Method()
    {
        var flags = Byte();
        var id = Take(flags & IdBytes);
        var filter = id.SequenceEqual(Lzma1) ? Lzma.Lzma1 : id.SequenceEqual(Lzma2) ? Lzma.Lzma2 : 0;
        var isComplex = (flags & IsComplex) != 0;
        var inputs = isComplex ? Bounded(Number(), MaxCoders) : 1;
        var outputs = isComplex ? Bounded(Number(), MaxCoders) : 1;
        return (inputs, outputs, filter, (flags & HasProperties) != 0 ? Take(Bounded(Number(), _bytes.Length)).ToArray() : []);
    }

    private void SkipDigests(int count)
    {
        if (_at >= _bytes.Length || _bytes[_at] != Digests) return;
        _at++;
        var defined = count;
        if (Byte() == 0)
        {
            defined = 0;
            foreach (var flags in Take((count + 7) / 8)) defined += byte.PopCount(flags);
        }
        Take(4 * defined);
    }

    /// <summary>As many bytes follow the first as it has leading ones; what is left of it stands above them.</summary>
    private long Number()
    {
        var first = Byte();
        var more = byte.LeadingZeroCount((byte)~first);
        ulong value = more < 7 ? (ulong)(first & (0x7f >> more)) << (8 * more) : 0;
        for (var i = 0; i < more; i++) value |= (ulong)Byte() << (8 * i);
        return value <= long.MaxValue ? (long)value : throw Odd();
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at) throw Odd();
        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    private void Expect(byte wanted)
    {
        if (Byte() != wanted) throw Odd();
    }

    private static int Bounded(long value, int most) => value >= 0 && value <= most ? (int)value : throw Odd();

    private static InvalidDataException Odd() => new("The header is not one that is read here.");
}
