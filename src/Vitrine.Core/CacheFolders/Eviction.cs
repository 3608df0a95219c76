namespace Vitrine.Core.CacheFolders;

/// <summary>A blob that may be made again when somebody asks for it.</summary>
/// <param name="Cost">To make it again, in pixels to decode; those of a sequential container count more.</param>
/// <param name="UsedAt">When it was last served or made.</param>
public sealed record EvictionCandidate(BlobId Id, string Preset, long Size, long Cost, DateTimeOffset UsedAt, int References, bool Pinned);

/// <summary>
/// Which blobs go, to free so many bytes. Pure. Larger presets go before smaller ones; within a preset first what frees most for what it costs to make again
/// and was not used for longest. Pins stay, and what more than <see cref="MostReferences"/> images share.
/// </summary>
public static class Eviction
{
    /// <summary>A blob of more images than this is not evicted, and no eviction changes the counters of more images at once.</summary>
    public const int MostReferences = 64;

    private const string Thumbnail = "thumbnail";

    /// <summary>What was used within this time is as good as just used: minutes decide nothing, and recorded uses are coarse.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>
    /// Which of the presets that a folder holds may go to make room for one of <paramref name="wanted"/> (null: for nobody in particular), tier by tier. Thumbnails
    /// only for thumbnails, since what they are needed for (a page that fills at once) is worth more than one large picture.
    /// </summary>
    public static IEnumerable<IReadOnlyList<string>> Tiers(IEnumerable<string> held, string? wanted) => held
        .Where(preset => wanted is null or Thumbnail || preset != Thumbnail)
        .GroupBy(TierOf).OrderBy(tier => tier.Key).Select(tier => tier.ToList());

    /// <summary>The blobs to evict, in order, as few as free <paramref name="bytes"/>; all that may go where they free less.</summary>
    public static IReadOnlyList<BlobId> Choose(IEnumerable<EvictionCandidate> candidates, long bytes, DateTimeOffset now)
    {
        var chosen = new List<BlobId>();
        var freed = 0L;
        var order = candidates.Where(IsEvictable).OrderBy(c => TierOf(c.Preset)).ThenByDescending(c => Score(c, now)).ThenBy(c => c.Id);
        foreach (var candidate in order)
        {
            if (freed >= bytes) break;
            chosen.Add(candidate.Id);
            freed += candidate.Size;
        }
        return chosen;
    }

    public static bool IsEvictable(EvictionCandidate candidate) => !candidate.Pinned && candidate.References <= MostReferences;

    /// <summary>Display, full and presets of somebody's own are one tier: which of them goes first is decided by their use.</summary>
    private static int TierOf(string preset) => preset switch { Thumbnail => 2, "medium" => 1, _ => 0 };

    /// <summary>Hours without use x bytes freed / cost to make again (GreedyDual-Size, with time for its clock).</summary>
    private static double Score(EvictionCandidate candidate, DateTimeOffset now)
    {
        var idle = now - candidate.UsedAt;
        return (idle < Fresh ? 1 : idle / Fresh) * candidate.Size / Math.Max(1, candidate.Cost);
    }
}

/// <summary>When eviction begins and where it ends, as shares of a folder's limit. Pure.</summary>
/// <param name="High">Percent of the limit above which on-demand work evicts.</param>
/// <param name="Low">Percent of the limit down to which it does.</param>
public readonly record struct WaterMarks(int High, int Low)
{
    /// <summary>Bytes to free, so that <paramref name="wanted"/> more fit below the high mark: down to the low one. 0 where they fit.</summary>
    public long ToFree(CacheFolder folder, long wanted)
    {
        var used = folder.Bytes + folder.ReservedBytes + wanted;
        return used <= Share(folder.LimitBytes, High) ? 0 : Math.Max(wanted, used - Share(folder.LimitBytes, Low));
    }

    /// <summary>Of a folder above its limit, which was lowered: bytes that have to go, and no more, since nobody waits for the rest.</summary>
    public static long Beyond(CacheFolder folder) => Math.Max(0, folder.Bytes + folder.ReservedBytes - folder.LimitBytes);

    private static long Share(long limit, int percent) => (long)(limit * (percent / 100.0));
}
