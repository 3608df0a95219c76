namespace Vitrine.Core.CacheFolders;

/// <summary>
/// When blobs were last used, which is what eviction goes by. Promise: times only move on, and a use within <see cref="Grain"/> of the recorded one writes
/// nothing, so that pictures which are looked at all day cost a row an hour.
/// </summary>
public interface IBlobUse
{
    static readonly TimeSpan Grain = TimeSpan.FromHours(1);

    /// <summary>These blobs were served then. What has no row is passed over. One transaction: at most some thousands at a time.</summary>
    Task TouchAsync(IReadOnlyDictionary<BlobId, DateTimeOffset> uses, CancellationToken cancellation);
}
