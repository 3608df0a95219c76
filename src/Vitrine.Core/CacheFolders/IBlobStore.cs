namespace Vitrine.Core.CacheFolders;

/// <summary>The rows of blobs, for those who look after the files: checks, clean-up, moves. Promise: a page or an answer is one short read, as of one moment.</summary>
public interface IBlobStore
{
    /// <summary>Rows of blobs by id, for checks.</summary>
    Task<Page<BlobRow>> BlobsAsync(string? after, int limit, CancellationToken cancellation);

    /// <summary>Rows of blobs whose file was written since then, in all folders, by id.</summary>
    Task<Page<BlobRow>> WrittenSinceAsync(DateTimeOffset since, string? after, int limit, CancellationToken cancellation);

    /// <summary>Which of these names in this folder have a row.</summary>
    Task<IReadOnlySet<string>> KnownAsync(FolderId folder, IReadOnlyCollection<string> names, CancellationToken cancellation);
}
