using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>
/// Counts what is unpacked in a pass over an archive: more than the allowed ratio to the archive's own size ends it, whatever single entries claim; and each
/// <see cref="Passed.EachBytes"/> are told to the node, which would take a long silence for a hang.
/// </summary>
internal sealed class PassMeter(long archiveBytes, DecodeLimits limits, Action passed)
{
    private long _total;
    private long _untold;

    public void Add(int bytes)
    {
        _total += bytes;
        if (_total / limits.MaxRatio > archiveBytes)
            throw new RefusedException(Outcome.Failed, Reason.RatioTooHigh, $"It unpacks to more than {limits.MaxRatio} times its size.");
        _untold += bytes;
        if (_untold < Passed.EachBytes) return;
        _untold -= Passed.EachBytes;
        passed();
    }
}

/// <summary>A stream of unpacked bytes that are counted.</summary>
internal sealed class MeteredStream(Stream from, PassMeter meter) : ForwardStream
{
    public override int Read(byte[] buffer, int offset, int count)
    {
        var got = from.Read(buffer, offset, count);
        meter.Add(got);
        return got;
    }

    public override int Read(Span<byte> buffer)
    {
        var got = from.Read(buffer);
        meter.Add(got);
        return got;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) from.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>What streams that are only read, from the start to the end, have in common.</summary>
internal abstract class ForwardStream : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
