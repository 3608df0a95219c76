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
/// would answer, grants included; whatever is not exactly that goes on to it. What is in memory is answered by the thread that brought the request, and all else by the pool.
/// </summary>
/// <param name="remembered">Who calls, as far as that is known without asking the store.</param>
internal sealed class HotPath(RequestDelegate next, Func<HttpContext, Access?> remembered, Pictures pictures, Presets presets, Usage usage)
{
    private const string Prefix = $"{Routes.Api}/images/";
    private const string Version = "?v=";

    public Task AnswerAsync(HttpContext context)
    {
        if (Find(context) is not { } picture) return PooledConnection.HandAsync(context, next);
        return pictures.AtHand(picture, Bytes.Has(context.Request, picture.Tag)) is { } answer
            ? SendAsync(context, answer)
            : OpenAsync(context, picture);
    }

    private Task OpenAsync(HttpContext context, HotPicture picture) =>
        PooledConnection.HandAsync(context, handed => pictures.Open(picture) is { } opened ? SendAsync(handed, opened) : next(handed));

    private Task SendAsync(HttpContext context, PictureAnswer.Found found) => PictureEndpoints.Send(context, found, found.Derivative.Hash, usage).ExecuteAsync(context);

    private HotPicture? Find(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) || !TryParse(request, presets.Now, out var id, out var preset, out var version)) return null;
        return remembered(context) is { } access ? pictures.Recent(access.Grants, id, preset, version) : null;
    }

    private static bool TryParse(HttpRequest request, PresetSet presets, out ImageId id, [NotNullWhen(true)] out string? preset, out ReadOnlySpan<char> version)
    {
        (id, preset) = (default, null);
        version = default;
        var query = request.QueryString.Value;
        if (query is null || !query.StartsWith(Version, StringComparison.Ordinal)) return false;
        var path = request.Path.Value.AsSpan();
        if (!path.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        path = path[Prefix.Length..];
        var slash = path.IndexOf('/');
        if (slash < 0 || !ImageId.TryParse(path[..slash], out id) || presets.Find(path[(slash + 1)..]) is not { } found) return false;
        preset = found.Name;
        version = query.AsSpan(Version.Length);
        return true;
    }
}

internal static class HotPathPipeline
{
    public static void UseHotPictures(this WebApplication app) => app.UseHotPictures(app.Services, app.Services.GetRequiredService<Callers>().Remembered);

    /// <inheritdoc cref="HotPath(RequestDelegate, Func{HttpContext, Access?}, Pictures, Presets, Usage)"/>
    public static void UseHotPictures(this IApplicationBuilder app, IServiceProvider services, Func<HttpContext, Access?> remembered) => app.Use(next =>
        new HotPath(next, remembered, services.GetRequiredService<Pictures>(), services.GetRequiredService<Presets>(), services.GetRequiredService<Usage>()).AnswerAsync);
}
