using System.Text.RegularExpressions;

namespace Vitrine.Server.Hosting;

/// <summary>The path that the server is reached beneath: empty, or '/' and names, without a slash at its end.</summary>
internal sealed partial record BasePath(string Text)
{
    /// <summary>Null where it cannot be one. A slash at its end says nothing.</summary>
    public static BasePath? Of(string setting) => setting is "" or "/" ? new("") : Names().IsMatch(setting) ? new(setting.TrimEnd('/')) : null;

    // A name of dots alone would be a step in the tree of addresses.
    [GeneratedRegex(@"^(/(?!\.+(/|\z))[A-Za-z0-9._-]+)+/?\z")]
    private static partial Regex Names();
}

internal static class BasePaths
{
    /// <summary>
    /// Every request is one beneath the base path. A proxy that takes the path off before it passes a request on, and a probe that asks without it, get the same
    /// answers; what is made of the request's address (cookies, redirects) has the path in any case.
    /// </summary>
    public static void UseBasePath(this IApplicationBuilder app, BasePath basePath)
    {
        if (basePath.Text.Length == 0) return;
        PathString prefix = basePath.Text;
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(prefix, out var rest)) context.Request.Path = rest.HasValue ? rest : "/";
            context.Request.PathBase = prefix;
            return next(context);
        });
    }
}
