using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Libraries;

internal static class ImageEndpoints
{
    public static void MapImages(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/images").WithTags("Images").RequireAuthorization(Policies.Viewer);
        group.MapGet("/random", Random).WithName("getRandomImage").WithSummary("Any image that you may see.").ProducesProblem(404);
        group.MapPost("/batch", Batch).IsNoAct().WithName("getImages").WithSummary("State, ThumbHash and addresses of up to 200 images; those that you may not see are left out.").ProducesProblem(400);
        group.MapGet("/{id}", Get).WithName("getImage").WithSummary("One image with its facts.").ProducesProblem(404);
        group.MapGet("/{id}/neighbours", Neighbours).WithName("getNeighbours").WithSummary("The images before and after it in its collection.").ProducesProblem(404);
    }

    private static async Task<Results<Ok<ImageShape>, ProblemHttpResult>> Random(ClaimsPrincipal who, ICatalog catalog, Presets presets, CancellationToken cancellation)
    {
        var point = RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
        return await catalog.RandomAsync(who.Grants, point, cancellation) is { } image
            ? TypedResults.Ok(ImageShape.Of(image, presets.Now))
            : Problems.NotFound.ToResult();
    }

    private static async Task<Results<Ok<ListShape<ImageShape>>, ProblemHttpResult>> Batch(
        ImagesRequest request, ClaimsPrincipal who, ICatalog catalog, Presets presets, CancellationToken cancellation)
    {
        if (request.Problem is { } problem) return problem.ToResult();
        var images = await catalog.ImagesAsync(who.Grants, request.Distinct, cancellation);
        return TypedResults.Ok(new ListShape<ImageShape>([.. images.Select(image => ImageShape.Of(image.Summary, presets.Now))], null));
    }

    private static async Task<Results<Ok<ImageDetailShape>, ProblemHttpResult>> Get(
        ImageId id, ClaimsPrincipal who, ICatalog catalog, Presets presets, CancellationToken cancellation)
    {
        if (await catalog.ImageAsync(who.Grants, id, cancellation) is not { } image) return Problems.NotFound.ToResult();
        var collection = await catalog.CollectionAsync(who.Grants, image.Summary.Collection, cancellation);
        return TypedResults.Ok(ImageDetailShape.Of(image, collection, presets.Now));
    }

    private static async Task<Results<Ok<NeighboursShape>, ProblemHttpResult>> Neighbours(
        ImageId id, ClaimsPrincipal who, ICatalog catalog, Presets presets, CancellationToken cancellation) =>
        await catalog.NeighboursAsync(who.Grants, id, cancellation) is { } found
            ? TypedResults.Ok(new NeighboursShape(Shape(found.Previous, presets.Now), Shape(found.Next, presets.Now), found.Index, found.Count))
            : Problems.NotFound.ToResult();

    private static ImageShape? Shape(ImageSummary? image, PresetSet presets) => image is null ? null : ImageShape.Of(image, presets);
}
