using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Core.Statistics;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Shares;

/// <summary>What a link shows: its collection, the list of its images, and their derivatives. Originals have no route here.</summary>
internal static class SharedEndpoints
{
    public static void MapShared(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/shared").WithTags("Shared").AllowAnonymous().RequireRateLimiting(ShareVisit.RateLimit).WithCursors()
            .ProducesProblem(404).ProducesProblem(429);
        group.MapGet("/", Get).WithName("getShared").WithSummary("The collection of the link whose token is in X-Vitrine-Share.");
        group.MapGet("/images", Images).WithName("listSharedImages").WithSummary("Its images, in natural order.").ProducesProblem(400);
        group.MapMethods("/images/{id}/{preset}", Bytes.Methods, Picture).WithName("getSharedPicture")
            .WithSummary("The picture of one of them in a preset with a longest edge; 202 while it is being made.")
            .WithMetadata(new BytesAnswer("image/webp", "image/jpeg")).Produces(202).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);
    }

    private static async Task<Results<Ok<SharedCollectionShape>, ProblemHttpResult>> Get(
        HttpContext context, ShareVisit visit, ICatalog catalog, CancellationToken cancellation) =>
        await visit.FindAsync(context, cancellation) is { } shared
            && await catalog.CollectionAsync(shared.Grants, shared.Collection, cancellation) is { } collection
            ? TypedResults.Ok(new SharedCollectionShape(collection.Name, collection.Images, shared.ExpiresAt))
            : Problems.NotFound.ToResult();

    private static async Task<Results<Ok<ListShape<SharedImageShape>>, ProblemHttpResult>> Images(
        HttpContext context, ShareVisit visit, ICatalog catalog, Presets presets, CancellationToken cancellation, string? cursor = null,
        [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit) =>
        await visit.FindAsync(context, cancellation) is { } shared
            && await catalog.ImagesAsync(shared.Grants, shared.Collection, cursor, limit, cancellation) is { } page
            ? TypedResults.Ok(new ListShape<SharedImageShape>([.. page.Items.Select(image => SharedImageShape.Of(image, presets.Now))], page.Next))
            : Problems.NotFound.ToResult();

    private static async Task<IResult> Picture(
        ImageId id, string preset, HttpContext context, ShareVisit visit, Pictures pictures, Presets presets, Usage usage, CancellationToken cancellation)
    {
        var now = presets.Now;
        bool shows(string name) => now.Find(name) is { } found && SharedPresets.Shows(found);
        if (await visit.FindAsync(context, cancellation) is not { } shared) return Problems.NotFound.ToResult();
        if (!shows(preset)) return Problems.NotFound.ToResult();
        if (await visit.ImageAsync(shared, id, cancellation) is not { } image) return Problems.NotFound.ToResult();
        var answer = await pictures.OpenAsync(shared.Grants, image, preset, tag => Bytes.Has(context.Request, tag), $"share/{shared.Share}", cancellation);
        return PictureEndpoints.SendToVisitor(context, answer, shows, usage);
    }
}
