using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Takes blobs out of the store. Promise: a row goes with what counts it in one transaction, which changes the counters of at most <see cref="MaxLinks"/> images;
/// files are the caller's, to be deleted after their row, so that a crash between the two leaves a file without a row and never a row without a file.
/// </summary>
public interface IBlobRemoval
{
    /// <summary>Links that go in one transaction at most: a blank page may stand in ten thousand collections.</summary>
    public const int MaxLinks = 64;

    /// <summary>Rows of blobs of a folder that nothing has referred to since before a time, longest first.</summary>
    Task<Page<BlobRow>> UnreferencedAsync(FolderId folder, DateTimeOffset before, string? after, int limit, CancellationToken cancellation);

    /// <summary>Removes those of these rows that are still unreferenced since before that time, and answers their files. Of 1,000 rows at most.</summary>
    Task<IReadOnlyList<BlobFile>> RemoveUnreferencedAsync(
        FolderId folder, IReadOnlyCollection<BlobId> blobs, DateTimeOffset before, CancellationToken cancellation);

    /// <summary>
    /// Takes up to <see cref="MaxLinks"/> links from a blob whose file is no good, and its row with the last of them. The images lack these derivatives then, and
    /// what makes missing ones makes them again. Nothing is done where the row is gone or has another file meanwhile.
    /// </summary>
    Task<TakenOut> TakeOutAsync(BlobRow blob, CancellationToken cancellation);

    /// <summary>Counts the blobs, bytes and reservations of a folder anew; what they were and are, null where they were right.</summary>
    Task<string?> RecountAsync(FolderId folder, CancellationToken cancellation);

    /// <summary>Counts up to <paramref name="limit"/> counters of each kind anew that differ from their rows, and tells what they were. Empty: all are equal.</summary>
    Task<IReadOnlyList<string>> RecountAsync(int limit, CancellationToken cancellation);
}

public enum TakeOutEnd
{
    /// <summary>The row has links still.</summary>
    More,

    /// <summary>The row is gone now: its file may go.</summary>
    Removed,

    /// <summary>There is no such row with that file any more; nothing was changed.</summary>
    Other,
}

/// <param name="Lacking">Images that lost their link. Those in the trash are not among them.</param>
public sealed record TakenOut(TakeOutEnd End, IReadOnlyList<LackingImage> Lacking);

public readonly record struct LackingImage(LibraryId Library, ImageId Image, string Preset);
