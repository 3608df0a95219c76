using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Decoding;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Health;

internal static class FormatEndpoints
{
    public static void MapFormats(this RouteGroupBuilder api) =>
        api.MapGroup("/formats").WithTags("Health").RequireAuthorization(Policies.Viewer)
            .MapGet("/", List).WithName("listFormats").WithSummary("Formats of pictures: which this machine reads, and what would make it read the others.");

    private static async Task<Ok<ListShape<FormatShape>>> List(FormatFacts facts, CancellationToken cancellation) =>
        TypedResults.Ok(new ListShape<FormatShape>([.. (await facts.AllAsync(cancellation)).Select(FormatShape.Of)], null));
}

/// <param name="Flavour">bundled: read by what ships with Vitrine; system: by the machine's own libvips; null: by nothing.</param>
/// <param name="Read">Whether this machine reads it now.</param>
/// <param name="Access">allowed: read where its flavour is there; confined: where the sandbox of decoders holds as well, unless a setting says otherwise; optIn: only where a setting allows it; never: by nothing.</param>
/// <param name="Setting">That allows or forbids it, where there is one.</param>
/// <param name="Remedy">What makes this machine read it; null where nothing does, or nothing has to.</param>
internal sealed record FormatShape(
    string Name, string Title, IReadOnlyList<string> Extensions, DecoderFlavour? Flavour, FormatAccess Access, bool Read, string? Setting, string? Remedy, string Note)
{
    public static FormatShape Of(FormatState state) => new(
        state.Row.Name, state.Row.Title, state.Row.Extensions, state.Row.Flavour, state.Row.Access, state.IsRead, state.Row.Setting, state.Remedy, state.Row.Note);
}
