using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Core.Derivatives;

/// <summary>
/// What somebody has on the screen goes first: the covers of a list of collections, and what follows the image in the viewer. These are hints. What is not
/// known, not granted or made already is left out, and saying the same again changes nothing.
/// </summary>
public sealed class OpenView(IBatchStore batches, ICatalog catalog, ReadAhead ahead, Signals signals)
{
    /// <summary>Collections of one view.</summary>
    public const int MostCollections = BatchAddition.MostInView;

    /// <summary>These collections are on the screen, in this order.</summary>
    public async Task ShowsAsync(Grants grants, IReadOnlyList<CollectionId> collections, CancellationToken cancellation)
    {
        var covers = new List<ImageId>();
        foreach (var id in collections.Distinct().Take(MostCollections))
        {
            // The cover of a sequential container comes with the one pass over it: a batch of its own would cost another.
            if (await catalog.CollectionAsync(grants, id, cancellation) is { Cover: { } cover } collection && !collection.Kind.IsSequential()) covers.Add(cover.Id);
        }
        if (covers.Count == 0) return;
        if ((await batches.AddAsync(new BatchAddition.InView(covers), cancellation)).Accepted) signals.Work.Ring();
    }

    /// <summary>This image is looked at, in this preset.</summary>
    public async Task ShowsAsync(Grants grants, ImageId image, string preset, CancellationToken cancellation)
    {
        if (await catalog.ImageAsync(grants, image, cancellation) is { } shown) ahead.Follow(shown.Summary, preset);
    }
}
