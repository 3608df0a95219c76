using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Jobs;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

/// <summary>How the engine works: shown, and changed while it does.</summary>
internal static class EngineEndpoints
{
    private const int MaxNames = 100;

    public static void MapEngine(this RouteGroupBuilder api)
    {
        var engine = api.MapGroup("/cache/engine").WithTags("Jobs").RequireAuthorization(Policies.CacheManager);
        engine.MapGet("/", Get).WithName("getEngine").WithSummary("Workers, priority and working hours, with their sources.");
        engine.MapPatch("/", Change).WithName("changeEngine").WithSummary("Changes what is given, on every node within seconds.")
            .ProducesProblem(400).ProducesProblem(409);
        engine.MapGet("/nodes", Nodes).WithName("listNodes").WithSummary("Processes that work on this store and are alive, by name.");
    }

    private static async Task<Ok<ListShape<NodeShape>>> Nodes(INodeStore nodes, Node self, LiveOptions live, ClaimsPrincipal who, CancellationToken cancellation)
    {
        var alive = await nodes.ListAsync(TimeSpan.FromSeconds(2 * live.Current.LeaseSeconds), cancellation);
        return TypedResults.Ok(new ListShape<NodeShape>([.. alive.Select(node => NodeShape.Of(node, self, who.Grants))], null));
    }

    private static Ok<EngineShape> Get(LiveOptions live, OptionSources sources, Workforce workforce, TimeProvider time) =>
        TypedResults.Ok(EngineShape.Of(live, sources, Now(live, workforce, time), time.LocalTimeZone));

    private static async Task<Results<Ok<EngineShape>, ProblemHttpResult>> Change(
        EngineChangeRequest request, EngineTuning tuning, LiveOptions live, OptionSources sources, Workforce workforce, TimeProvider time,
        CancellationToken cancellation)
    {
        if (request.Windows?.Count > MaxNames || request.Reset?.Count > MaxNames)
            return Problems.BadRequest.With($"At most {MaxNames} windows, and as many names to reset.").ToResult();
        // A ';' parts windows in the file, and would make two of one here.
        if (request.Windows?.FirstOrDefault(window => window.Contains(';')) is { } bad)
            return Problems.BadSetting("bad-window", $"'{bad}' is no time window: give each one as a text of its own.").ToResult();
        return await tuning.ChangeAsync(request.Values, request.Reset ?? [], cancellation) switch
        {
            TuningAnswer.Set => Get(live, sources, workforce, time),
            TuningAnswer.Busy => Problems.Conflict.With("Somebody else changes these settings at this moment: try again.").ToResult(),
            TuningAnswer.Refused refused => Problems.BadSetting(CodeOf(refused.Option), refused.Message).ToResult(),
            _ => throw new InvalidOperationException("TuningAnswer has no other kind."),
        };
    }

    private static EngineNowShape Now(LiveOptions live, Workforce workforce, TimeProvider time)
    {
        var opensAt = live.Current.HoursIn(time.LocalTimeZone).OpensAt(time.GetUtcNow());
        return new(workforce.Workers, workforce.Busy, workforce.Idle, workforce.Yielding, opensAt is null, opensAt);
    }

    private static string CodeOf(string? option) => option switch
    {
        nameof(EngineOptions.WorkWindows) => "bad-window",
        nameof(EngineOptions.TimeZone) => "unknown-time-zone",
        _ => "bad-setting",
    };
}
