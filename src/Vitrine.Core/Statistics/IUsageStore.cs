using Vitrine.Core.Users;

namespace Vitrine.Core.Statistics;

/// <summary>How the cache was used. Promise: counts are added once, in one transaction for each call; what is of a library that is gone is left out.</summary>
public interface IUsageStore
{
    /// <summary>Adds to the hour and day of <paramref name="at"/>, and forgets what is older than <paramref name="keep"/>.</summary>
    Task AddAsync(UsageCounts counts, DateTimeOffset at, TimeSpan keep, CancellationToken cancellation);

    /// <summary>Sums of the whole hours (by collection: days) that touch the time asked for, without what is not granted.</summary>
    Task<IReadOnlyList<UsageSum>> SumsAsync(Grants grants, UsageQuery query, CancellationToken cancellation);

    /// <summary>Sums by hour, the oldest first; at most as many as the time asked for has hours.</summary>
    Task<IReadOnlyList<UsagePoint>> SeriesAsync(Grants grants, UsageQuery query, CancellationToken cancellation);

    /// <summary>Whether the image had this preset, and lost it to an eviction.</summary>
    Task<bool> WasEvictedAsync(ImageId image, string preset, CancellationToken cancellation);

    /// <summary>Files of each cache folder that were never served. It counts them: it is no read for every page.</summary>
    Task<IReadOnlyList<NeverServed>> NeverServedAsync(CancellationToken cancellation);
}

/// <param name="Blobs">All files of the folder.</param>
public sealed record NeverServed(FolderId Folder, long Blobs, long Never);

public enum UsageGroup { Preset, Library, Folder, Collection }

/// <param name="Limit">Of collections: those with most hits.</param>
public sealed record UsageQuery(DateTimeOffset From, DateTimeOffset To, UsageGroup By = UsageGroup.Preset, int Limit = 100);

/// <param name="Key">The preset's name or the id, as text.</param>
/// <param name="Library">What it is a part of: costs differ between libraries.</param>
public sealed record UsageSum(string Key, LibraryId Library, string Preset, long Hits, long Misses, long Bytes);

public sealed record UsagePoint(DateTimeOffset At, long Hits, long Misses, long Bytes);
