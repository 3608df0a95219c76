using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
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

    /// <summary>Of the two lengths that a frame begins with.</summary>
    internal const int LengthBytes = 8;

    /// <summary>Bodies from here on are lent: new ones would go to the heap of large objects, whose collector then runs some times a second. Few are larger than the second.</summary>
    private const int LentFrom = 80_000, LentTo = 4 << 20;

    private static bool IsLent(int length) => length is >= LentFrom and <= LentTo;

    /// <summary>Memory for a part of a frame.</summary>
    internal static Memory<byte> Lend(int length) => IsLent(length) ? ArrayPool<byte>.Shared.Rent(length).AsMemory(0, length) : GC.AllocateUninitializedArray<byte>(length);

    /// <summary>Whoever alone holds the whole body of a frame that was read, and is done with it, lets its memory be used again. One that nobody gives back is collected as all else.</summary>
    public static void GiveBack(ReadOnlyMemory<byte> body)
    {
        if (IsLent(body.Length) && MemoryMarshal.TryGetArray(body, out var lent)) ArrayPool<byte>.Shared.Return(lent.Array!);
    }
}

public sealed class FrameWriter(Stream stream)
{
    /// <summary>A body up to this size goes with its header in one call; a larger one is not copied for it.</summary>
    private const int SmallBody = 1 << 12;

    private readonly ArrayBufferWriter<byte> _frame = new();
    private readonly Lock _writing = new();

    /// <summary>Writes one frame and flushes. Threads wait for each other.</summary>
    public void Write(DecoderMessage message, ReadOnlySpan<byte> body = default)
    {
        lock (_writing)
        {
            Begin(message, body.Length);
            if (body.Length <= SmallBody) _frame.Write(body);
            stream.Write(_frame.WrittenSpan);
            if (body.Length > SmallBody) stream.Write(body);
            stream.Flush();
        }
    }

    /// <inheritdoc cref="Write"/>
    public async Task WriteAsync(Frame frame, CancellationToken cancellation)
    {
        Begin(frame.Message, frame.Body.Length);
        await stream.WriteAsync(_frame.WrittenMemory, cancellation);
        if (frame.Body.Length > 0) await stream.WriteAsync(frame.Body, cancellation);
        await stream.FlushAsync(cancellation);
    }

    private void Begin(DecoderMessage message, int bodyLength)
    {
        _frame.ResetWrittenCount();
        _frame.Write(stackalloc byte[Frames.LengthBytes]);
        using (var json = new Utf8JsonWriter(_frame)) JsonSerializer.Serialize(json, message, DecoderJson.Default.DecoderMessage);
        var lengths = MemoryMarshal.AsMemory(_frame.WrittenMemory).Span;
        BinaryPrimitives.WriteInt32LittleEndian(lengths, _frame.WrittenCount - Frames.LengthBytes);
        BinaryPrimitives.WriteInt32LittleEndian(lengths[4..], bodyLength);
    }
}

/// <param name="Body">Empty where the message has none.</param>
public readonly record struct Frame(DecoderMessage Message, ReadOnlyMemory<byte> Body)
{
    public static implicit operator Frame(DecoderMessage message) => new(message, default);
}

/// <summary>Frames from a stream of which nobody else reads: what comes after a frame may be taken with it.</summary>
public sealed class FrameReader(Stream stream)
{
    private readonly byte[] _lengths = new byte[Frames.LengthBytes];

    /// <summary>Most frames come whole in one read of it.</summary>
    private readonly byte[] _buffer = new byte[1 << 14];

    private int _start;
    private int _end;

    /// <summary>The next frame; null where the stream ends between frames.</summary>
    /// <exception cref="InvalidDataException">A length over its limit, or a header that is no message of ours.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within a frame.</exception>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancellation)
    {
        var got = await ReadAsync(_lengths, cancellation);
        if (got == 0) return null;
        if (got < _lengths.Length) throw new EndOfStreamException();
        var header = await ReadPartAsync(BinaryPrimitives.ReadInt32LittleEndian(_lengths), Frames.MaxHeaderBytes, cancellation);
        var body = await ReadPartAsync(BinaryPrimitives.ReadInt32LittleEndian(_lengths.AsSpan(4)), Frames.MaxBodyBytes, cancellation);
        var message = Parse(header.Span);
        Frames.GiveBack(header);
        return new(message, body);
    }

    private async ValueTask<Memory<byte>> ReadPartAsync(int length, int limit, CancellationToken cancellation)
    {
        if (length < 0 || length > limit) throw new InvalidDataException($"A frame part of {length} bytes is over its limit of {limit}.");
        if (length == 0) return default;
        var bytes = Frames.Lend(length);
        if (await ReadAsync(bytes, cancellation) < length) throw new EndOfStreamException();
        return bytes;
    }

    /// <summary>Answers how many there were, which are fewer only where the stream ends. What is larger than the buffer goes where it belongs without a copy.</summary>
    private async ValueTask<int> ReadAsync(Memory<byte> part, CancellationToken cancellation)
    {
        var got = 0;
        while (got < part.Length)
        {
            var rest = part[got..];
            if (_start == _end && rest.Length >= _buffer.Length)
            {
                var read = await stream.ReadAsync(rest, cancellation);
                if (read == 0) break;
                got += read;
                continue;
            }
            if (_start == _end) (_start, _end) = (0, await stream.ReadAsync(_buffer, cancellation));
            if (_end == 0) break;
            var taken = Math.Min(rest.Length, _end - _start);
            _buffer.AsMemory(_start, taken).CopyTo(rest);
            _start += taken;
            got += taken;
        }
        return got;
    }

    private static DecoderMessage Parse(ReadOnlySpan<byte> header)
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
