using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Imaging.Formats;

namespace Vitrine.Imaging.Sources.Zip;

/// <summary>Which entries of an archive are images to list, and why others are refused. Pure.</summary>
internal static class ZipRules
{
    /// <summary>Bytes of a local header before its name.</summary>
    public const int LocalHeaderBytes = 30;

    /// <summary>
    /// Directories, noise and what has no image's name are passed over in silence; nested archives too. A name that is not safe is
    /// no noise: it is refused where it can be seen.
    /// </summary>
    public static bool IsImage(ZipEntry entry) =>
        !entry.IsDirectory && KnownExtensions.IsImage(entry.RawName) && !(ZipNames.IsSafe(entry.Name) && Noise.IsNoisePath(entry.RawName));

    /// <summary>Why an image's entry is not taken, or null: the same before it is listed and before it is read.</summary>
    public static string? Refusal(ZipEntry entry, DecodeLimits limits)
    {
        if (!ZipNames.IsSafe(entry.Name) || entry.IsSpecial) return Reason.UnsafeName;
        if (entry.IsEncrypted) return Reason.Encrypted;
        if (entry.Size < 0 || entry.PackedSize < 0 || entry.Offset < 0) return Reason.ArchiveCorrupt;
        if (entry.Size > Math.Min(limits.MaxSourceBytes, int.MaxValue - (1 << 20))) return Reason.TooLarge;
        if (entry.Size / limits.MaxRatio > entry.PackedSize) return Reason.RatioTooHigh;
        return null;
    }

    /// <summary>
    /// Entries whose packed bytes lie within those of another. A few bytes that are told as thousands of entries are a bomb; the
    /// first entry of each place stays readable.
    /// </summary>
    public static HashSet<ZipEntry> Overlapping(IReadOnlyList<ZipEntry> entries)
    {
        var overlapping = new HashSet<ZipEntry>(ReferenceEqualityComparer.Instance);
        long end = 0;
        foreach (var entry in entries.OrderBy(e => e.Offset))
        {
            if (entry.Offset < end) overlapping.Add(entry);
            else end = entry.Offset + LocalHeaderBytes + entry.RawName.Length + Math.Max(0, Math.Min(entry.PackedSize, long.MaxValue / 4));
        }
        return overlapping;
    }
}
