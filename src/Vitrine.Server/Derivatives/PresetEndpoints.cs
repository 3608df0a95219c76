using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Derivatives;

internal static class PresetEndpoints
{
    private const string Route = "/cache/presets";

    public static void MapPresets(this RouteGroupBuilder api)
    {
        var read = api.MapGroup(Route).WithTags("Presets").RequireAuthorization(Policies.Viewer);
        read.MapGet("/", List).WithName("listPresets").WithSummary("What can be made of an image, smallest first.");

        var manage = api.MapGroup(Route).WithTags("Presets").RequireAuthorization(Policies.CacheManager);
        manage.MapPost("/", Add).WithName("addPreset").WithSummary("Adds a preset; libraries make it once it is among theirs, and it is made on demand at once.").ProducesProblem(400);
        manage.MapPatch("/{name}", Change).WithName("changePreset").ProducesProblem(400).ProducesProblem(404)
            .WithSummary("Changes what is given. What the former recipe made is served until the new one has made it; libraries with this preset begin at once.");
        manage.MapDelete("/{name}", Retire).WithName("retirePreset").ProducesProblem(400).ProducesProblem(404)
            .WithSummary("Nothing makes or serves it any more; its files go by the clean-up.");
    }

    private static Ok<ListShape<PresetShape>> List(Presets presets) =>
        TypedResults.Ok(new ListShape<PresetShape>([.. presets.Now.All.Select(PresetShape.Of)], null));

    private static async Task<Results<Created<PresetShape>, ProblemHttpResult>> Add(NewPresetRequest request, PresetService service, CancellationToken cancellation)
    {
        if (!Named<DerivativeFormat>.TryParse(request.Format ?? nameof(DerivativeFormat.Jpeg), null, out var format)) return BadFormat();
        var preset = new Preset(request.Name, request.MaxEdge, format.Value, request.Quality, request.KeepFrames ?? false);
        return await service.AddAsync(preset, cancellation) is PresetAnswer.Refused refused
            ? Problems.BadPreset(refused.Code, refused.Message).ToResult()
            : TypedResults.Created($"{Routes.Api}{Route}/{preset.Name}", PresetShape.Of(preset));
    }

    private static async Task<Results<Ok<PresetChangedShape>, ProblemHttpResult>> Change(
        string name, PresetChangeRequest request, PresetService service, CancellationToken cancellation)
    {
        DerivativeFormat? format = null;
        if (request.Format is not null)
        {
            if (!Named<DerivativeFormat>.TryParse(request.Format, null, out var named)) return BadFormat();
            format = named.Value;
        }
        return await service.ChangeAsync(name, new(request.MaxEdge, request.FullSize ?? false, format, request.Quality, request.KeepFrames), cancellation) switch
        {
            PresetAnswer.Stored stored => TypedResults.Ok(new PresetChangedShape(PresetShape.Of(stored.Preset), [.. stored.Jobs.Select(job => job.Id)])),
            PresetAnswer.Refused refused => Problems.BadPreset(refused.Code, refused.Message).ToResult(),
            _ => Problems.NotFound.ToResult(),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Retire(string name, PresetService service, CancellationToken cancellation) =>
        await service.RetireAsync(name, cancellation) switch
        {
            PresetAnswer.Retired => TypedResults.NoContent(),
            PresetAnswer.Refused refused => Problems.BadPreset(refused.Code, refused.Message).ToResult(),
            _ => Problems.NotFound.ToResult(),
        };

    private static ProblemHttpResult BadFormat() => Problems.BadPreset("bad-format", "The format is jpeg or webp.").ToResult();
}

/// <summary>How a preset is made.</summary>
/// <param name="MaxEdge">Longest edge in pixels; null: the picture's own size.</param>
/// <param name="Format">jpeg or webp. Where the picture has alpha or stays animated, jpeg is written as webp.</param>
/// <param name="Quality">1 to 100; lowered where the source's own is less.</param>
/// <param name="KeepFrames">Animations stay animated.</param>
internal sealed record PresetShape(string Name, int? MaxEdge, DerivativeFormat Format, int Quality, bool KeepFrames)
{
    public static PresetShape Of(Preset preset) => new(preset.Name, preset.MaxEdge, preset.Format, preset.Quality, preset.KeepFrames);
}

/// <param name="Name">Begins with a letter; at most 32 small letters, digits and hyphens.</param>
/// <param name="MaxEdge">16 to 16384 pixels; null: the picture's own size.</param>
/// <param name="Quality">1 to 100.</param>
/// <param name="Format">jpeg (where nothing is said) or webp.</param>
internal sealed record NewPresetRequest(string Name, int Quality, int? MaxEdge = null, string? Format = null, bool? KeepFrames = null) : IAuditable;

/// <param name="FullSize">True: the picture's own size in place of a longest edge.</param>
internal sealed record PresetChangeRequest(int? MaxEdge = null, bool? FullSize = null, string? Format = null, int? Quality = null, bool? KeepFrames = null) : IAuditable;

/// <param name="Jobs">Started to make anew what the former recipe had made.</param>
internal sealed record PresetChangedShape(PresetShape Preset, IReadOnlyList<JobId> Jobs);
