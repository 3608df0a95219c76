using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;
using Vitrine.Server.Jobs;
using Vitrine.Server.Security;

namespace Vitrine.Server.Libraries;

/// <summary>What a library lost: images whose originals are gone wait there for their days, and can be forgotten at once.</summary>
internal static class TrashEndpoints
{
    /// <summary>Some tens of milliseconds of the store's writer.</summary>
    private const int PageSize = 500;

    public static void MapTrash(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/libraries/{id}/trash").WithTags("Libraries").RequireAuthorization(Policies.CacheManager).WithCursors().ProducesProblem(404);
        group.MapGet("/", List).WithName("listTrash").ProducesProblem(400)
            .WithSummary("Images whose originals are gone. They come back by themselves when their originals do.");
        group.MapDelete("/", Empty).WithName("emptyTrash").WithSummary("Forgets them at once; what was made of them alone is cleaned up.");
    }

    private static async Task<Results<Ok<ListShape<RemovedImageShape>>, ProblemHttpResult>> List(
        LibraryId id, ClaimsPrincipal who, ITrashStore trash, CancellationToken cancellation, string? cursor = null,
        [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit) =>
        await trash.ListAsync(who.Grants, id, cursor, limit, cancellation) is { } page
            ? TypedResults.Ok(new ListShape<RemovedImageShape>([.. page.Items.Select(RemovedImageShape.Of)], page.Next))
            : Problems.NotFound.ToResult();

    private static async Task<Results<Ok<ChangedShape>, ProblemHttpResult>> Empty(LibraryId id, ClaimsPrincipal who, ITrashStore trash, CancellationToken cancellation)
    {
        if (await trash.ListAsync(who.Grants, id, null, 1, cancellation) is null) return Problems.NotFound.ToResult();
        var count = 0;
        int page;
        do
        {
            page = await trash.ForgetAsync(id, PageSize, cancellation);
            count += page;
        }
        while (page > 0);
        return TypedResults.Ok(new ChangedShape(count));
    }
}

/// <param name="Path">Of its directory or archive, within the library.</param>
/// <param name="Size">Of the original, in bytes.</param>
internal sealed record RemovedImageShape(ImageId Id, string Path, string Name, long Size, DateTimeOffset RemovedAt)
{
    public static RemovedImageShape Of(RemovedImage image) => new(image.Id, image.Place.Text, image.Name, image.Size, image.RemovedAt);
}
