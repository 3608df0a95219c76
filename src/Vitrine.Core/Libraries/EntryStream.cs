using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Libraries;

/// <summary>The bytes of one original as a decoder sends them: forward only. Disposing it early ends that decoder's answer.</summary>
internal sealed class EntryStream : Stream
{
    private readonly DecoderRental _rental;
    private readonly IAsyncEnumerator<Frame> _frames;
    private ReadOnlyMemory<byte> _body;
    private ReadOnlyMemory<byte> _rest;
    private bool _ended;

    private EntryStream(DecoderRental rental, IAsyncEnumerator<Frame> frames) => (_rental, _frames) = (rental, frames);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Waits for the first bytes, so that an entry that cannot be read is an error before anything is sent.</summary>
    /// <exception cref="SourceException">The decoder's reason.</exception>
    public static async Task<EntryStream> OpenAsync(DecoderPool pool, Image image, DecodeLimits limits, CancellationToken cancellation)
    {
        var request = new ReadRequest(
            ContainerPlace.ToRead(image.Root, image.ContainerPath, image.Kind, image.ContainerVersion), image.RawName.Bytes, image.Occurrence, image.Version, limits);
        var rental = await pool.RentAsync(DecoderLane.Reading, image.Root, cancellation);
        var stream = new EntryStream(rental, rental.Decoder.AskAsync(request, limits, cancellation).GetAsyncEnumerator(cancellation));
        var opened = false;
        try
        {
            await stream.FillAsync();
            opened = true;
            return stream;
        }
        finally
        {
            if (!opened) await stream.DisposeAsync();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty && !_ended) await FillAsync();
        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await _frames.DisposeAsync();
        await _rental.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task FillAsync()
    {
        try
        {
            while (_rest.IsEmpty && !_ended)
            {
                if (!await _frames.MoveNextAsync()) _ended = true;
                else if (_frames.Current.Message is ReadEnd end) End(end);
                else Take(_frames.Current.Body);
            }
        }
        catch (DecoderDiedException death)
        {
            throw new SourceException(death.Reason, "The original could not be read to its end.");
        }
    }

    /// <summary>What came before was copied to its last byte.</summary>
    private void Take(ReadOnlyMemory<byte> body)
    {
        Frames.GiveBack(_body);
        _rest = _body = body;
    }

    private void End(ReadEnd end)
    {
        _ended = true;
        if (end.Reason is { } reason) throw new SourceException(reason, Reason.Of(reason).Meaning);
    }
}
