using Vitrine.Server.Jobs;
using Vitrine.Server.Security;

namespace Vitrine.Server.Hosting;

/// <summary>Which pages of other origins may call the API: none, unless the settings name them.</summary>
internal static class Cors
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    public static IReadOnlyList<string> Origins(string list) =>
        list.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Exactly what a browser sends as Origin: whoever writes something else would wonder for long why it is not taken.</summary>
    public static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.GetLeftPart(UriPartial.Authority) == text && uri.UserInfo.Length == 0;

    public static void UseCorsOfSettings(this WebApplication app, NetworkOptions options)
    {
        var origins = Origins(options.CorsOrigins);
        if (origins.Count == 0) return;
        // Credentials are not among what is allowed, so that a page elsewhere never acts with somebody's cookie.
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Routes.Api), api => api.UseCors(policy => policy
            .WithOrigins([.. origins])
            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
            .WithHeaders("Authorization", "Content-Type", "If-None-Match", "Range", Gates.Header, IdempotencyKey.Header)
            .WithExposedHeaders("ETag", "Retry-After", "Content-Range")
            .SetPreflightMaxAge(PreflightAge)));
    }
}
