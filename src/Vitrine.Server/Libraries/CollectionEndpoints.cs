using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Libraries;

internal static class CollectionEndpoints
{
    private const int MaxSearchLength = 200;

    public static void MapCollections(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/collections").WithTags("Collections").RequireAuthorization(Policies.Viewer).WithCursors();
        group.MapGet("/", List).WithName("listCollections").WithSummary("Directories and archives with images, sorted and searched.").ProducesProblem(400);
        group.MapGet("/{id}", Get).WithName("getCollection").WithSummary("One collection.").ProducesProblem(404);
        group.MapGet("/{id}/images", Images).WithName("listImages").WithSummary("The images of a collection, in natural order.").ProducesProblem(400).ProducesProblem(404);

        var pin = api.MapGroup("/collections/{id}/pin").WithTags("Collections").RequireAuthorization(Policies.CacheManager).ProducesProblem(404);
        pin.MapPut("/", Pin).WithName("pinCollection").WithSummary("Keeps what is made of the collection from eviction.");
        pin.MapDelete("/", Unpin).WithName("unpinCollection").WithSummary("What is made of the collection may be evicted again.");
    }

    private static Task<Results<NoContent, ProblemHttpResult>> Pin(
        CollectionId id, ClaimsPrincipal who, ICatalog catalog, IBlobPlaces places, CancellationToken cancellation) =>
        SetPinAsync(id, true, who, catalog, places, cancellation);

    private static Task<Results<NoContent, ProblemHttpResult>> Unpin(
        CollectionId id, ClaimsPrincipal who, ICatalog catalog, IBlobPlaces places, CancellationToken cancellation) =>
        SetPinAsync(id, false, who, catalog, places, cancellation);

    private static async Task<Results<NoContent, ProblemHttpResult>> SetPinAsync(
        CollectionId id, bool pinned, ClaimsPrincipal who, ICatalog catalog, IBlobPlaces places, CancellationToken cancellation) =>
        await catalog.CollectionAsync(who.Grants, id, cancellation) is not null && await places.PinAsync(id, pinned, cancellation)
            ? TypedResults.NoContent()
            : Problems.NotFound.ToResult();

    private static async Task<Ok<ListShape<CollectionShape>>> List(
        ClaimsPrincipal who, ICatalog catalog, Presets presets, CancellationToken cancellation, LibraryId? library = null,
        [StringLength(MaxSearchLength)] string? search = null, Named<CollectionSort>? sort = null, bool descending = false,
        string? cursor = null, [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit)
    {
        var order = sort?.Value ?? CollectionSort.Name;
        var page = await catalog.CollectionsAsync(who.Grants, new(library, search, order, descending, cursor, limit), cancellation);
        return TypedResults.Ok(new ListShape<CollectionShape>([.. page.Items.Select(collection => CollectionShape.Of(collection, presets.Now))], page.Next));
    }

    private static async Task<Results<Ok<CollectionShape>, ProblemHttpResult>> Get(
        CollectionId id, ClaimsPrincipal who, ICatalog catalog, Presets presets, CancellationToken cancellation) =>
        await catalog.CollectionAsync(who.Grants, id, cancellation) is { } collection
            ? TypedResults.Ok(CollectionShape.Of(collection, presets.Now))
            : Problems.NotFound.ToResult();

    private static async Task<Results<Ok<ListShape<ImageShape>>, ProblemHttpResult>> Images(
        CollectionId id, ClaimsPrincipal who, ICatalog catalog, Presets presets, CancellationToken cancellation, string? cursor = null,
        [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit) =>
        await catalog.ImagesAsync(who.Grants, id, cursor, limit, cancellation) is { } page
            ? TypedResults.Ok(new ListShape<ImageShape>([.. page.Items.Select(image => ImageShape.Of(image, presets.Now))], page.Next))
            : Problems.NotFound.ToResult();
}
