using Vitrine.Server.Alerts;
using Vitrine.Server.CacheFolders;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Health;
using Vitrine.Server.Jobs;
using Vitrine.Server.Libraries;
using Vitrine.Server.Schedules;
using Vitrine.Server.Security;
using Vitrine.Server.Security.OpenId;
using Vitrine.Server.Shares;
using Vitrine.Server.Statistics;
using Vitrine.Server.Users;

namespace Vitrine.Server.Hosting;

/// <summary>The way of a request, from top to bottom.</summary>
internal static class Pipeline
{
    public static void UseVitrine(this WebApplication app, string pageFolder)
    {
        var network = app.Services.GetRequiredService<NetworkOptions>();
        app.UseTrustedProxies(network);
        app.UseBasePath(app.Services.GetRequiredService<BasePath>());
        app.UseWebHeaders();
        app.UseHotPictures();
        app.UseProblems();
        app.UseRequestBounds();
        app.UseRouting();
        app.UseCorsOfSettings(network);
        app.UsePageFiles(pageFolder);
        app.UseUnmatched();
        app.UseGates();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.MapEndpoints();
        app.UseEndpoints(_ => { });
    }

    private static void MapEndpoints(this WebApplication app)
    {
        app.MapHealth();
        app.MapApiDescription();
        var api = app.MapGroup(Routes.Api).ProducesProblem(401).ProducesProblem(403).WithAudit().WithCheckedArguments();
        api.MapSessions();
        api.MapOidc();
        api.MapAccount();
        api.MapUsers();
        api.MapUserSecrets();
        api.MapAudit();
        api.MapStatus();
        api.MapFormats();
        api.MapLibraries();
        api.MapTrash();
        api.MapBrake();
        api.MapCollections();
        api.MapImages();
        api.MapPictures();
        api.MapThumbnails();
        api.MapOriginals();
        api.MapView();
        api.MapJobs();
        api.MapEngine();
        api.MapSchedules();
        api.MapFailures();
        api.MapDeadBatches();
        api.MapAlerts();
        api.MapCacheFolders();
        api.MapStatistics();
        api.MapCleanUp();
        api.MapPresets();
        api.MapShares();
        api.MapShared();
    }

    /// <summary>
    /// What no route of ours takes ends here, before sign-in is asked for: the list of routes is no secret, and 404, 405 and 415 would else all be 401.
    /// Routing answers a wrong method or type with an endpoint of its own, which is no <see cref="RouteEndpoint"/>.
    /// </summary>
    private static void UseUnmatched(this WebApplication app) => app.Use((context, next) =>
    {
        switch (context.GetEndpoint())
        {
            case RouteEndpoint:
                return next(context);
            case { RequestDelegate: { } routing }:
                return routing(context);
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    });
}
