using System.Buffers.Binary;
using System.Text.Json;

namespace Vitrine.Core.Decoding;

/// <summary>
/// A frame: header length and body length (4 bytes each, little-endian), the header as JSON of a <see cref="DecoderMessage"/>, the body
/// as bytes. Lengths are limited, and checked before anything is read: the other side of the pipe is not trusted.
/// </summary>
public static class Frames
{
    public const int MaxHeaderBytes = 16 << 20;
    public const int MaxBodyBytes = 256 << 20;
}

public sealed class FrameWriter(Stream stream)
{
    private readonly byte[] _lengths = new byte[8];

    /// <summary>Writes one frame and flushes.</summary>
    public void Write(DecoderMessage message, ReadOnlySpan<byte> body = default)
    {
        var header = Begin(message, body.Length);
        stream.Write(_lengths);
        stream.Write(header);
        stream.Write(body);
        stream.Flush();
    }

    /// <inheritdoc cref="Write"/>
    public async Task WriteAsync(DecoderMessage message, CancellationToken cancellation)
    {
        var header = Begin(message, 0);
        await stream.WriteAsync(_lengths, cancellation);
        await stream.WriteAsync(header, cancellation);
        await stream.FlushAsync(cancellation);
    }

    private byte[] Begin(DecoderMessage message, int bodyLength)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(message, DecoderJson.Default.DecoderMessage);
        BinaryPrimitives.WriteInt32LittleEndian(_lengths, header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(_lengths.AsSpan(4), bodyLength);
        return header;
    }
}

/// <param name="Body">Empty where the message has none.</param>
public readonly record struct Frame(DecoderMessage Message, byte[] Body);

public sealed class FrameReader(Stream stream)
{
    private readonly byte[] _lengths = new byte[8];

    /// <summary>The next frame; null where the stream ends between frames.</summary>
    /// <exception cref="InvalidDataException">A length over its limit, or a header that is no message of ours.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within a frame.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellation)
    {
        var got = await stream.ReadAtLeastAsync(_lengths, _lengths.Length, throwOnEndOfStream: false, cancellation);
        if (got == 0) return null;
        if (got < _lengths.Length) throw new EndOfStreamException();
        var header = await ReadPartAsync(BinaryPrimitives.ReadInt32LittleEndian(_lengths), Frames.MaxHeaderBytes, cancellation);
        var body = await ReadPartAsync(BinaryPrimitives.ReadInt32LittleEndian(_lengths.AsSpan(4)), Frames.MaxBodyBytes, cancellation);
        return new(Parse(header), body);
    }

    private async ValueTask<byte[]> ReadPartAsync(int length, int limit, CancellationToken cancellation)
    {
        if (length < 0 || length > limit) throw new InvalidDataException($"A frame part of {length} bytes is over its limit of {limit}.");
        if (length == 0) return [];
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        await stream.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    private static DecoderMessage Parse(byte[] header)
    {
        try
        {
            return JsonSerializer.Deserialize(header, DecoderJson.Default.DecoderMessage) ?? throw new InvalidDataException("A frame without a message.");
        }
        catch (Exception bad) when (bad is JsonException or NotSupportedException)
        {
            throw new InvalidDataException("A frame's header is no message of this protocol.", bad);
        }
    }
}
