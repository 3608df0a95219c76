using System.Buffers;

namespace Vitrine.Backends.Files;

/// <summary>Bytes in an array of the pool's, which goes back when this is closed.</summary>
internal sealed class RentedBytes(byte[] rented, int length) : MemoryStream(rented, 0, length, writable: false)
{
    private byte[]? _rented = rented;

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _rented, null) is { } array) ArrayPool<byte>.Shared.Return(array);
        base.Dispose(disposing);
    }
}
