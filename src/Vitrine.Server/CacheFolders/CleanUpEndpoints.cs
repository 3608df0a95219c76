using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.CacheFolders;

/// <summary>Clean-up of one registered folder. None takes a path: a folder that is not known is 404, and nothing is touched.</summary>
internal static class CleanUpEndpoints
{
    private const int DefaultDays = 7;
    private const int MaxDays = 36_500;

    public static void MapCleanUp(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/cache/folders/{id}").WithTags("Cache folders").RequireAuthorization(Policies.CacheManager).ActsOnFiles()
            .RequireRateLimiting(RateLimits.AdminOperations).ProducesProblem(404).ProducesProblem(409).ProducesProblem(429);
        group.MapPost("/cleanup/cache", CleanCache).WithName("cleanUpCache").ProducesProblem(400)
            .WithSummary("Deletes files that nothing refers to, of all presets but thumbnail.");
        group.MapPost("/cleanup/thumbnails", CleanThumbnails).WithName("cleanUpThumbnails").ProducesProblem(400)
            .WithSummary("Deletes thumbnails that nothing refers to.");
        group.MapPost("/cleanup/all", CleanAll).WithName("cleanUpAll").ProducesProblem(400)
            .WithSummary("Deletes all files that nothing refers to, also those whose names do not say their preset.");
        group.MapPost("/reconcile", Reconcile).WithName("reconcileCacheFolder")
            .WithSummary("Compares rows with files, takes out rows without a file, and counts what the folder holds anew.");
    }

    private static Task<Results<Ok<FolderCleanUpShape>, ProblemHttpResult>> CleanCache(
        FolderId id, CleanUp cleanUp, CancellationToken cancellation, [Range(0, MaxDays)] int olderThanDays = DefaultDays, bool dryRun = false) =>
        CleanAsync(cleanUp, id, new(CleanUpScope.Cache, TimeSpan.FromDays(olderThanDays), dryRun), cancellation);

    private static Task<Results<Ok<FolderCleanUpShape>, ProblemHttpResult>> CleanThumbnails(
        FolderId id, CleanUp cleanUp, CancellationToken cancellation, [Range(0, MaxDays)] int olderThanDays = DefaultDays, bool dryRun = false) =>
        CleanAsync(cleanUp, id, new(CleanUpScope.Thumbnails, TimeSpan.FromDays(olderThanDays), dryRun), cancellation);

    private static Task<Results<Ok<FolderCleanUpShape>, ProblemHttpResult>> CleanAll(
        FolderId id, CleanUp cleanUp, CancellationToken cancellation, [Range(0, MaxDays)] int olderThanDays = DefaultDays, bool dryRun = false) =>
        CleanAsync(cleanUp, id, new(CleanUpScope.All, TimeSpan.FromDays(olderThanDays), dryRun), cancellation);

    private static async Task<Results<Ok<FolderCleanUpShape>, ProblemHttpResult>> CleanAsync(
        CleanUp cleanUp, FolderId id, CleanUpRequest request, CancellationToken cancellation) => await cleanUp.RunAsync(id, request, cancellation) switch
        {
            null => Problems.NotFound.ToResult(),
            { Fault: not FolderFault.None } => Problems.FolderUnavailable.ToResult(),
            var report => TypedResults.Ok(FolderCleanUpShape.Of(report)),
        };

    private static async Task<Results<Ok<ReconciliationShape>, ProblemHttpResult>> Reconcile(FolderId id, Reconciler reconciler, CancellationToken cancellation) =>
        await reconciler.RunAsync(id, cancellation) switch
        {
            null => Problems.NotFound.ToResult(),
            { Fault: not FolderFault.None } => Problems.FolderUnavailable.ToResult(),
            var found => TypedResults.Ok(ReconciliationShape.Of(found)),
        };
}

/// <param name="Examined">Files whose names were read.</param>
/// <param name="Files">Deleted, or to be deleted by a run that is not dry.</param>
/// <param name="Orphans">Those without a row.</param>
/// <param name="Unreferenced">Those that no image refers to any more.</param>
/// <param name="Staged">What dead leases were writing.</param>
/// <param name="Young">Files without a row that were left: not old enough, or in the making.</param>
/// <param name="Foreign">Files that are none of ours; they are never touched.</param>
/// <param name="Undeleted">Files that the disk refused to delete.</param>
/// <param name="Listed">The first 200 of the files.</param>
internal sealed record FolderCleanUpShape(
    FolderId FolderId, bool DryRun, long Examined, long Files, long Bytes, CleanUpCount Orphans, CleanUpCount Unreferenced, CleanUpCount Staged, long Young,
    long Foreign, long Undeleted, IReadOnlyList<CleanUpFile> Listed)
{
    public static FolderCleanUpShape Of(CleanUpReport report) => new(
        report.Folder, report.DryRun, report.Examined, report.Files, report.Bytes, report.Orphans, report.Unreferenced, report.Staged, report.Young,
        report.Foreign, report.Undeleted, report.Listed);
}

/// <param name="Files">On disk, with a name of ours.</param>
/// <param name="Rows">Of blobs, before the repair.</param>
/// <param name="Dangling">Rows without their file.</param>
/// <param name="Repaired">Dangling rows taken out: what they showed is made again on demand or by the next job.</param>
/// <param name="Damaged">Files of another size than recorded: repaired by verify.</param>
/// <param name="Orphans">Files without a row.</param>
/// <param name="Foreign">Files that are none of ours.</param>
/// <param name="Differences">Counters of the folder that were wrong: what they were, and are now.</param>
internal sealed record ReconciliationShape(
    FolderId FolderId, long Files, long Bytes, long Rows, long RowBytes, long Dangling, long Repaired, long Damaged, CleanUpCount Orphans, long Foreign,
    IReadOnlyList<string> Differences)
{
    public static ReconciliationShape Of(Reconciliation found) => new(
        found.Folder, found.Files, found.Bytes, found.Rows, found.RowBytes, found.Dangling, found.Repaired, found.Damaged, found.Orphans, found.Foreign,
        found.Differences);
}
