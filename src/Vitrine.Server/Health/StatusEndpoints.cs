using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Health;

internal static class StatusEndpoints
{
    public static void MapStatus(this RouteGroupBuilder api) =>
        api.MapGroup("/status").WithTags("Health").RequireAuthorization(Policies.Viewer)
            .MapGet("/", Get).WithName("getStatus").WithSummary("What this server is, and what it costs now.");

    private static async Task<Ok<StatusShape>> Get(
        ClaimsPrincipal who, DecoderPools decoders, ProcessTree processes, Telemetry telemetry, LiveOptions engine, CancellationToken cancellation)
    {
        var hello = await decoders.HelloAsync(DecoderFlavour.Bundled, cancellation);
        var use = processes.Measure();
        return TypedResults.Ok(new StatusShape(
            ProgramVersion.Text, hello is not null, engine.Current.Enabled ? engine.Current.WorkerCount : 0, Environment.MachineName, hello?.Formats ?? [], hello?.Decoder ?? "",
            use.UptimeSeconds, use.CpuSeconds, use.MemoryBytes, use.PeakMemoryBytes, who.Access.May(Scopes.Jobs) ? telemetry.Snapshot() : FrozenDictionary<string, long>.Empty));
    }
}

/// <param name="Ready">Whether a decoder starts.</param>
/// <param name="Formats">That the decoder reads.</param>
/// <param name="Decoder">Its version; empty where none starts.</param>
/// <param name="CpuSeconds">User and system time of the server and all its children, ended ones as well.</param>
/// <param name="MemoryBytes">Proportional set size of the server and its children now.</param>
/// <param name="PeakMemoryBytes">The largest such sum, looked at each second.</param>
/// <param name="Counters">What was done since the start, for all libraries: empty for who only sees.</param>
internal sealed record StatusShape(
    string Version, bool Ready, int Workers, string Node, IReadOnlyList<string> Formats, string Decoder, double UptimeSeconds, double CpuSeconds,
    long MemoryBytes, long PeakMemoryBytes, IReadOnlyDictionary<string, long> Counters);
