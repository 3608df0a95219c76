namespace Vitrine.Core.Decoding;

/// <summary>What a decoder is started for.</summary>
public enum DecoderLane
{
    /// <summary>Jobs; one for each worker, at a low priority of the processor.</summary>
    Work,

    /// <summary>What somebody waits for; one beside the workers, started at first use.</summary>
    Viewing,

    /// <summary>What is over half of an ordinary child's memory; one item at a time in the whole node.</summary>
    Large,

    /// <summary>Streams originals out of archives.</summary>
    Reading,

    /// <summary>Unpacks sequential containers into the spool.</summary>
    Spooling,
}

/// <summary>
/// A decoder: one request at a time. Promise: a decoder that dies, is silent or works too long on an item ends the answer with a
/// <see cref="DecoderDiedException"/> and answers nothing more.
/// </summary>
public interface IDecoder : IAsyncDisposable
{
    Hello Hello { get; }

    /// <summary>Whether it can take a request: alive, and its last answer was read to the end.</summary>
    bool Ready { get; }

    /// <summary>Whether it may read below this root as it is now: what a decoder may read is settled when it starts.</summary>
    bool Reaches(string root);

    /// <summary>The frames of the answer, to the message that ends it, included.</summary>
    IAsyncEnumerable<Frame> AskAsync(Frame request, DecodeLimits limits, CancellationToken cancellation);
}

/// <summary>Starts a decoder for a lane; throws <see cref="DecoderUnavailableException"/> where there is none.</summary>
/// <param name="root">The one that it is needed for first; null where nothing is read.</param>
public delegate Task<IDecoder> StartDecoder(DecoderLane lane, string? root, CancellationToken cancellation);

/// <summary>The decoder ended in the middle of an answer.</summary>
/// <param name="reason">A code of <see cref="Jobs.Reason"/>: crashed, timeout, decoder-hung, source-slow.</param>
/// <param name="message">How it ended, for people.</param>
public sealed class DecoderDiedException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;

    /// <summary>It took more memory than it may, or the kernel ended it, which does so when memory is short.</summary>
    public bool ForMemory { get; init; } = reason == Jobs.Reason.OutOfMemory;
}

/// <summary>No decoder can be started on this node: the message says why and what to do.</summary>
public sealed class DecoderUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
