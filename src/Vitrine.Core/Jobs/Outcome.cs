using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Jobs;

/// <summary>How an item of a job ended. Written once: nothing moves an item out of it, and a retry is an item of a new job.</summary>
public enum Outcome
{
    /// <summary>Made, or read.</summary>
    Done,

    /// <summary>There was nothing to make, for its reason.</summary>
    Skipped,

    /// <summary>It cannot be made, for its reason.</summary>
    Failed,
}

/// <summary>The result of one item, as a worker hands it to the ledger.</summary>
/// <param name="Item">The id of an image (derive) or a collection (scan).</param>
/// <param name="Reason">A code of <see cref="Jobs.Reason"/>; null only with Done.</param>
/// <param name="Message">For people; made by us, never the codec's own text.</param>
/// <param name="VersionRead">The source version before the first and after the last byte; null where nothing was read.</param>
/// <param name="Facts">Null where the header could not be read.</param>
/// <param name="NoRoom">Presets that no folder takes now: not made, and not a failure.</param>
/// <param name="Attempts">Tries in this job, this one included.</param>
/// <param name="Cost">Processor time that reading the original and making all its derivatives took.</param>
/// <param name="RetryAfter">Not an outcome yet: the item stays open, and is due again after this. Only for items of a job.</param>
public sealed record ItemResult(
    long Item, Outcome Outcome, string? Reason = null, string? Message = null, SourceVersion? VersionRead = null, ImageFacts? Facts = null,
    IReadOnlyList<MadeDerivative>? Derivatives = null, IReadOnlyList<string>? NoRoom = null, int Attempts = 1, string? DecoderVersion = null,
    TimeSpan? RetryAfter = null, TimeSpan Cost = default);

/// <summary>What was learnt of an original while it was read.</summary>
/// <param name="ContentHash">SHA-256 of the original's bytes.</param>
/// <param name="Width">Upright, after orientation, in pixels.</param>
/// <param name="Format">Lower-case name of the format by content: jpeg, png, webp, gif, tiff, avif, bmp, …</param>
/// <param name="ThumbHash">At most 25 bytes; see https://evanw.github.io/thumbhash/.</param>
/// <param name="Color">Dominant colour as rrggbb.</param>
/// <param name="Damaged">It decoded only leniently.</param>
public sealed record ImageFacts(
    byte[] ContentHash, int Width, int Height, string Format, int Frames, int Orientation, byte[]? ThumbHash, string? Color, bool Damaged);

public enum CommitState
{
    /// <summary>Written.</summary>
    Accepted,

    /// <summary>Written as well, but the job has a hold now: hand back the rest.</summary>
    Held,

    /// <summary>Nothing written: the token is old, or the job is over. Delete your files.</summary>
    Fenced,
}

/// <param name="Unused">Files that the commit did not take (the key had a row, or the item had its outcome): delete them.</param>
/// <param name="Open">Items that were not accounted because a row to link to was gone: make them anew.</param>
public sealed record CommitAnswer(CommitState State, IReadOnlyList<BlobFile> Unused, IReadOnlyList<long> Open);
