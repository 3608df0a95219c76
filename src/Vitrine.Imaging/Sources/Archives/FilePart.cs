using Microsoft.Win32.SafeHandles;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>A part of a file as a stream that reads ahead, so that an inflater's small steps cost no system call each.</summary>
internal sealed class FilePart(SafeFileHandle file, long start, long length) : ForwardStream
{
    private const int AheadBytes = 64 << 10;

    private readonly byte[] _ahead = new byte[(int)Math.Min(AheadBytes, Math.Max(length, 1))];
    private readonly long _start = start;
    private readonly long _end = start + length;
    private long _at = start;
    private int _used;
    private int _filled;

    public override int Read(Span<byte> buffer)
    {
        if (_used == _filled)
        {
            var left = (int)Math.Min(int.MaxValue, _end - _at);
            if (left == 0 || buffer.IsEmpty) return 0;
            if (buffer.Length >= _ahead.Length) return Direct(buffer[..Math.Min(buffer.Length, left)]);
            (_used, _filled) = (0, Direct(_ahead.AsSpan(0, Math.Min(_ahead.Length, left))));
        }
        var count = Math.Min(buffer.Length, _filled - _used);
        _ahead.AsSpan(_used, count).CopyTo(buffer);
        _used += count;
        return count;
    }

    private int Direct(Span<byte> into)
    {
        var got = RandomAccess.Read(file, into, _at);
        _at += got;
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Length => length;

    /// <summary>Where the reader stands: some decompressors count padding by it.</summary>
    public override long Position { get => _at - _start - (_filled - _used); set => throw new NotSupportedException(); }
}
