using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.CacheFolders;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.CacheFolders;

internal static class CacheFolderEndpoints
{
    private const int MaxMinutes = 1440;

    public static void MapCacheFolders(this RouteGroupBuilder api)
    {
        // What a folder holds is of all libraries: who sees some of them is not told.
        var read = api.MapGroup("/cache/folders").WithTags("Cache folders").RequireAuthorization(Policies.CacheManager);
        read.MapGet("/", List).WithName("listCacheFolders").WithSummary("Cache folders, the first to be filled first.");

        api.MapFolderChanges();

        var check = api.MapGroup("/verify").WithTags("Cache folders").RequireAuthorization(Policies.Admin).ActsOnFiles();
        check.MapPost("/", Verify).WithName("verify").ProducesProblem(400)
            .WithSummary("Compares rows, files and counters. With repair, what is missing or damaged is taken out and made again, and counters are counted anew.");
    }

    private static async Task<Ok<ListShape<CacheFolderShape>>> List(
        ClaimsPrincipal who, ICacheFolderStore folders, FolderPresenter present, CancellationToken cancellation)
    {
        var all = await folders.ListAsync(cancellation);
        return TypedResults.Ok(new ListShape<CacheFolderShape>(
            [.. all.Select(folder => present.Shape(folder, who))], null));
    }

    /// <param name="minutes">Ends after so long, and goes on there the next time; 0 for all of it, from the beginning.</param>
    private static async Task<Ok<Verification>> Verify(
        VerifyRun verify, CancellationToken cancellation, bool repair = false, [Range(0, MaxMinutes)] int minutes = 0) =>
        TypedResults.Ok(await verify.RunAsync(new(repair, minutes == 0 ? null : TimeSpan.FromMinutes(minutes)), cancellation));
}
