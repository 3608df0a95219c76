using System.Collections.Frozen;

namespace Vitrine.Core.Jobs;

/// <summary>A stable code that says why an item was skipped or failed, or why a job waits.</summary>
/// <param name="Retryable">Whether a later attempt can end otherwise without the source changing.</param>
/// <param name="Transient">Whether the same job tries again by itself, after a pause.</param>
/// <param name="OfDecoder">Whether it is the decoder's own judgement, so that another version of it may judge otherwise.</param>
public sealed record Reason(string Code, string Meaning, bool Retryable = false, bool Transient = false, bool OfDecoder = false)
{
    public const string TooLarge = "too-large";
    public const string TooManyPixels = "too-many-pixels";
    public const string TooManyEntries = "too-many-entries";
    public const string RatioTooHigh = "ratio-too-high";
    public const string Corrupt = "corrupt";
    public const string Unsupported = "unsupported";
    public const string Empty = "empty";
    public const string Encrypted = "encrypted";
    public const string UnsafeName = "unsafe-name";
    public const string NameTooLong = "name-too-long";
    public const string Timeout = "timeout";
    public const string OutOfMemory = "out-of-memory";
    public const string Crashed = "crashed";
    public const string ArchiveCrashed = "archive-crashed";
    public const string ArchiveCorrupt = "archive-corrupt";
    public const string MultiVolume = "multi-volume";
    public const string SourceLink = "source-link";
    public const string SourceMissing = "source-missing";
    public const string SourceUnreadable = "source-unreadable";
    public const string SourceChanged = "source-changed";
    public const string SourceSlow = "source-slow";
    public const string NotSettled = "not-settled";
    public const string Removed = "removed";
    public const string InProgress = "in-progress";
    public const string NoRoom = "no-room";
    public const string Present = "present";
    public const string DecoderHung = "decoder-hung";
    public const string DeadLetter = "dead-letter";
    public const string Stalled = "stalled";
    public const string LibraryOffline = "library-offline";
    public const string Brake = "brake";

    /// <summary>Every code, in alphabetical order; docs/reason-codes.md is made from it.</summary>
    public static IReadOnlyList<Reason> All { get; } =
    [
        new(ArchiveCorrupt, "The archive's structure cannot be read.", OfDecoder: true),
        new(ArchiveCrashed, "The decoder died while it opened this archive, with no image in hand.", true, true, OfDecoder: true),
        new(Brake, "Of a scan: more is gone or changed than it may apply without asking; it waits for approval."),
        new(Corrupt, "The bytes are not a picture that can be decoded: nothing comes out of them, or nothing but one shade of black or grey.", OfDecoder: true),
        new(Crashed, "The decoder died on this image, also when it had the image alone.", true, true, OfDecoder: true),
        new(DeadLetter, "Its batch died too often.", true),
        new(DecoderHung, "The decoder stood still on this image, also when it had the image alone: it did nothing and waited for no file.", true, OfDecoder: true),
        new(Empty, "The file has no bytes."),
        new(Encrypted, "The archive or the entry needs a password."),
        new(InProgress, "Another job has this image open."),
        new(LibraryOffline, "The library's root is missing, empty, or on another mount than before.", true),
        new(MultiVolume, "One volume of an archive of several.", OfDecoder: true),
        new(NameTooLong, "The entry's name has more than 2,000 bytes, which not every database could find again."),
        new(NoRoom, "No cache folder takes a preset of this image.", true),
        new(NotSettled, "The file changes faster than it can be read; it is looked at again, at last once an hour.", true),
        new(OutOfMemory, "Decoding needs more memory than a decoder may have.", true, OfDecoder: true),
        new(Present, "All that was asked for is there already."),
        new(RatioTooHigh, "The entry unpacks to more than the limit allows for its packed size."),
        new(Removed, "The image is no longer in the library."),
        new(SourceChanged, "The original changed while it was read; the next scan takes the new one."),
        new(SourceLink, "A link stands where the original, or a folder on the way to it, was: links are not followed."),
        new(SourceMissing, "The original is not there, though its library's root is."),
        new(SourceSlow, "The source gave no bytes for longer than the limit.", true, true),
        new(SourceUnreadable, "The original cannot be opened or read (permissions, a disk error).", true, true),
        new(Stalled, "The job made no progress for three timeouts.", true),
        new(Timeout, "Decoding took more processor time than the limit.", true, OfDecoder: true),
        new(TooLarge, "The original has more bytes than the limit."),
        new(TooManyEntries, "The archive or directory has more entries than the limit."),
        new(TooManyPixels, "The picture has more pixels, or needs more memory, than the limit.", OfDecoder: true),
        new(UnsafeName, "The entry's name could lead out of its container."),
        new(Unsupported, "No decoder here reads this format.", OfDecoder: true),
    ];

    private static readonly FrozenDictionary<string, Reason> ByCode = All.ToFrozenDictionary(r => r.Code);

    /// <exception cref="KeyNotFoundException">The code is not one of ours.</exception>
    public static Reason Of(string code) => ByCode[code];
}
