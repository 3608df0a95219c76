using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.CacheFolders;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.CacheFolders;

internal static class CacheFolderEndpoints
{
    public static void MapCacheFolders(this RouteGroupBuilder api)
    {
        var read = api.MapGroup("/cache/folders").WithTags("Cache folders").RequireAuthorization(Policies.Viewer);
        read.MapGet("/", List).WithName("listCacheFolders").WithSummary("Cache folders, the first to be filled first.");

        api.MapFolderChanges();

        var check = api.MapGroup("/verify").WithTags("Cache folders").RequireAuthorization(Policies.Admin);
        check.MapPost("/", Verify).WithName("verify").WithSummary("Compares rows, files and counters; changes nothing.");
    }

    private static async Task<Ok<ListShape<CacheFolderShape>>> List(
        ClaimsPrincipal who, ICacheFolderStore folders, FolderPresenter present, CancellationToken cancellation)
    {
        var all = await folders.ListAsync(cancellation);
        return TypedResults.Ok(new ListShape<CacheFolderShape>(
            [.. all.Select(folder => present.Shape(folder, who))], null));
    }

    private static async Task<Ok<Verification>> Verify(Verifier verifier, CancellationToken cancellation) =>
        TypedResults.Ok(await verifier.VerifyAsync(cancellation));
}
