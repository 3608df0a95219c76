using Vitrine.Core.Jobs;

namespace Vitrine.Core.Libraries;

/// <summary>
/// Libraries, and what a scan changes in them. Promise: a scan step is written whole under its lease's current token or not at
/// all; counters of collections and libraries change in the same transaction as the rows they count.
/// </summary>
public interface ILibraryStore
{
    /// <summary>Adds a library. Roots neither equal nor contain one another: that answers null and writes nothing.</summary>
    Task<Library?> AddAsync(NewLibrary library, CancellationToken cancellation);

    /// <summary>All libraries in order of name (their number is bounded by <c>maxLibraries</c>, so they are not paged).</summary>
    Task<IReadOnlyList<Library>> ListAsync(CancellationToken cancellation);

    /// <summary>Changes name, settings, root or mount. False: no such library.</summary>
    Task<bool> UpdateAsync(LibraryId id, NewLibrary changed, CancellationToken cancellation);

    /// <summary>
    /// Removes the library and cancels its jobs: from then on nobody sees it or anything of it, its leases are fenced, and its root is free. Its
    /// collections, images and links go by <see cref="SweepRemovedAsync"/>. Originals stay. False: no such library.
    /// </summary>
    Task<bool> RemoveAsync(LibraryId id, CancellationToken cancellation);

    /// <summary>
    /// Deletes up to <paramref name="limit"/> rows of removed libraries; blobs that nothing refers to any more become unreferenced. Counters equal a
    /// recount after each call. False: nothing is left of any.
    /// </summary>
    Task<bool> SweepRemovedAsync(int limit, CancellationToken cancellation);

    /// <summary>For a scan: what is recorded of directories, in order of id. Writes nothing.</summary>
    /// <param name="below">Not these, but those directly in them that are not noted as gone.</param>
    Task<IReadOnlyList<KnownDirectory>> DirectoriesAsync(IReadOnlyCollection<CollectionId> directories, bool below, CancellationToken cancellation);

    /// <summary>Applies one step of a scan: see <see cref="ScanStep"/>.</summary>
    Task<ScanAnswer> ApplyAsync(Lease scan, ScanStep step, CancellationToken cancellation);
}
