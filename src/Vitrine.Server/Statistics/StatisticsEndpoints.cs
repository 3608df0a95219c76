using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Libraries;
using Vitrine.Core.Statistics;
using Vitrine.Server.CacheFolders;
using Vitrine.Server.Hosting;
using Vitrine.Server.Jobs;
using Vitrine.Server.Security;

namespace Vitrine.Server.Statistics;

/// <summary>What is cached, where it lies, and what it is good for. Of counters: a read costs the same for any size of the libraries.</summary>
internal static class StatisticsEndpoints
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(7);

    public static void MapStatistics(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/cache").WithTags("Statistics").RequireAuthorization(Policies.Viewer);
        group.MapGet("/statistics", Read).WithName("getCacheStatistics").WithSummary("How much is cached, by library, preset, type and folder.");
        group.MapGet("/effectiveness", Effect).WithName("getCacheEffectiveness").ProducesProblem(400)
            .WithSummary("Hits, misses and what they saved, by preset, library, folder or collection, and by hour.");
        var whole = api.MapGroup("/cache").WithTags("Statistics").RequireAuthorization(Policies.CacheManager);
        whole.MapGet("/folders/statistics", Folders).WithName("getFolderStatistics").WithSummary("How full the cache folders are.");
        whole.MapGet("/distribution", Distribution).WithName("getCacheDistribution").WithSummary("What lies in which folder, in shares.");
        api.MapPost("/cache/forecast", Foretell).WithTags("Statistics").RequireAuthorization(Policies.CacheManager).IsNoAct().WithName("forecastJob")
            .ProducesProblem(400).ProducesProblem(404).WithSummary("What a job would come to: files, bytes and hours with their error, and whether there is room.");
    }

    private static async Task<Ok<CacheStatisticsShape>> Read(ClaimsPrincipal who, IStatisticsStore statistics, CancellationToken cancellation) =>
        TypedResults.Ok(CacheStatisticsShape.Of(await statistics.ReadAsync(who.Grants, cancellation)));

    private static async Task<Ok<FolderStatisticsShape>> Folders(
        ClaimsPrincipal who, StorageLook storage, FolderPresenter present, CancellationToken cancellation) =>
        TypedResults.Ok(FolderStatisticsShape.Of(await storage.TakeAsync(cancellation), folder => present.Shape(folder, who)));

    private static async Task<Ok<DistributionShape>> Distribution(
        ClaimsPrincipal who, StorageLook storage, IStatisticsStore statistics, CancellationToken cancellation) =>
        TypedResults.Ok(DistributionShape.Of(await storage.TakeAsync(cancellation), await statistics.ReadAsync(who.Grants, cancellation)));

    /// <summary>No room is an answer and no error: the job can be started all the same, and makes what fits.</summary>
    private static async Task<Results<Ok<ForecastShape>, ProblemHttpResult>> Foretell(
        ForecastRequest request, ClaimsPrincipal who, JobStarter starter, RoomForecast forecast, CancellationToken cancellation)
    {
        var wanted = await starter.CheckAsync(
            new(JobTypeShape.Derive, request.LibraryId, request.CollectionIds, request.ImageIds, request.Presets, request.Force), null, who.Grants, cancellation);
        if (wanted.Problem is { } problem) return problem.ToResult();
        return TypedResults.Ok(await forecast.MakeAsync(wanted.Job!.Scope, request.Sample, cancellation));
    }

    /// <summary>Without times: the last seven days.</summary>
    private static async Task<Results<Ok<EffectivenessShape>, ProblemHttpResult>> Effect(
        ClaimsPrincipal who, EffectivenessReport report, ICatalog catalog, TimeProvider time, CancellationToken cancellation,
        DateTimeOffset? from = null, DateTimeOffset? to = null, Named<UsageGroup>? by = null, [Range(1, 200)] int limit = 100)
    {
        var until = to ?? time.GetUtcNow();
        var grouped = by?.Value ?? UsageGroup.Preset;
        var query = new UsageQuery(from ?? until - Usual, until, grouped, limit);
        if (query.From > query.To) return Problems.BadRequest.With("'from' is after 'to'.").ToResult();
        var made = await report.MakeAsync(who.Grants, query, cancellation);
        var groups = new List<BenefitGroupShape>();
        foreach (var group in made.Groups) groups.Add(new(group.Key, await NameAsync(group.Key), BenefitShape.Of(group.Benefit)));
        return TypedResults.Ok(new EffectivenessShape(query.From, query.To, grouped, BenefitShape.Of(made.All), groups, made.Series,
            made.NeverServedShare is { } share ? Math.Round(share, 4) : null, made.Never));

        async Task<string?> NameAsync(string key) =>
            grouped == UsageGroup.Collection ? (await catalog.CollectionAsync(who.Grants, CollectionId.Parse(key, null), cancellation))?.Name : null;
    }
}
