using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Core.Libraries;

/// <summary>
/// Reads. Promise: nothing of a library outside <see cref="Grants"/> is in any answer, and what is not granted is answered like what
/// does not exist (null, or left out); every list is a keyset page, a short read of its own.
/// </summary>
public interface ICatalog
{
    /// <summary>Collections that hold images or could not be read.</summary>
    Task<Page<Collection>> CollectionsAsync(Grants grants, CollectionQuery query, CancellationToken cancellation);

    Task<Collection?> CollectionAsync(Grants grants, CollectionId id, CancellationToken cancellation);

    /// <summary>Images of one collection in natural order; null where the collection is not known or not granted.</summary>
    Task<Page<ImageSummary>?> ImagesAsync(Grants grants, CollectionId collection, string? after, int limit, CancellationToken cancellation);

    /// <summary>Those of the images that exist and are granted, with all that serving them needs, in the order asked for; one read.</summary>
    /// <param name="ids">At most 200.</param>
    Task<IReadOnlyList<Image>> ImagesAsync(Grants grants, IReadOnlyList<ImageId> ids, CancellationToken cancellation);

    /// <summary>The images before and after this one in its collection, and its 0-based index there.</summary>
    Task<Neighbours?> NeighboursAsync(Grants grants, ImageId id, CancellationToken cancellation);

    /// <summary>One image with equal chance for each id gap; null where nothing is granted. <paramref name="point"/> is from [0, 1).</summary>
    Task<ImageSummary?> RandomAsync(Grants grants, double point, CancellationToken cancellation);

    /// <summary>
    /// For the planner: images of the scope that lack one of its presets (all of them with <c>Force</c>; see <c>Incomplete</c>), by collection, then id. A
    /// page that would end within a sequential container goes on to the end of that container, since it is to be one batch.
    /// </summary>
    Task<Page<PlannedItem>> ToDeriveAsync(JobScope scope, string? after, int limit, CancellationToken cancellation);
}

public static class CatalogReads
{
    /// <summary>One image; null where it is not known or not granted.</summary>
    public static async Task<Image?> ImageAsync(this ICatalog catalog, Grants grants, ImageId id, CancellationToken cancellation) =>
        await catalog.ImagesAsync(grants, [id], cancellation) is [var image] ? image : null;
}

public enum CollectionSort { Name, Updated, Added, Images, Bytes }

/// <param name="Search">Words that name or path must contain, case-insensitive; taken literally.</param>
/// <param name="After">The cursor of a former page of the same query; one that does not fit is a <see cref="FormatException"/>.</param>
/// <param name="Limit">1 to 200.</param>
public sealed record CollectionQuery(
    LibraryId? Library = null, string? Search = null, CollectionSort Sort = CollectionSort.Name, bool Descending = false,
    string? After = null, int Limit = 50);

public sealed record Neighbours(ImageSummary? Previous, ImageSummary? Next, long Index, long Count);
