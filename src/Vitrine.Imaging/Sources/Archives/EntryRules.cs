using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Imaging.Formats;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>Which entries of an archive are images to list, and why others are refused. Pure.</summary>
internal static class EntryRules
{
    /// <summary>All names together: what an archive's directory may take of the child's small heap.</summary>
    public const long MaxNameBytes = 24 << 20;

    /// <summary>One name: the key of an index of PostgreSQL has 2,700 bytes at most, with what else is in it.</summary>
    public const int MaxEntryNameBytes = 2000;

    /// <summary>
    /// Directories, noise and what has no image's name are passed over in silence; nested archives too. A name that is not safe is
    /// no noise: it is refused where it can be seen.
    /// </summary>
    public static bool IsImage(ArchiveEntry entry) =>
        !entry.IsDirectory && KnownExtensions.IsImage(entry.RawName) && !(EntryNames.IsSafe(entry.Name) && Noise.IsNoisePath(entry.RawName));

    /// <summary>A file that is passed over: counted, so that it can be seen that it is there.</summary>
    public static bool IsOther(ArchiveEntry entry) =>
        !entry.IsDirectory && EntryNames.IsSafe(entry.Name) && !Noise.IsNoisePath(entry.RawName) && !KnownExtensions.IsImage(entry.RawName);

    /// <summary>Why an image's entry is not taken, or null: the same before it is listed and before it is read.</summary>
    /// <param name="archiveBytes">Size of the archive's file: no entry's packed bytes are more.</param>
    public static string? Refusal(ArchiveEntry entry, long archiveBytes, DecodeLimits limits)
    {
        if (!EntryNames.IsSafe(entry.Name) || entry.IsSpecial) return Reason.UnsafeName;
        if (entry.RawName.Length > MaxEntryNameBytes) return Reason.NameTooLong;
        if (entry.IsEncrypted) return Reason.Encrypted;
        if (entry.IsBroken || entry.Size < 0) return Reason.ArchiveCorrupt;
        if (entry.Size > Math.Min(limits.MaxSourceBytes, int.MaxValue - (1 << 20))) return Reason.TooLarge;
        if (entry.Size / limits.MaxRatio > (entry.PackedSize ?? archiveBytes)) return Reason.RatioTooHigh;
        return null;
    }

    public static RefusedException TooManyEntries(DecodeLimits limits) =>
        new(Outcome.Failed, Reason.TooManyEntries, $"It has more than {limits.MaxArchiveEntries} entries, or longer names than an archive may have.");
}
