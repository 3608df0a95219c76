using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Files;

namespace Vitrine.Backends.Files;

/// <summary>
/// A file that is only read, and never written again under its name. Its length is asked once, and each read names its place: a <see cref="FileStream"/> asks the kernel
/// four times more for each small file, which is a sixth of what serving one costs, and <see cref="RandomAccess"/> once.
/// </summary>
internal sealed class BlobStream(SafeFileHandle file, long length) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var got = DirectFile.Read(file, buffer, _position);
        _position += got;
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var got = await RandomAccess.ReadAsync(file, buffer, _position, cancellationToken);
        _position += got;
        return got;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("A blob is only read.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A blob is only read.");

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
