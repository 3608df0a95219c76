using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Derivatives;

/// <summary>Tells what is on the screen, so that it is made first.</summary>
internal static class ViewEndpoints
{
    public static void MapView(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/view").WithTags("Pictures").RequireAuthorization(Policies.Viewer).IsNoAct();
        group.MapPost("/", Show).WithName("showView").ProducesProblem(400)
            .WithSummary("Says which collections or which image are on the screen: their covers, and the images behind it, are made next.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Show(ViewRequest request, ClaimsPrincipal who, OpenView view, Presets presets, CancellationToken cancellation)
    {
        if (request.CollectionIds is { Count: > OpenView.MostCollections }) return Problems.BadRequest.With($"At most {OpenView.MostCollections} collections are in view.").ToResult();
        if (request.ImageId is not null && presets.Now.Find(request.Preset ?? "") is null) return Problems.BadRequest.With("Give the preset in which the image is shown.").ToResult();

        if (request.CollectionIds is { } collections) await view.ShowsAsync(who.Grants, collections, cancellation);
        if (request.ImageId is { } image) await view.ShowsAsync(who.Grants, image, request.Preset!, cancellation);
        return TypedResults.NoContent();
    }
}

/// <param name="CollectionIds">On the screen, in this order; at most 200. What is not known or not granted is left out.</param>
/// <param name="ImageId">In the viewer.</param>
/// <param name="Preset">In which that image is shown.</param>
internal sealed record ViewRequest(IReadOnlyList<CollectionId>? CollectionIds = null, ImageId? ImageId = null, string? Preset = null);
