using System.Diagnostics.CodeAnalysis;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Core.Statistics;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Derivatives;

/// <summary>
/// The short way of a picture that was served a moment ago: a plain GET with its version, by a session that the long way has checked within
/// <see cref="ServerOptions.SessionCacheSeconds"/>, for a row that it read within <see cref="ServerOptions.HotRowSeconds"/>. It answers what the long way
/// would answer, grants included; whatever is not exactly that goes on to it.
/// </summary>
internal static class HotPath
{
    private const string Prefix = $"{Routes.Api}/images/";
    private const string Version = "?v=";

    public static void UseHotPictures(this WebApplication app) => app.UseHotPictures(app.Services, app.Services.GetRequiredService<Callers>().Remembered);

    /// <param name="remembered">Who calls, as far as that is known without asking the store.</param>
    public static void UseHotPictures(this IApplicationBuilder app, IServiceProvider services, Func<HttpContext, Access?> remembered)
    {
        var pictures = services.GetRequiredService<Pictures>();
        var usage = services.GetRequiredService<Usage>();
        var presets = services.GetRequiredService<Presets>();
        app.Use(next => context => Answer(context, remembered, pictures, presets.Now, usage) is { } answer ? answer.ExecuteAsync(context) : next(context));
    }

    private static IResult? Answer(HttpContext context, Func<HttpContext, Access?> remembered, Pictures pictures, PresetSet presets, Usage usage)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) || !TryParse(request, presets, out var id, out var preset, out var version)) return null;
        if (remembered(context) is not { } access) return null;
        return pictures.Recent(access.Grants, id, preset, version, hash => Bytes.Has(request, hash)) is { } found ? PictureEndpoints.Send(context, found, version, usage) : null;
    }

    private static bool TryParse(HttpRequest request, PresetSet presets, out ImageId id, [NotNullWhen(true)] out string? preset, [NotNullWhen(true)] out string? version)
    {
        (id, preset, version) = (default, null, null);
        var query = request.QueryString.Value;
        if (query is null || !query.StartsWith(Version, StringComparison.Ordinal)) return false;
        var path = request.Path.Value.AsSpan();
        if (!path.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        path = path[Prefix.Length..];
        var slash = path.IndexOf('/');
        if (slash < 0 || !ImageId.TryParse(path[..slash].ToString(), null, out id) || presets.Find(path[(slash + 1)..]) is not { } found) return false;
        (preset, version) = (found.Name, query[Version.Length..]);
        return true;
    }
}
