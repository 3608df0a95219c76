using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.CacheFolders;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.CacheFolders;

/// <summary>Cache folders that come, change and go. A path is given once, when a folder is added; from then on it is named by its id.</summary>
internal static class FolderChangeEndpoints
{
    public static void MapFolderChanges(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/cache/folders").WithTags("Cache folders").RequireAuthorization(Policies.CacheManager).ProducesProblem(400).ProducesProblem(409);
        group.MapPost("/", Add).WithName("addCacheFolder").WithSummary("Adds a directory of the server, empty or with our marker, as a cache folder.");

        var one = group.MapGroup("/{id}").ProducesProblem(404);
        one.MapPatch("/", Change).WithName("changeCacheFolder").WithSummary("Changes what is given. What a lower limit leaves no room for is evicted.");
        one.MapPost("/drain", Drain).WithName("drainCacheFolder").WithSummary("Takes nothing new, and moves what is there to other folders while it is served.");
        one.MapPost("/drain/stop", Stop).WithName("stopDrainingCacheFolder").WithSummary("Draining ends: what has moved stays where it is, and the folder takes files again.");
        one.MapDelete("/", Remove).WithName("removeCacheFolder").WithSummary("Gives an empty folder up; its directory stays. Otherwise 409 says what is left.");
    }

    private static async Task<Results<Created<CacheFolderShape>, ProblemHttpResult>> Add(
        NewCacheFolderRequest request, ClaimsPrincipal who, CacheFolderService service, FolderPresenter present, CancellationToken cancellation) =>
        await service.AddAsync(request.Path, request.Change, cancellation) switch
        {
            FolderAnswer.Stored { Folder: var folder } => TypedResults.Created($"{Routes.Api}/cache/folders/{folder.Id}", present.Shape(folder, who)),
            // What a folder lies in, or holds, is told by its path.
            FolderAnswer.Refused refused => Problems.BadFolder(refused.Code, who.IsAdmin ? refused.Message : null).ToResult(),
            _ => throw new InvalidOperationException("FolderAnswer has no other kind here."),
        };

    private static async Task<Results<Ok<CacheFolderShape>, ProblemHttpResult>> Change(
        FolderId id, CacheFolderChangeRequest request, ClaimsPrincipal who, CacheFolderService service, FolderPresenter present, CancellationToken cancellation) =>
        Answer(await service.ChangeAsync(id, request.Change, cancellation), who, present);

    private static async Task<Results<Ok<CacheFolderShape>, ProblemHttpResult>> Drain(
        FolderId id, ClaimsPrincipal who, CacheFolderService service, FolderPresenter present, CancellationToken cancellation) =>
        Answer(await service.DrainAsync(id, true, cancellation), who, present);

    private static async Task<Results<Ok<CacheFolderShape>, ProblemHttpResult>> Stop(
        FolderId id, ClaimsPrincipal who, CacheFolderService service, FolderPresenter present, CancellationToken cancellation) =>
        Answer(await service.DrainAsync(id, false, cancellation), who, present);

    private static async Task<Results<Ok<RemovedFolderShape>, ProblemHttpResult>> Remove(FolderId id, CacheFolderService service, CancellationToken cancellation) =>
        await service.RemoveAsync(id, cancellation) switch
        {
            FolderAnswer.Removed removed => TypedResults.Ok(new RemovedFolderShape(removed.LeftFiles)),
            FolderAnswer.Refused refused => Problems.BadFolder(refused.Code, refused.Message).ToResult(),
            _ => Problems.NotFound.ToResult(),
        };

    private static Results<Ok<CacheFolderShape>, ProblemHttpResult> Answer(FolderAnswer? answer, ClaimsPrincipal who, FolderPresenter present) => answer switch
    {
        FolderAnswer.Stored stored => TypedResults.Ok(present.Shape(stored.Folder, who)),
        FolderAnswer.Refused refused => Problems.BadFolder(refused.Code, refused.Message).ToResult(),
        _ => Problems.NotFound.ToResult(),
    };
}
