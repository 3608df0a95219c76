using System.Buffers.Binary;

namespace Vitrine.Imaging.Formats.Raw;

/// <summary>
/// Walks the directories of a TIFF and of what cameras make of it. Everything in the file may lie: offsets are checked before they are followed,
/// no directory is read twice, and directories, tags and nesting have limits.
/// </summary>
internal ref struct TiffDirectories
{
    private const int MaxDirectories = 64, MaxTags = 1024, MaxChildren = 16;
    private const int EntryBytes = 12;

    private const ushort Compression = 259, Photometric = 262, StripOffsets = 273, Orientation = 274, SubDirectories = 330;
    private const ushort JpegOffset = 513, PanasonicJpeg = 0x2e, DngVersion = 50706;
    private const int OldJpeg = 6, NewJpeg = 7;
    private const int ColourFilterArray = 32803, LinearRaw = 34892;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _little;
    private readonly List<TiffDirectory> _found = [];
    private readonly Queue<long> _next = new();
    private readonly HashSet<long> _seen = [];

    private TiffDirectories(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _little = bytes[0] == 'I';
    }

    /// <summary>The directories in the order in which they are found; none where this is no TIFF with 32-bit offsets. The number behind the byte order is not looked at: cameras change it.</summary>
    public static IReadOnlyList<TiffDirectory> Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8 || !(bytes.StartsWith("II"u8) || bytes.StartsWith("MM"u8))) return [];
        var walk = new TiffDirectories(bytes);
        walk.Follow(walk.Read32(4));
        while (walk._next.TryDequeue(out var at)) walk.Read(at);
        return walk._found;
    }

    private readonly void Follow(long at)
    {
        if (at >= 8 && at <= _bytes.Length - 2 && _seen.Count < MaxDirectories && _seen.Add(at)) _next.Enqueue(at);
    }

    private readonly void Read(long at)
    {
        var count = Math.Min((int)Read16(at), MaxTags);
        int compression = 0, photometric = 0, orientation = 0;
        long jpeg = 0, strip = 0;
        var isRaw = false;
        for (var i = 0; i < count; i++)
        {
            var tag = at + 2 + ((long)i * EntryBytes);
            if (tag > _bytes.Length - EntryBytes) break;
            switch (Read16(tag))
            {
                case Compression: compression = Number(tag); break;
                case Photometric: photometric = Number(tag); break;
                case Orientation: orientation = Number(tag); break;
                case StripOffsets when Read32(tag + 4) == 1: strip = Read32(tag + 8); break;
                case JpegOffset: jpeg = Read32(tag + 8); break;
                case PanasonicJpeg: jpeg = Read32(tag + 8); break;
                case SubDirectories: FollowAll(tag); break;
                case DngVersion: isRaw = true; break;
            }
        }
        if (jpeg == 0 && compression is OldJpeg or NewJpeg) jpeg = strip;
        isRaw |= photometric is ColourFilterArray or LinearRaw;
        _found.Add(new(photometric, orientation is >= 1 and <= 8 ? orientation : 0, jpeg, isRaw));
        var end = at + 2 + ((long)count * EntryBytes);
        if (end <= _bytes.Length - 4) Follow(Read32(end));
    }

    private readonly void FollowAll(long tag)
    {
        var count = Math.Min(Read32(tag + 4), MaxChildren);
        if (count == 1)
        {
            Follow(Read32(tag + 8));
            return;
        }
        var list = Read32(tag + 8);
        for (var i = 0; i < count && list + (4L * i) <= _bytes.Length - 4; i++) Follow(Read32(list + (4L * i)));
    }

    /// <summary>A short or a long, as its type says.</summary>
    private readonly int Number(long tag) => Read16(tag + 2) == 3 ? Read16(tag + 8) : (int)Math.Min(Read32(tag + 8), int.MaxValue);

    private readonly ushort Read16(long at) =>
        _little ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes[(int)at..]) : BinaryPrimitives.ReadUInt16BigEndian(_bytes[(int)at..]);

    private readonly uint Read32(long at) =>
        _little ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(int)at..]) : BinaryPrimitives.ReadUInt32BigEndian(_bytes[(int)at..]);
}
