using System.Data.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Health;

/// <summary>For supervisors: is the process alive, and can it serve?</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").WithTags("Health").OpenToAnybody();
        health.MapGet("/live", Live).WithName("isLive").WithSummary("The process answers.");
        health.MapGet("/ready", Ready).WithName("isReady").WithSummary("The store answers as well.").ProducesProblem(503);
    }

    private static Ok<HealthShape> Live() => TypedResults.Ok(new HealthShape("live"));

    private static async Task<Results<Ok<HealthShape>, ProblemHttpResult>> Ready(ILibraryStore libraries, CancellationToken cancellation)
    {
        try
        {
            await libraries.ListAsync(cancellation);
            return TypedResults.Ok(new HealthShape("ready"));
        }
        catch (Exception broken) when (broken is DbException or IOException)
        {
            return Problems.NotReady.ToResult();
        }
    }
}

internal sealed record HealthShape(string Status);
